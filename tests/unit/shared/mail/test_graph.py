"""One mail and Graph's answers to it, over sockets: what surely went, surely did not, and what no one can know."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.ports import free_ports
from shared.core.errors import AzureUnavailable
from shared.mail.content import MailContent
from shared.mail.graph import GraphMail, MailDelayed, MailRefused, MailUncertain

SENDER, RECIPIENT = "reviews@caleta.example", "owner@contoso.example"
TOKEN = "the token of our own"
LETTER = MailContent("Ready <now>", ("One & two.",), "Open", "https://review.example.com/scans/1?a=1&b=2")


@dataclass
class Graph:
    """Answers with `status`, `headers` and `body`; None for a connection that is closed instead."""

    url: str = ""
    status: int | None = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def graph() -> Iterator[Graph]:
    state = Graph()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if state.status is None:
                self.close_connection = True
                return
            self.send_response(state.status)
            for name, value in {**state.headers, "Content-Length": str(len(state.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()
        thread.join()


def send(url: str) -> None:
    GraphMail(url, SENDER, lambda: TOKEN).send(LETTER, RECIPIENT, "6a1d0a3e-0000-4000-8000-000000000001")


def error(code: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": f"{RECIPIENT} is over quota"}}).encode()


def test_a_mail_is_sent_as_graph_documents_it(graph: Graph) -> None:
    send(graph.url)
    ((path, headers, body),) = graph.seen
    assert path == "/v1.0/users/reviews@caleta.example/sendMail"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["client-request-id"] == "6a1d0a3e-0000-4000-8000-000000000001"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "message": {
            "subject": "Ready <now>",
            "body": {"contentType": "HTML", "content": LETTER.html},
            "toRecipients": [{"emailAddress": {"address": RECIPIENT}}],
        },
        "saveToSentItems": False,
    }


def test_what_a_letter_says_is_escaped() -> None:
    assert "One &amp; two." in LETTER.html
    assert "Ready &lt;now&gt;" in LETTER.html
    assert 'href="https://review.example.com/scans/1?a=1&amp;b=2"' in LETTER.html


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "120"}, 120),
        (429, {}, 60),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
        (429, {"Retry-After": "999999999"}, 3_600),
        (429, {"Retry-After": "0"}, 1),
        (503, {"Retry-After": "30"}, 30),
        (509, {}, 60),
        (401, {}, 60),
    ],
)
def test_a_mail_that_graph_did_not_take_may_be_sent_later(
    graph: Graph, status: int, headers: dict[str, str], seconds: float
) -> None:
    graph.status, graph.headers, graph.body = status, headers, error("ApplicationThrottled")
    with pytest.raises(MailDelayed) as caught:
        send(graph.url)
    assert (caught.value.code, caught.value.wait_seconds) == (f"{status} ApplicationThrottled", seconds)


@pytest.mark.parametrize(
    ("status", "code"), [(403, "ErrorAccessDenied"), (400, "ErrorInvalidRecipients"), (404, "ErrorInvalidUser")]
)
def test_a_mail_that_graph_refuses_is_never_sent(graph: Graph, status: int, code: str) -> None:
    graph.status, graph.body = status, error(code)
    with pytest.raises(MailRefused) as caught:
        send(graph.url)
    assert caught.value.code == f"{status} {code}"
    assert RECIPIENT not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 504, 200, 302, None])
def test_an_answer_that_does_not_say_what_became_of_it_is_uncertain(graph: Graph, status: int | None) -> None:
    graph.status, graph.headers = status, {"Location": f"{graph.url}/elsewhere"}
    with pytest.raises(MailUncertain):
        send(graph.url)
    assert len(graph.seen) == 1, "neither repeated nor redirected"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "x"}', b'{"error": {"code": "a b\\n"}}', b"\xff"])
def test_a_body_of_any_kind_is_a_refusal_without_a_word_for_it(graph: Graph, body: bytes) -> None:
    graph.status, graph.body = 400, body
    with pytest.raises(MailRefused, match="400 unknown"):
        send(graph.url)


def test_no_answer_in_time_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.mail.graph.TIMEOUTS_SECONDS", (1, 0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailUncertain, match="ReadTimeout"):
        send(f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_where_the_connection_is_refused_the_mail_was_surely_not_sent() -> None:
    (port,) = free_ports(1)
    with pytest.raises(MailDelayed, match="ConnectionError"):
        send(f"http://127.0.0.1:{port}")


def test_without_a_token_nothing_is_sent(graph: Graph) -> None:
    def no_token() -> str:
        raise AzureUnavailable("no identity endpoint")

    with pytest.raises(MailDelayed, match="no token"):
        GraphMail(graph.url, SENDER, no_token).send(LETTER, RECIPIENT, "id")
    assert graph.seen == []


def test_neither_token_nor_address_is_logged(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3.connectionpool")  # which the ARM client makes quiet
    send(graph.url)
    assert graph.url.removeprefix("http://") in caplog.text, "the HTTP library does log at this level"
    assert TOKEN not in caplog.text
    assert RECIPIENT not in caplog.text
