"""A proxy between a client and a service on this machine that spoils answers on command."""

import http.client
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"host", "connection", "transfer-encoding", "content-length", "keep-alive"}
POLL_SECONDS = 0.02


class Trouble(Enum):
    """What happens instead of a proper answer."""

    CUT_BEFORE = "the connection breaks, and nothing was done"
    CUT_AFTER = "the connection breaks when it was done, before the answer"
    CUT_MIDWAY = "the connection breaks in the middle of the answer"
    NO_ANSWER = "it is done and nothing is answered"


@dataclass(frozen=True)
class Refusal:
    """An answer of the service's own, given by the proxy; nothing was done."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Troubles:
    """`next` are used once each, first come first served; `always` as long as it is set.

    `only` says which requests they are for, by method and target. `meanwhile` is done once, before
    the next of those requests is handed on.
    """

    next: deque[Trouble | Refusal] = field(default_factory=deque)
    always: Trouble | Refusal | None = None
    only: Callable[[str, str], bool] = lambda _method, _target: True
    meanwhile: Callable[[], None] | None = None
    requests: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def of(self, method: str, target: str) -> Trouble | Refusal | None:
        """What is to happen to this request."""
        self.requests.append(f"{method} {target}")
        if not self.only(method, target):
            return None
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            meanwhile()
        return self.always or (self.next.popleft() if self.next else None)

    def clear(self) -> None:
        """From now on everything is answered."""
        self.next.clear()
        self.always = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, troubles: Troubles) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.troubles = troubles
        super().__init__(("127.0.0.1", 0), _Connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news here."""


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 60
    wbufsize = -1  # an answer leaves in one piece: in two, the second would wait for an acknowledgement
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Says nothing."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        trouble = self.server.troubles.of(self.command, self.path)
        if trouble is Trouble.CUT_BEFORE:
            self._cut()
        elif isinstance(trouble, Refusal):
            self._answer(trouble.status, list(trouble.headers), trouble.body)
        else:
            self._hand_on(body, trouble)

    def _hand_on(self, body: bytes, trouble: Trouble | None) -> None:
        status, headers, content = self._ask(body)
        if trouble is Trouble.NO_ANSWER:
            self.server.troubles.released.wait(self.timeout)
        if trouble in (Trouble.CUT_AFTER, Trouble.NO_ANSWER):
            self._cut()
            return
        self._answer(status, headers, content, half=trouble is Trouble.CUT_MIDWAY)

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=30)
        given = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        upstream.request(self.command, self.path, body, given)
        answer = upstream.getresponse()
        found = answer.status, answer.getheaders(), answer.read()
        upstream.close()
        return found

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes, half: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status != http.HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if half else content)
        if half:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def in_front_of(upstream: str) -> Iterator[tuple[str, Troubles]]:
    """The proxy's own origin, and its troubles. `upstream` is an http URL."""
    troubles = Troubles()
    server = _Server(upstream, troubles)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="troubled-http", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", troubles
    finally:
        troubles.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
