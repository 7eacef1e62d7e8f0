"""One client's connection: the greeting, then frames handed to the links they are for."""

import asyncio
from collections.abc import Callable

from tests.peers.amqp.frames import (
    AMQP_HEADER,
    MAX_FRAME_BYTES,
    SASL_HEADER,
    Frame,
    encode_frame,
    read_frame,
)
from tests.peers.amqp.links import WINDOW, IncomingLink, Link, OutgoingLink, Session
from tests.peers.amqp.values import AmqpValue, symbols

Attach = Callable[["Connection", Session, Frame], Link | None]
"""Makes the link that a client asks for, or None when the link comes later or is refused."""


class Connection:
    """What happens on one socket. It ends with the client's close, or when `drop` cuts it.

    `cut_before` is the number of the frame, 1 being the client's first, that is no longer read.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        attach: Attach,
        cut_before: int | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._attach = attach
        self._cut_before = cut_before
        self._frames = 0
        self.sessions: dict[int, Session] = {}
        self.max_frame_bytes = MAX_FRAME_BYTES
        self.tokens: set[str] = set()

    async def serve(self) -> None:
        """Reads frames until the connection ends, however it ends."""
        try:
            await self._greet()
            while (frame := await read_frame(self._reader)) is None or self._handle(frame):
                await self._writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The client is gone, or was cut off.
        finally:
            for link in self.links():
                link.closed()
            self.sessions.clear()
            self.drop()

    def drop(self) -> None:
        """Cuts the connection without a word."""
        self._writer.transport.abort()

    def close(self) -> None:
        """Ends the connection after what was written."""
        self._writer.close()

    def links(self) -> list[Link]:
        return [link for session in self.sessions.values() for link in session.links.values()]

    def send(self, kind: str, channel: int = 0, payload: bytes = b"", **fields: AmqpValue) -> None:
        self._writer.write(encode_frame(Frame(kind, fields, channel, payload)))

    async def _greet(self) -> None:
        await self._reader.readexactly(len(SASL_HEADER))
        self._writer.write(SASL_HEADER)
        self.send("sasl_mechanisms", mechanisms=symbols(("ANONYMOUS", "EXTERNAL")))
        await read_frame(self._reader)
        self.send("sasl_outcome", code=0)
        await self._reader.readexactly(len(AMQP_HEADER))
        self._writer.write(AMQP_HEADER)

    def _handle(self, frame: Frame) -> bool:
        """False when that was the last frame."""
        self._frames += 1
        if self._frames == self._cut_before:
            return False
        match frame.kind:
            case "open":
                self.max_frame_bytes = min(frame["max_frame_size"] or MAX_FRAME_BYTES, MAX_FRAME_BYTES)
                self.send("open", container="peer", max_frame_size=MAX_FRAME_BYTES, channel_max=100)
            case "begin":
                self._begin(frame)
            case "end":
                self._end(frame)
            case "close":
                self.send("close")
                self.close()
                return False
            case _:
                self._for_session(frame)
        return True

    def _begin(self, frame: Frame) -> None:
        self.sessions[frame.channel] = Session(self, frame.channel, frame["next_outgoing_id"])
        self.send(
            "begin",
            frame.channel,
            remote_channel=frame.channel,
            next_outgoing_id=0,
            incoming_window=WINDOW,
            outgoing_window=WINDOW,
            handle_max=1000,
        )

    def _end(self, frame: Frame) -> None:
        session = self.sessions.pop(frame.channel, None)
        for link in session.links.values() if session else ():
            link.closed()
        self.send("end", frame.channel)

    def _for_session(self, frame: Frame) -> None:
        session = self.sessions.get(frame.channel)
        if session is None:
            return
        if frame.kind == "attach":
            link = self._attach(self, session, frame)
            if link is not None:
                session.links[link.handle] = link
        elif frame.kind == "disposition":
            for link in list(session.links.values()):
                if isinstance(link, OutgoingLink) and frame["role"]:
                    link.settle(frame)
        elif frame["handle"] is not None and (link := session.links.get(frame["handle"])) is not None:
            self._for_link(session, link, frame)

    def _for_link(self, session: Session, link: Link, frame: Frame) -> None:
        match frame.kind:
            case "transfer" if isinstance(link, IncomingLink):
                link.take(frame)
            case "flow" if isinstance(link, OutgoingLink):
                link.grant(frame)
            case "detach":
                del session.links[link.handle]
                link.closed()
                if not link.is_detached:
                    self.send("detach", frame.channel, handle=link.handle, closed=bool(frame["closed"]))
