"""The end of a queue that messages are received from, message by message or session by session."""

import time
import uuid

from proton import Described, symbol

from local.queue import LockedMessage, LockedSession, SessionLockLost
from tests.peers.amqp.connection import Connection
from tests.peers.amqp.frames import Frame, error
from tests.peers.amqp.links import OutgoingLink, Session
from tests.peers.amqp.values import AmqpValue, timestamp_of
from tests.peers.servicebus.broker import Broker, as_error
from tests.peers.servicebus.faults import Fault
from tests.peers.servicebus.settling import settle
from tests.peers.servicebus.stored import ticks, to_wire

SESSION_FILTER = symbol("com.microsoft:session-filter")
TIMEOUT = symbol("com.microsoft:timeout")
LOCKED_UNTIL = symbol("com.microsoft:locked-until-utc")
FILTER_FIELD = 7
SETTLED = 1
MAX_WAIT_SECONDS = 65.0


class Exit:
    """Delivers messages as the client grants credit and settles them as it says."""

    def __init__(self, broker: Broker, connection: Connection, session: Session, attach: Frame, queue: str) -> None:
        self._broker = broker
        self._connection = connection
        self.queue = queue
        self.link = OutgoingLink(session, attach, queue)
        self.link.on_settled = self._settled
        self.link.on_drain = self.pump
        self._out: dict[int, LockedMessage] = {}

    def open(self) -> None:
        self.link.open()

    def pump(self) -> None:
        """Delivers what there is and may be delivered."""
        while self.link.credit > 0 and (message := self._next()) is not None:
            self._deliver(message)

    def _next(self) -> LockedMessage | None:
        return self._broker.queue.receive(self.queue)

    def _deliver(self, message: LockedMessage) -> None:
        is_taken = self.link.attach["snd_settle_mode"] == SETTLED
        delivery = self.link.deliver(to_wire(message), uuid.UUID(message.lock_token).bytes_le, settled=is_taken)
        if is_taken:
            self._broker.queue.complete(message)
        else:
            self._out[delivery] = self._broker.held[message.lock_token] = message

    def _settled(self, delivery: int, state: Described) -> Described | None:
        fault = self._broker.faults.settlements.popleft() if self._broker.faults.settlements else None
        if fault is Fault.CUT_BEFORE:
            self._connection.drop()
            return None
        outcome = settle(self._broker, self._out.pop(delivery), state)
        if fault is Fault.CUT_AFTER:
            self._connection.drop()
        return outcome if fault is None else None


class SubQueueExit(Exit):
    """The queue's own dead letters: they can be looked at with peek-message; none is delivered."""

    def _next(self) -> LockedMessage | None:
        return None


class SessionExit(Exit):
    """One session's messages; its attach is answered when there is a session, or refused when the wait is over."""

    def __init__(self, broker: Broker, connection: Connection, session: Session, attach: Frame, queue: str) -> None:
        super().__init__(broker, connection, session, attach, queue)
        wait = (attach["properties"] or {}).get(TIMEOUT)
        self._deadline = time.monotonic() + (MAX_WAIT_SECONDS if wait is None else wait / 1000)
        self.session: LockedSession | None = None
        self.link.on_closed = self._closed
        self._is_over = False

    def pump(self) -> None:
        if self._is_over:
            return
        if self.session is None:
            self._try_to_accept()
            return
        try:
            super().pump()
        except SessionLockLost as lost:
            self.link.detach(as_error(lost))

    def renew(self) -> LockedSession:
        """Holds the session longer; raises SessionLockLost."""
        if self.session is None:
            raise SessionLockLost("no session is held")
        self.session = self._broker.queue.renew_session_lock(self.session)
        return self.session

    def open(self) -> None:
        self.pump()

    def _next(self) -> LockedMessage | None:
        return None if self.session is None else self._broker.queue.receive_from_session(self.session)

    def _try_to_accept(self) -> None:
        wanted = _filter(self.link.attach)
        self.session = _accept(self._broker, self.queue, wanted)
        if self.session is not None:
            locked_until = ticks(timestamp_of(self.session.locked_until))
            source = _with_filter(self.link.attach["source"], self.session.session_id)
            self.link.open(source=source, properties={LOCKED_UNTIL: locked_until})
        elif wanted is not None:
            self.link.refuse(error("com.microsoft:session-cannot-be-locked", "The session is locked or empty."))
        elif time.monotonic() >= self._deadline:
            self.link.refuse(error("com.microsoft:timeout", "No session had a message in time."))

    def _closed(self) -> None:
        self._is_over = True
        if self.session is not None:
            self._broker.queue.release_session(self.session)


def asks_for_session(attach: Frame) -> bool:
    """Whether the client wants a session's messages, of whichever session."""
    fields = attach["source"].value
    return len(fields) > FILTER_FIELD and SESSION_FILTER in (fields[FILTER_FIELD] or {})


def _accept(broker: Broker, queue: str, wanted: str | None) -> LockedSession | None:
    """The next session, or the wanted one: the others are taken on the way to it and given back."""
    passed: list[LockedSession] = []
    try:
        while (session := broker.queue.accept_next_session(queue)) is not None:
            if wanted is None or session.session_id == wanted:
                return session
            passed.append(session)
        return None
    finally:
        for session in passed:
            broker.queue.release_session(session)


def _filter(attach: Frame) -> str | None:
    """The session that is asked for, None for any."""
    value = attach["source"].value[FILTER_FIELD][SESSION_FILTER]
    wanted: str | None = value.value if isinstance(value, Described) else value
    return wanted


def _with_filter(source: Described, session_id: str) -> Described:
    fields: list[AmqpValue] = list(source.value)
    fields[FILTER_FIELD] = {SESSION_FILTER: session_id}
    return Described(source.descriptor, fields)
