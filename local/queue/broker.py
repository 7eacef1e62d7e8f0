"""The local queue's interface for senders and the host."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from local.queue import peeking, sending, sessions
from local.queue.errors import NotAllowed, QueueNotFound, QueueUnavailable
from local.queue.ledger import Ledger
from local.queue.message_locks import break_all_locks, held_row, renew_message_lock
from local.queue.messages import LockedMessage, LockedSession, QueueCounts, StoredMessage
from local.queue.storage import Storage
from shared.core.clock import Clock
from shared.messaging.queues import OutgoingMessage, Queue

MAX_WAIT_SECONDS = 0.25
"""How often a waiting receiver checks for messages from another process."""


class LocalQueue:
    """Queues in one SQLite file, for the threads of several processes, at least once.

    Nothing here blocks but `wait_for_message`. Locks and duplicate detection run on the
    clock's time; only the waits of scheduled messages are divided by `speed_up`.
    """

    def __init__(self, path: Path, queues: tuple[Queue, ...], clock: Clock, speed_up: float = 1.0) -> None:
        self._queues = {queue.name: queue for queue in queues}
        targets = {queue.forward_dead_lettered_to for queue in queues} - {None, *self._queues}
        if targets:
            raise QueueNotFound(f"dead letters are forwarded to unknown queues: {targets}")
        self._clock = clock
        self._speed_up = speed_up
        self._storage = Storage(path)

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        """Send all or none; raises QueueNotFound, NotAllowed, MessageSizeExceeded.

        This and every other method may raise QueueUnavailable.
        """
        target = self._queue(queue)
        for message in messages:
            sending.check(target, message)
        with self._ledger(target) as ledger:
            for message in messages:
                sending.accept(ledger, target, message, self._speed_up)

    def receive(self, queue: str) -> LockedMessage | None:
        """Lock and return the next message, None when there is none now."""
        source = self._queue(queue)
        if source.requires_session:
            raise NotAllowed(f"{queue} is read by session only")
        with self._ledger(source) as ledger:
            row = ledger.available(source)
            return None if row is None else ledger.lock(row, ledger.now + source.lock_duration)

    def accept_next_session(self, queue: str) -> LockedSession | None:
        """Lock and return the next session that has a message, None when there is none now."""
        source = self._queue(queue)
        if not source.requires_session:
            raise NotAllowed(f"{queue} has no sessions")
        with self._ledger(source) as ledger:
            session_id = sessions.next_session(ledger, source)
            return None if session_id is None else sessions.lock_session(ledger, source, session_id)

    def receive_from_session(self, session: LockedSession) -> LockedMessage | None:
        """Lock and return the session's next message, None when there is none now; raises SessionLockLost."""
        source = self._queue(session.queue)
        with self._ledger(source) as ledger:
            until = sessions.held_until(ledger, session)
            row = ledger.available(source, session.session_id)
            return None if row is None else ledger.lock(row, until, session.lock_token)

    def renew_session_lock(self, session: LockedSession) -> LockedSession:
        """Renew the session's lock for a whole lock duration; raises SessionLockLost."""
        source = self._queue(session.queue)
        with self._ledger(source) as ledger:
            return replace(session, locked_until=sessions.renew(ledger, source, session))

    def release_session(self, session: LockedSession) -> None:
        """Release the session and its unsettled messages; no error when the lock was lost."""
        with self._ledger(self._queue(session.queue)) as ledger:
            sessions.release(ledger, session)

    def complete(self, message: LockedMessage) -> None:
        """Remove the message from the queue; raises MessageLockLost or SessionLockLost."""
        with self._ledger(self._queue(message.queue)) as ledger:
            ledger.delete(held_row(ledger, message))

    def abandon(self, message: LockedMessage) -> None:
        """Count the delivery and make the message available at once; raises like `complete`."""
        with self._ledger(self._queue(message.queue)) as ledger:
            ledger.fail_delivery(held_row(ledger, message))

    def release(self, message: LockedMessage) -> None:
        """Make the message available at once without counting the delivery; raises like `complete`."""
        with self._ledger(self._queue(message.queue)) as ledger:
            ledger.make_available(held_row(ledger, message))

    def dead_letter(self, message: LockedMessage, reason: str, description: str = "") -> None:
        """Dead-letter the message; raises like `complete`."""
        with self._ledger(self._queue(message.queue)) as ledger:
            ledger.set_aside(held_row(ledger, message), reason, description)

    def renew_lock(self, message: LockedMessage) -> LockedMessage:
        """Renew the message's lock for a whole lock duration; raises MessageLockLost."""
        source = self._queue(message.queue)
        if source.requires_session:
            raise NotAllowed("a message of a session is held as long as its session: renew that")
        with self._ledger(source) as ledger:
            return renew_message_lock(ledger, source, message)

    def wait_for_message(self, timeout_seconds: float, queues: Iterable[str] | None = None) -> bool:
        """Wait, in real time, until one of the queues (None: all) has something to receive; False if none had.

        It checks before it waits, so name only queues that can be received from at once.
        """
        chosen = [self._queue(name) for name in (self._queues if queues is None else queues)]
        deadline = time.monotonic() + timeout_seconds
        with self._storage.changed:
            while (wait := self._seconds_to_wait(chosen)) > 0:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                self._storage.changed.wait(min(wait, remaining))
        return True

    def check_connection(self, queue: str) -> None:
        """Raises QueueNotFound."""
        self.counts(queue)

    def counts(self, queue: str) -> QueueCounts:
        """How many messages the queue holds; idle means none active and none scheduled."""
        source = self._queue(queue)
        with self._ledger(source) as ledger:
            return peeking.count(ledger, source)

    def peek(self, queue: str, limit: int = 100, *, dead_lettered: bool = False) -> list[StoredMessage]:
        """The first messages, whether active, locked or scheduled, or of the queue's own dead letters."""
        source = self._queue(queue)
        with self._ledger(source) as ledger:
            return peeking.peek(ledger, source, limit, dead_lettered)

    def break_locks(self) -> int:
        """End the locks of a process that died; for the only receiver, at its start. Deliveries are counted."""
        with self._ledger() as ledger:
            return break_all_locks(ledger)

    def close(self) -> None:
        self._storage.close()

    def _queue(self, name: str) -> Queue:
        if name not in self._queues:
            raise QueueNotFound(f"there is no queue {name}")
        return self._queues[name]

    def _seconds_to_wait(self, queues: list[Queue]) -> float:
        """0 when there is something to receive, else how long to wait before peeking again."""
        with self._ledger(*queues) as ledger:
            if any(peeking.is_available(ledger, queue) for queue in queues):
                return 0.0
            dues = [due for queue in queues if (due := peeking.next_due(ledger, queue)) is not None]
        waits = [(due - ledger.now).total_seconds() for due in dues]
        return min([MAX_WAIT_SECONDS, *waits])

    @contextmanager
    def _ledger(self, *queues: Queue) -> Iterator[Ledger]:
        """A transaction in which these queues are up to date."""
        with self._storage.changed:
            with disk_faults(), self._storage.transaction() as connection:
                ledger = Ledger(connection, self._queues, self._clock.now())
                for queue in queues:
                    ledger.advance(queue)
                yield ledger
            if ledger.has_news:
                self._storage.changed.notify_all()


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn a full or failing disk, or a locked file, into QueueUnavailable."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise QueueUnavailable(f"the file of messages: {error}") from None
