"""ArmClient against a real server on this machine: what only sockets can show."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.arm.client import ArmClient
from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.arm.request import ArmRequest
from shared.core.errors import AzureUnavailable, UnexpectedPayload
from tests.support.arm_replay import Tokens
from tests.support.clock import FakeClock

LIST = ArmRequest(LIST_SUBSCRIPTIONS)


class _Azure(ThreadingHTTPServer):
    """Plays one answer and keeps the headers of what it was sent."""

    daemon_threads = True
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b'{"value": []}')
    seen: list[dict[str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Azure

    def do_GET(self) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def azure() -> Iterator[_Azure]:
    with _Azure(("127.0.0.1", 0), _Handler) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _client(azure: _Azure) -> ArmClient:
    return ArmClient(f"http://127.0.0.1:{azure.server_address[1]}", FakeClock())


def test_a_cookie_of_one_answer_is_never_sent_with_another_call(azure: _Azure) -> None:
    azure.answer = (200, {"Set-Cookie": "session=of-another-customer"}, b'{"value": []}')
    arm = _client(azure)
    arm.send(LIST, Tokens())
    arm.send(LIST, Tokens())
    assert len(azure.seen) == 2
    assert "cookie" not in azure.seen[1]


def test_the_machines_proxy_and_netrc_have_no_say(azure: _Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    _client(azure).send(LIST, Tokens())
    assert azure.seen[0]["authorization"] == "Bearer access-token-1"


def test_an_answer_cut_off_before_its_end_is_not_an_answer(azure: _Azure) -> None:
    azure.answer = (200, {"Content-Length": "900"}, b'{"value": []}')
    with pytest.raises(AzureUnavailable):
        _client(azure).send(LIST, Tokens())


def test_a_redirect_to_the_same_host_is_not_followed_either(azure: _Azure) -> None:
    azure.answer = (302, {"Location": "/subscriptions?api-version=2022-12-01"}, b"")
    with pytest.raises(UnexpectedPayload):
        _client(azure).send(LIST, Tokens())
    assert len(azure.seen) == 1


def test_a_compressed_answer_counts_by_its_real_length(azure: _Azure) -> None:
    azure.answer = (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * (21 * 1024 * 1024)))
    with pytest.raises(UnexpectedPayload, match="longer than"):
        _client(azure).send(LIST, Tokens())


def test_a_refused_connection_is_azure_being_unavailable() -> None:
    arm = ArmClient("http://127.0.0.1:1", FakeClock())
    with pytest.raises(AzureUnavailable):
        arm.send(LIST, Tokens())
