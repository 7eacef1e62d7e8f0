"""Nodes that answer requests: a link for the request, a link for the reply."""

from dataclasses import dataclass, field

from proton import Described, int32, symbol

from tests.peers.amqp.frames import Frame
from tests.peers.amqp.links import ACCEPT, IncomingLink, OutgoingLink, Session
from tests.peers.amqp.messages import CORRELATION_ID, MESSAGE_ID, Message, decode_message, encode_message
from tests.peers.amqp.values import AmqpValue
from tests.peers.servicebus.broker import Broker
from tests.peers.servicebus.faults import Fault


@dataclass(frozen=True)
class Reply:
    """What a node answers; `condition` is the error's name."""

    status: int
    description: str = ""
    value: AmqpValue = None
    condition: str | None = None


@dataclass
class Node:
    """One request-response node of one session of a connection."""

    broker: Broker
    address: str
    status_key: str = "statusCode"
    description_key: str = "statusDescription"
    replies: OutgoingLink | None = field(default=None, init=False)

    def attach(self, session: Session, frame: Frame) -> IncomingLink | OutgoingLink:
        """Either of the two links."""
        if frame["role"]:
            self.replies = OutgoingLink(session, frame, self.address)
            self.replies.open()
            return self.replies
        requests = IncomingLink(session, frame, self.address, lambda content, _: self._take(session, content))
        requests.open()
        return requests

    def answer(self, session: Session, request: Message) -> Reply:
        """Does what is asked."""
        raise NotImplementedError

    def _take(self, session: Session, content: bytes) -> Described | None:
        request = decode_message(content)
        fault = self._fault(request)
        if fault is Fault.CUT_BEFORE:
            session.connection.drop()
            return None
        reply = Reply(503, fault.value[1], None, fault.value[0]) if isinstance(fault, Described) else None
        reply = reply or self.answer(session, request)
        if fault is Fault.CUT_AFTER:
            session.connection.drop()
        elif fault is not Fault.NO_ANSWER:
            self._reply(request, reply)
        return ACCEPT

    def _fault(self, _request: Message) -> Fault | Described | None:
        return self.broker.faults.requests.popleft() if self.broker.faults.requests else None

    def _reply(self, request: Message, reply: Reply) -> None:
        message = Message(value=reply.value)
        message.properties[CORRELATION_ID] = request.properties[MESSAGE_ID]
        message.application_properties = {
            self.status_key: int32(reply.status),
            self.description_key: reply.description,
        }
        if reply.condition is not None:
            message.application_properties["errorCondition"] = symbol(reply.condition)
        if reply.value is None:
            message.data = [b""]
        if self.replies is not None:
            self.replies.deliver(encode_message(message), b"\0\0\0\1", settled=True)
