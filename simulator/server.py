"""The HTTP server: HTTP/1.1 with keep-alive, one thread a connection, 127.0.0.1 only."""

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from simulator.exchange import Request, Response
from simulator.routes import answer
from simulator.world import World

MAX_BODY_BYTES = 1_000_000

log = logging.getLogger(__name__)


class TenantServer(ThreadingHTTPServer):
    """Serves one world. With port 0 the system chooses, and `world.port` is the choice."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(("127.0.0.1", world.options.port), _Handler)
        world.port = self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    server: TenantServer
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120

    def handle_one_exchange(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            self._write(Response(413))
            return
        body = self.rfile.read(length)
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(path), query, headers, body)
        response = answer(self.server.world, request)
        if response is None:
            self.close_connection = True
            return
        log.debug("answered method=%s path=%s status=%s", self.command, path, response.status)
        self._write(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_one_exchange  # noqa: N815

    def _write(self, response: Response) -> None:
        declared = dict(response.headers).get("Content-Length")
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if declared is None and response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        elif declared is not None and int(declared) != len(response.body):
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()

    def version_string(self) -> str:
        return self.server_version

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Log nothing: addresses hold codes and skip tokens."""
