"""The end of a queue that messages are sent to."""

from proton import Described, symbol, ulong

from local.queue.errors import LocalQueueError
from shared.messaging.queues import MAX_MESSAGE_BYTES
from tests.peers.amqp.connection import Connection
from tests.peers.amqp.frames import Frame, error
from tests.peers.amqp.links import ACCEPT, IncomingLink, Session, reject
from tests.peers.amqp.messages import BATCH_FORMAT, decode_message
from tests.peers.servicebus.broker import Broker, as_error
from tests.peers.servicebus.faults import Fault
from tests.peers.servicebus.stored import to_queue


class Entrance:
    """Takes transfers of one message or a batch; a batch is stored whole or not at all."""

    def __init__(self, broker: Broker, connection: Connection, session: Session, attach: Frame, queue: str) -> None:
        self._broker = broker
        self._connection = connection
        self._queue = queue
        self.link = IncomingLink(session, attach, queue, self._take)

    def open(self) -> None:
        limit = {symbol("com.microsoft:max-message-batch-size"): ulong(MAX_MESSAGE_BYTES)}
        self.link.open(max_message_size=ulong(MAX_MESSAGE_BYTES), properties=limit)

    def _take(self, content: bytes, message_format: int) -> Described | None:
        fault = self._broker.faults.sends.popleft() if self._broker.faults.sends else None
        if isinstance(fault, Described):
            return reject(fault)
        if fault is Fault.CUT_BEFORE:
            self._connection.drop()
            return None
        outcome = self._store(content, message_format)
        if fault is Fault.CUT_AFTER:
            self._connection.drop()
        return outcome if fault is None else None

    def _store(self, content: bytes, message_format: int) -> Described | None:
        if len(content) > MAX_MESSAGE_BYTES:
            self.link.detach(error("amqp:link:message-size-exceeded", "The message is larger than the link allows."))
            return None
        parts = decode_message(content).data if message_format == BATCH_FORMAT else [content]
        messages = [to_queue(decode_message(part)) for part in parts]
        if len({message.session_id for message in messages}) > 1:
            return reject(error("amqp:not-allowed", "All messages of a batch must have the same session id."))
        try:
            self._broker.queue.send(self._queue, messages)
        except LocalQueueError as refused:
            return reject(as_error(refused))
        return ACCEPT
