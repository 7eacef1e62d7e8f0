"""Receives messages from the queues and delivers them to the functions, at least once.

A message is completed when its function returns None, and abandoned when it raises or
returns a value. Locks are renewed while it runs. A message that could not be settled is
delivered again when its lock expires.
"""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, wait

from local.host.functions import QueueFunction
from local.host.invocation import Invoker
from local.host.limits import QueueLimits
from local.host.queue_messages import to_message
from local.queue import LocalQueue, LockedMessage, LockedSession, LockLost, QueueUnavailable, SessionLockLost

POLL_SECONDS = 0.5
"""How often a waiting pump checks whether it should stop."""

SESSION_POLL_SECONDS = 0.05
RENEW_SECONDS = 60.0

log = logging.getLogger("local.queues")


class Pump(ABC):
    """One queue's receiver: a thread that waits, and a thread for each message or session in progress."""

    def __init__(self, queue: LocalQueue, function: QueueFunction, invoker: Invoker, limits: QueueLimits) -> None:
        self.queue = queue
        self.function = function
        self.invoker = invoker
        self.limits = limits
        self.stopping = threading.Event()
        self.in_work = threading.Semaphore(self.concurrency)
        self.thread = threading.Thread(target=self._run, name=f"pump-{function.queue}", daemon=True)

    @property
    @abstractmethod
    def concurrency(self) -> int:
        """How many messages or sessions are processed at a time."""

    @abstractmethod
    def take(self) -> Callable[[], None] | None:
        """Lock the next message or session and return its processing as a function, or None."""

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Receive nothing more."""
        self.stopping.set()

    def drain(self, seconds: float) -> bool:
        """Wait for work in progress; False when it did not end in time."""
        deadline = time.monotonic() + seconds
        ended = [self.in_work.acquire(timeout=max(0.01, deadline - time.monotonic())) for _ in range(self.concurrency)]
        for _ in filter(None, ended):
            self.in_work.release()
        self.thread.join(POLL_SECONDS * 2)
        return all(ended)

    def _run(self) -> None:
        while not self.stopping.is_set():
            if not self.in_work.acquire(timeout=POLL_SECONDS):
                continue
            work = self._next_work()
            if work is None:
                self.in_work.release()
            else:
                threading.Thread(target=self._do, args=(work,), daemon=True).start()

    def _next_work(self) -> Callable[[], None] | None:
        try:
            return self.take() if self.queue.wait_for_message(POLL_SECONDS, [self.function.queue]) else None
        except QueueUnavailable as error:
            log.warning("queue unavailable name=%s reason=%s", self.function.name, error)
            self.stopping.wait(POLL_SECONDS)
            return None

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except QueueUnavailable as error:
            log.warning("queue unavailable name=%s reason=%s", self.function.name, error)
        finally:
            self.in_work.release()

    def deliver(self, message: LockedMessage, renew: Callable[[], None]) -> None:
        """Call the function with one message; `renew` is called each minute that it takes."""
        future = self.invoker.start(lambda: self.function.call(to_message(message)))
        renewals = int(self.limits.lock_renewal.total_seconds() / RENEW_SECONDS)
        while not wait([future], timeout=RENEW_SECONDS).done and renewals:
            renewals -= 1
            renew()
        self._settle(message, future)

    def _settle(self, message: LockedMessage, future: Future[object]) -> None:
        name, error = self.function.name, future.exception()
        failed = error is not None or future.result() is not None
        try:
            (self.queue.abandon if failed else self.queue.complete)(message)
        except LockLost:
            log.warning("lock lost name=%s sequence=%s", name, message.sequence_number)
        if failed:
            log.error("function failed name=%s delivery=%s", name, message.delivery_count, exc_info=error)
        else:
            log.info("%s done sequence=%s delivery=%s", name, message.sequence_number, message.delivery_count)


class MessagePump(Pump):
    """Pump of a queue without sessions."""

    @property
    def concurrency(self) -> int:
        return self.limits.concurrent_calls

    def take(self) -> Callable[[], None] | None:
        message = self.queue.receive(self.function.queue)
        return None if message is None else lambda: self.deliver(message, lambda: self._renew(message))

    def _renew(self, message: LockedMessage) -> None:
        try:
            self.queue.renew_lock(message)
        except (LockLost, QueueUnavailable):
            log.warning("lock not renewed name=%s sequence=%s", self.function.name, message.sequence_number)


class SessionPump(Pump):
    """Pump of a queue with sessions: one message of a session at a time, in order, until the session is idle."""

    @property
    def concurrency(self) -> int:
        return self.limits.concurrent_sessions

    def take(self) -> Callable[[], None] | None:
        session = self.queue.accept_next_session(self.function.queue)
        return None if session is None else lambda: self._read(session)

    def _read(self, session: LockedSession) -> None:
        try:
            while (message := self._next(session)) is not None:
                self.deliver(message, lambda: self._renew(session))
        except SessionLockLost:
            log.warning("session lost name=%s", self.function.name)
        finally:
            self.queue.release_session(session)

    def _next(self, session: LockedSession) -> LockedMessage | None:
        """The session's next message; None when the session was idle for too long or the host stops."""
        idle_since = time.monotonic()
        while not self.stopping.is_set():
            message = self.queue.receive_from_session(session)
            if message or time.monotonic() - idle_since > self.limits.session_idle.total_seconds():
                return message
            self.stopping.wait(SESSION_POLL_SECONDS)
        return None

    def _renew(self, session: LockedSession) -> None:
        try:
            self.queue.renew_session_lock(session)
        except (LockLost, QueueUnavailable):
            log.warning("session not renewed name=%s", self.function.name)
