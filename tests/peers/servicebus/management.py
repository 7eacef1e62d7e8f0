"""A queue's management node: scheduling, looking, locks, settling by lock token."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from proton import Described

from local.queue import LockedMessage, MessageLockLost, SessionLockLost
from local.queue.errors import LocalQueueError
from tests.peers.amqp.frames import error
from tests.peers.amqp.links import ACCEPT, MODIFIED, REJECTED, Link, Session
from tests.peers.amqp.messages import Message, decode_message
from tests.peers.amqp.values import AmqpValue, described, longs, timestamp_of, timestamps
from tests.peers.servicebus.broker import as_error
from tests.peers.servicebus.exits import SessionExit
from tests.peers.servicebus.requests import Node, Reply
from tests.peers.servicebus.settling import settle
from tests.peers.servicebus.stored import to_queue, to_wire

NODE = "$management"
DEAD_LETTERS = "$DeadLetterQueue"
NO_CONTENT, BAD_REQUEST, UNAUTHORIZED, LOCK_LOST = 204, 400, 401, 410
LOOK_LIMIT = 10_000


@dataclass
class ManagementNode(Node):
    """`exits` finds the session's end that a link name stands for."""

    exits: Callable[[Link], SessionExit | None] = lambda _link: None

    @property
    def queue(self) -> str:
        return self.address.partition("/")[0]

    def answer(self, session: Session, request: Message) -> Reply:
        if (refusal := self.broker.refusal(session.connection, self.queue)) is not None:
            condition, description, _ = refusal.value
            return Reply(UNAUTHORIZED, description, None, condition)
        operation = str(request.application_properties.get("operation")).removeprefix("com.microsoft:")
        operations: dict[str, Callable[[Session, Message], Reply]] = {
            "schedule-message": self._schedule,
            "peek-message": self._peek,
            "renew-lock": self._renew_lock,
            "renew-session-lock": self._renew_session_lock,
            "update-disposition": self._settle,
        }
        if operation not in operations:
            return Reply(501, f"{operation} is not implemented", None, "amqp:not-implemented")
        try:
            return operations[operation](session, request)
        except (MessageLockLost, SessionLockLost) as lost:
            return Reply(LOCK_LOST, str(lost), None, as_error(lost).value[0])
        except LocalQueueError as refused:
            return Reply(BAD_REQUEST, str(refused), None, as_error(refused).value[0])

    def _schedule(self, _session: Session, request: Message) -> Reply:
        messages = [to_queue(decode_message(each["message"])) for each in request.value["messages"]]
        before = self._numbers()
        self.broker.queue.send(self.queue, messages)
        return Reply(200, "OK", {"sequence-numbers": longs(sorted(self._numbers() - before))})

    def _numbers(self) -> set[int]:
        return {stored.sequence_number for stored in self.broker.queue.peek(self.queue, LOOK_LIMIT)}

    def _peek(self, _session: Session, request: Message) -> Reply:
        first, count = request.value["from-sequence-number"], request.value["message-count"]
        found = self.broker.queue.peek(self.queue, LOOK_LIMIT, dead_lettered=DEAD_LETTERS in self.address)
        chosen = [stored for stored in found if stored.sequence_number >= first][:count]
        if not chosen:
            return Reply(NO_CONTENT, "No content")
        now = self.broker.clock.now()
        contents = [to_wire(stored, bool(stored.scheduled_for and stored.scheduled_for > now)) for stored in chosen]
        return Reply(200, "OK", {"messages": [{"message": content} for content in contents]})

    def _renew_lock(self, _session: Session, request: Message) -> Reply:
        renewed = [self.broker.queue.renew_lock(self._held(token)) for token in request.value["lock-tokens"]]
        for message in renewed:
            self.broker.held[message.lock_token] = message
        return Reply(200, "OK", {"expirations": timestamps(message.locked_until for message in renewed)})

    def _renew_session_lock(self, session: Session, request: Message) -> Reply:
        exits = [found for link in session.connection.links() if (found := self.exits(link)) is not None]
        wanted = request.value["session-id"]
        for found in exits:
            if found.session is not None and found.session.session_id == wanted:
                return Reply(200, "OK", {"expiration": timestamp_of(found.renew().locked_until)})
        raise SessionLockLost(f"the session of {self.queue} is not held here")

    def _settle(self, _session: Session, request: Message) -> Reply:
        reasons = [request.value.get(name) or "" for name in ("deadletter-reason", "deadletter-description")]
        info = {"DeadLetterReason": reasons[0], "DeadLetterErrorDescription": reasons[1]}
        states: dict[AmqpValue, Described] = {
            "completed": ACCEPT,
            "abandoned": described(MODIFIED, [True]),
            "suspended": described(REJECTED, [described(0x1D, [None, None, info])]),
        }
        state = states.get(request.value["disposition-status"])
        if state is None:
            return Reply(BAD_REQUEST, "no such disposition", None, error("amqp:not-implemented", "").value[0])
        for token in request.value["lock-tokens"]:
            outcome = settle(self.broker, self._held(token), state)
            if outcome.descriptor == REJECTED and outcome.value:
                condition, description, _ = outcome.value[0].value
                return Reply(LOCK_LOST, description, None, condition)
        return Reply(200, "OK")

    def _held(self, token: uuid.UUID) -> LockedMessage:
        if (held := self.broker.held.get(str(token))) is None:
            raise MessageLockLost("the lock supplied is invalid")
        return held
