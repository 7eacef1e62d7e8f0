"""Serve pages of cost rows over HTTP: `python -m tests.benchmarks.page_server ROWS FOLDER` prints its port.

A process of its own, so that its work does not count as the app's. It ends with its standard input.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.benchmarks.cost_pages import cost_pages

ROOT = Path(__file__).resolve().parents[2]


class Handler(BaseHTTPRequestHandler):
    """Answers a query with the page whose number its link has; the first without one."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        number = int(self.path.partition("skiptoken=")[2] or 0)
        body = (self.folder / f"{number}.json").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def pages_served(rows: int, folder: Path) -> Iterator[str]:
    """Serve so many rows for as long as the block runs; gives the server's address."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", __name__, str(rows), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()


def main(rows: int, folder: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.folder = folder
    for number, page in enumerate(cost_pages(rows, f"http://127.0.0.1:{server.server_port}")):
        (folder / f"{number}.json").write_bytes(page)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
