"""The node that clients show their tokens to before they attach to anything else."""

from dataclasses import dataclass

from proton import timestamp

from tests.peers.amqp.links import Session
from tests.peers.amqp.messages import Message
from tests.peers.amqp.values import AmqpValue, moment_of
from tests.peers.servicebus.broker import PutToken
from tests.peers.servicebus.faults import Fault
from tests.peers.servicebus.requests import Node, Reply

NODE = "$cbs"
KINDS = ("jwt", "servicebus.windows.net:sastoken")


@dataclass
class TokenNode(Node):
    """Keeps what it was shown. A token opens its audience's queue to its connection alone."""

    host: str = ""
    status_key: str = "status-code"
    description_key: str = "status-description"

    def answer(self, session: Session, request: Message) -> Reply:
        properties: dict[str, AmqpValue] = request.application_properties
        audience, kind = properties.get("name"), properties.get("type")
        expires = properties.get("expiration")
        until = moment_of(expires) if isinstance(expires, timestamp) else None
        self.broker.put_tokens.append(PutToken(str(audience), str(kind), request.value, until))
        root = f"sb://{self.host}/"
        if properties.get("operation") != "put-token" or kind not in KINDS or not request.value:
            return Reply(400, "The request is no put-token.")
        if self.broker.faults.tokens is not None:
            return Reply(401, self.broker.faults.tokens)
        if not isinstance(audience, str) or not audience.startswith(root):
            return Reply(401, "InvalidAudience: the token is for another namespace.")
        session.connection.tokens.add(audience.removeprefix(root).partition("/")[0])
        return Reply(202, "Accepted")

    def _fault(self, _request: Message) -> Fault | None:
        return None
