"""Links: on an incoming one the client sends, on an outgoing one it receives."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proton import Described

from tests.peers.amqp.frames import Frame
from tests.peers.amqp.values import AmqpValue, described

if TYPE_CHECKING:
    from tests.peers.amqp.connection import Connection

SECOND = 1
"""The receiver settles after the sender has."""

CREDIT = 1000
WINDOW = 5000
LARGEST_TRANSFER_HEADER = 512

ACCEPTED, REJECTED, RELEASED, MODIFIED = 0x24, 0x25, 0x26, 0x27
ACCEPT = described(ACCEPTED, [])


def reject(reason: Described) -> Described:
    """The outcome of what was refused."""
    return described(REJECTED, [reason])


@dataclass
class Session:
    """Numbers the deliveries of both directions. Windows are wide enough for any test."""

    connection: Connection
    channel: int
    next_incoming_id: int
    links: dict[int, Link] = field(default_factory=dict)
    delivery_ids: itertools.count[int] = field(default_factory=itertools.count)
    next_outgoing_id: int = 0

    def send(self, kind: str, payload: bytes = b"", **fields: AmqpValue) -> None:
        self.connection.send(kind, self.channel, payload, **fields)

    def flow(self, link: Link, **fields: AmqpValue) -> None:
        self.send(
            "flow",
            next_incoming_id=self.next_incoming_id,
            incoming_window=WINDOW,
            next_outgoing_id=self.next_outgoing_id,
            outgoing_window=WINDOW,
            handle=link.handle,
            **fields,
        )


class Link:
    """One direction between the client and one node, `address`; both sides use the client's handle."""

    def __init__(self, session: Session, attach: Frame, address: str) -> None:
        self.session = session
        self.attach = attach
        self.address = address
        self.handle: int = attach["handle"]
        self.name: str = attach["name"]
        self.is_detached = False
        self.on_closed: Callable[[], None] = lambda: None

    def closed(self) -> None:
        """Called once, when the link has ended: detached, or lost with its session or connection."""
        on_closed, self.on_closed = self.on_closed, lambda: None
        on_closed()

    def answer_attach(self, **fields: AmqpValue) -> None:
        """Attaches this side; what is not given is as the client asked."""
        echoed = {name: self.attach[name] for name in ("name", "handle", "source", "target")}
        modes = {name: self.attach[name] for name in ("snd_settle_mode", "rcv_settle_mode")}
        self.session.send("attach", **{**echoed, **modes, "role": not self.attach["role"], **fields})

    def detach(self, reason: Described | None = None) -> None:
        """Ends the link from this side."""
        self.is_detached = True
        self.session.send("detach", handle=self.handle, closed=True, error=reason)
        self.closed()

    def refuse(self, reason: Described) -> None:
        """How a broker says no to an attach: it attaches with nothing behind it, and detaches."""
        nothing = {"target": None} if not self.attach["role"] else {"source": None, "initial_delivery_count": 0}
        self.answer_attach(**nothing)
        self.detach(reason)


class IncomingLink(Link):
    """The client sends. `on_message` gets each whole message and its format; its answer settles it, None leaves it."""

    def __init__(
        self, session: Session, attach: Frame, address: str, on_message: Callable[[bytes, int], Described | None]
    ) -> None:
        super().__init__(session, attach, address)
        self.on_message = on_message
        self._parts: list[bytes] = []
        self._first: Frame | None = None
        self._delivered = 0

    def open(self, **fields: AmqpValue) -> None:
        self.answer_attach(**fields)
        self.session.flow(self, delivery_count=0, link_credit=CREDIT)

    def take(self, frame: Frame) -> None:
        self.session.next_incoming_id += 1
        if self.is_detached:  # What was on its way when the link ended is lost.
            return
        self._first = self._first or frame
        self._parts.append(frame.payload)
        if frame["more"]:
            return
        first, content = self._first, b"".join(self._parts)
        self._first, self._parts = None, []
        self._delivered += 1
        outcome = self.on_message(content, first["message_format"] or 0)
        if outcome is not None and not first["settled"]:
            self.session.send("disposition", role=True, first=first["delivery_id"], settled=True, state=outcome)
        if not self.is_detached and self._delivered % (CREDIT // 2) == 0:
            self.session.flow(self, delivery_count=self._delivered, link_credit=CREDIT)


class OutgoingLink(Link):
    """The client receives, as much as it has granted credit for, and says what became of each delivery."""

    def __init__(self, session: Session, attach: Frame, address: str) -> None:
        super().__init__(session, attach, address)
        self.credit = 0
        self._delivered = 0
        self.on_settled: Callable[[int, Described], Described | None] = lambda _delivery, state: state
        self.on_drain: Callable[[], None] = lambda: None
        self.unsettled: set[int] = set()

    def open(self, **fields: AmqpValue) -> None:
        self.answer_attach(initial_delivery_count=0, **fields)

    def grant(self, flow: Frame) -> None:
        self.credit = (flow["delivery_count"] or 0) + flow["link_credit"] - self._delivered
        if flow["drain"]:
            self.on_drain()
            self._delivered += self.credit
            self.credit = 0
            self.session.flow(self, delivery_count=self._delivered, link_credit=0, drain=True)

    def deliver(self, content: bytes, tag: bytes, settled: bool = False) -> int:
        """Sends one message in as many frames as it takes; its number settles it later."""
        delivery = next(self.session.delivery_ids)
        room = self.session.connection.max_frame_bytes - LARGEST_TRANSFER_HEADER
        parts = [content[start : start + room] for start in range(0, len(content), room)] or [b""]
        for number, part in enumerate(parts, 1):
            self.session.send(
                "transfer",
                part,
                handle=self.handle,
                delivery_id=delivery,
                delivery_tag=tag,
                message_format=0,
                settled=settled,
                more=number < len(parts),
            )
            self.session.next_outgoing_id += 1
        self._delivered += 1
        self.credit -= 1
        if not settled:
            self.unsettled.add(delivery)
        return delivery

    def settle(self, disposition: Frame) -> None:
        """Applies the client's outcome to its deliveries here; an unsettled one gets the answer it waits for."""
        first, last = disposition["first"], disposition["last"]
        for delivery in range(first, (first if last is None else last) + 1):
            if delivery not in self.unsettled:
                continue
            outcome = self.on_settled(delivery, disposition["state"])
            if outcome is None:
                continue
            self.unsettled.discard(delivery)
            if not disposition["settled"]:
                self.session.send("disposition", role=False, first=delivery, settled=True, state=outcome)
