"""The managed identity, through Microsoft's own library against an identity endpoint of Azure Functions' kind.

https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from azure.identity import ManagedIdentityCredential

from shared.core.errors import AzureUnavailable
from shared.own_identity import own_identity, purge_identity, token_of
from tests.support.entra_double import settings

SCOPE = "https://graph.microsoft.com/.default"


class Endpoint(BaseHTTPRequestHandler):
    """Answers as the endpoint in a Functions app does."""

    status = 200
    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        self.asked.append((self.headers.get("X-IDENTITY-HEADER", ""), query))
        body = {
            "access_token": "own token",
            "expires_on": "4102444800",
            "resource": query["resource"],
            "token_type": "Bearer",
        }
        content = json.dumps(body if self.status == 200 else {"message": "no identity, hunter2"}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Endpoint]]:
    made: type[Endpoint] = type("MadeEndpoint", (Endpoint,), {"asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{server.server_port}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "the header")
        yield made
        server.shutdown()
        thread.join()


def test_the_token_is_asked_for_by_the_client_id_and_kept(endpoint: type[Endpoint]) -> None:
    client_id = "55555555-5555-4555-8555-555555555555"
    identity = own_identity(replace(settings(), managed_identity_client_id=client_id))
    assert isinstance(identity, ManagedIdentityCredential)
    with identity:
        assert [token_of(identity, SCOPE) for _ in range(2)] == ["own token"] * 2
    (asked,) = endpoint.asked
    assert asked[0] == "the header"
    assert asked[1]["resource"] == "https://graph.microsoft.com"
    assert asked[1]["client_id"] == client_id


def test_the_purge_has_an_identity_of_its_own(endpoint: type[Endpoint]) -> None:
    identity = purge_identity(replace(settings(), purge_identity_client_id="66666666-6666-4666-8666-666666666666"))
    assert isinstance(identity, ManagedIdentityCredential)
    with identity:
        assert token_of(identity, SCOPE) == "own token"
    (asked,) = endpoint.asked
    assert asked[1]["client_id"] == "66666666-6666-4666-8666-666666666666"


def test_a_refusal_is_a_fault_that_passes_and_is_not_repeated(
    endpoint: type[Endpoint], caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.status = 400
    identity = own_identity(settings())
    assert isinstance(identity, ManagedIdentityCredential)
    with identity, pytest.raises(AzureUnavailable) as caught:
        token_of(identity, SCOPE)
    assert "hunter2" not in str(caught.value)
    assert "alert=own-identity" in caplog.text
