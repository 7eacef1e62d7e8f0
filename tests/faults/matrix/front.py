"""An HTTP server on 127.0.0.1 that can also misbehave as servers and networks do."""

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STALL_SECONDS = 5.0
"""How long a stalled answer is held back at most; the caller has long given up."""


class Break(Enum):
    """What happens on the wire while an answer is sent."""

    NOTHING = "it is sent"
    NO_ANSWER = "the connection is closed without a byte"
    RESET = "the connection is reset after half of the body"
    CUT = "the connection is closed after half of the body"
    STALL = "not a byte is sent for a long time"
    TRICKLE = "the body comes in two parts, long after each other"


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What is answered, and what becomes of it on its way. `between` happens between the parts of a trickle."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks: Break = Break.NOTHING
    between: Callable[[], None] = lambda: None


class Front:
    """The server. Port 0 at first, the same one ever after; `hang_up` refuses connections until `listen`."""

    def __init__(self) -> None:
        self.answer: Callable[[Asked], Reply] = lambda _: Reply(404)
        self.port = 0
        self.listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self) -> None:
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def hang_up(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.cut_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, front: Front) -> None:
        self.front = front
        self.gives_up = threading.Event()
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", front.port), _Handler)

    def cut_connections(self) -> None:
        self.gives_up.set()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # It is closed already.

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Closes without a word of goodbye, so that a reset can be a reset."""
        self.close_request(request)

    def handle_error(self, *_: object) -> None:
        """The caller may have hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 30

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def _exchange(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(self.server.front.answer(Asked(self.command, self.path, headers, body)))

    do_GET = do_POST = _exchange  # noqa: N815 - the base class looks for these names

    def _send(self, reply: Reply) -> None:
        if reply.breaks is Break.STALL:
            self.server.gives_up.wait(STALL_SECONDS)
        if reply.breaks in (Break.STALL, Break.NO_ANSWER):
            self.close_connection = True
            return
        self.send_response(reply.status)
        length = {} if reply.status == 204 else {"Content-Length": str(len(reply.body))}
        for name, value in {**length, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        half = len(reply.body) // 2
        if reply.breaks is Break.NOTHING:
            self.wfile.write(reply.body)
            return
        self.wfile.write(reply.body[:half])
        self.wfile.flush()
        self.close_connection = True
        if reply.breaks is Break.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reply.breaks is Break.TRICKLE:
            reply.between()
            self.wfile.write(reply.body[half:])

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""
