"""Which node a link is for."""

from urllib.parse import urlsplit

from proton import Described

from tests.peers.amqp.connection import Connection
from tests.peers.amqp.frames import Frame, error
from tests.peers.amqp.links import Link, Session
from tests.peers.servicebus import management, tokens
from tests.peers.servicebus.broker import Broker
from tests.peers.servicebus.entrance import Entrance
from tests.peers.servicebus.exits import Exit, SessionExit, SubQueueExit, asks_for_session
from tests.peers.servicebus.requests import Node


class Front:
    """Attaches links to the queues, their management nodes and the token node of the namespace `host`."""

    def __init__(self, broker: Broker, host: str) -> None:
        self._broker = broker
        self.host = host
        self._nodes: dict[tuple[Connection, int, str], Node] = {}
        self._exits: dict[Link, Exit] = {}

    def attach(self, connection: Connection, session: Session, frame: Frame) -> Link | None:
        """The link, attached; or refused, and then None."""
        end = frame["source" if frame["role"] else "target"]
        address = urlsplit(end.value[0]).path.lstrip("/")
        queue, _, rest = address.partition("/")
        if address == tokens.NODE or rest.endswith(management.NODE):
            return self._node(connection, session, address).attach(session, frame)
        return self._queue_end(connection, session, frame, queue, rest)

    def pump(self, connection: Connection) -> None:
        """Delivers what this connection's links may be given."""
        for link in connection.links():
            if link in self._exits:
                self._exits[link].pump()

    def refuse_links(self, connection: Connection, reason: Described) -> None:
        """Ends the connection's links to queues, and to their nodes."""
        for link in connection.links():
            if link.address != tokens.NODE and not link.is_detached:
                link.detach(reason)

    def _queue_end(self, connection: Connection, session: Session, frame: Frame, queue: str, rest: str) -> Link | None:
        refusal = self._broker.refusal(connection, queue)
        if refusal is None and frame["role"]:
            refusal = self._wrong_kind(frame, queue, rest)
        if refusal is not None:
            Link(session, frame, queue).refuse(refusal)
            return None
        if not frame["role"]:
            entrance = Entrance(self._broker, connection, session, frame, queue)
            entrance.open()
            return entrance.link
        exit_ = self._exit_kind(queue, rest)(self._broker, connection, session, frame, queue)
        session.links[exit_.link.handle] = exit_.link
        self._exits[exit_.link] = exit_
        exit_.open()
        return exit_.link

    def _wrong_kind(self, frame: Frame, queue: str, rest: str) -> Described | None:
        """A queue with sessions is read by session only, and no other is."""
        requires_session = self._broker.queues[queue].requires_session and rest != management.DEAD_LETTERS
        if requires_session == asks_for_session(frame):
            return None
        which = "requires" if requires_session else "does not require"
        return error("amqp:not-allowed", f"It is not possible to create this receiver: the entity {which} sessions.")

    def _exit_kind(self, queue: str, rest: str) -> type[Exit]:
        if rest == management.DEAD_LETTERS:
            return SubQueueExit
        return SessionExit if self._broker.queues[queue].requires_session else Exit

    def _node(self, connection: Connection, session: Session, address: str) -> Node:
        key = (connection, session.channel, address)
        if key not in self._nodes:
            self._nodes[key] = self._new_node(address)
        return self._nodes[key]

    def _new_node(self, address: str) -> Node:
        if address == tokens.NODE:
            return tokens.TokenNode(self._broker, address, host=self.host)
        return management.ManagementNode(self._broker, address, exits=self._session_exit)

    def _session_exit(self, link: Link) -> SessionExit | None:
        found = self._exits.get(link)
        return found if isinstance(found, SessionExit) else None
