"""A server that speaks just enough of TDS to be greeted: keeps what it was sent, and then hangs up or keeps silent.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/60f56408-0188-4cd5-8b90-25c6f2423868
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PRELOGIN = 0x12
OPTION_ENCRYPTION = 1
OPTION_FED_AUTH = 6
TERMINATOR = 0xFF
HEADER_BYTES = 8


@dataclass
class Greeted:
    """What the driver sent first."""

    port: int
    packets: list[bytes] = field(default_factory=list)

    def prelogin(self) -> dict[int, bytes]:
        """The options of the first packet, by token."""
        packet = self.packets[0]
        assert packet[0] == PRELOGIN
        body, options, at = packet[HEADER_BYTES:], {}, 0
        while body[at] != TERMINATOR:
            token, offset, length = struct.unpack_from(">BHH", body, at)
            options[token] = body[offset : offset + length]
            at += 5
        return options


@contextmanager
def listening(*, hangs_up: bool = True) -> Iterator[Greeted]:
    """A port of this machine's own; `hangs_up` False: it never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeted = Greeted(server.getsockname()[1])
        held: list[socket.socket] = []
        thread = threading.Thread(target=_greet, args=(server, greeted, held, hangs_up), daemon=True)
        thread.start()
        try:
            yield greeted
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in held:
                connection.close()


def _greet(server: socket.socket, greeted: Greeted, held: list[socket.socket], hangs_up: bool) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        greeted.packets.append(connection.recv(4_096))
        if hangs_up:
            connection.close()
        else:
            held.append(connection)
