"""The host's HTTP server."""

import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.host.functions import HttpFunction
from local.host.http_calls import HttpCall, Reply, to_reply, to_request
from local.host.invocation import Invoker
from local.host.routes import Match, decode_path, find

MAX_BODY_BYTES = 100 * 1024 * 1024
HOSTS_OWN_HEADERS = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Server"}

log = logging.getLogger("local.http")


class HttpFront(ThreadingHTTPServer):
    """Serves the app's routes on 127.0.0.1."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, functions: tuple[HttpFunction, ...], invoker: Invoker) -> None:
        self.functions = functions
        self.invoker = invoker
        super().__init__(("127.0.0.1", port), _Connection)

    def answer(self, call: HttpCall) -> Reply:
        """The response: 404 where no function matches, an empty 500 when a function fails."""
        match = find(self.functions, call.method, decode_path(call.path))
        if match is None:
            return Reply(404)
        future = self.invoker.start(lambda: self._invoke(call, match))
        if (error := future.exception()) is not None:
            log.error("function failed name=%s", match.function.name, exc_info=error)
            return Reply(500)
        made = future.result()
        return made if isinstance(made, Reply) else Reply(500)

    @staticmethod
    def _invoke(call: HttpCall, match: Match) -> Reply:
        return to_reply(match.function.call(to_request(call, match)))


class _Connection(BaseHTTPRequestHandler):
    """One connection. The query is never logged: it may hold a code."""

    server: HttpFront
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Kestrel", ""
    wbufsize = -1  # a response is sent in one write: the second of two would wait for an acknowledgement
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Log nothing: the base class would log addresses with their query."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The base class looks for do_<METHOD>: all methods are served alike."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            self.close_connection = True
            self._write(Reply(refusal))
            return
        self.close_connection |= "Transfer-Encoding" in self.headers  # such a body is not read, as in the real host
        body = self.rfile.read(self._content_length())
        call = HttpCall(self.command, self.headers.get("Host", ""), self.path, tuple(self.headers.items()), body)
        answer = self.server.answer(call)
        log.info("%s %s %s", call.method, call.path, answer.status)
        self._write(answer)

    def _content_length(self) -> int:
        given = self.headers.get("Content-Length", "0")
        return int(given) if given.isascii() and given.isdigit() else -1

    def _refusal(self) -> int | None:
        """The status of a request that the host does not pass to any function."""
        if self._content_length() > MAX_BODY_BYTES:
            return 413
        well_formed = self.path.isascii() and self.path.startswith("/") and "%00" not in self.path.partition("?")[0]
        return None if well_formed and self._content_length() >= 0 else 400

    def _write(self, answer: Reply) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name not in HOSTS_OWN_HEADERS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
