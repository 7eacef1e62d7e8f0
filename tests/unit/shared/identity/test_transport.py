import json
import logging

import pytest
import requests

from shared.core.errors import ConfigurationError, EntraUnavailable
from shared.identity.tenants import TenantNotFound
from shared.identity.transport import DISCOVERY_DOCUMENTS_KEPT, EntraTransport
from tests.support.entra_double import HOST, EntraDouble

LOCAL = "http://127.0.0.1:7072"
DISCOVERY = "/organizations/v2.0/.well-known/openid-configuration"
TOKEN = "/organizations/oauth2/v2.0/token"


def transport(entra: EntraDouble, host: str = HOST) -> EntraTransport:
    return EntraTransport(host, entra.session)


def test_a_discovery_document_is_fetched_once() -> None:
    entra = EntraDouble()
    client = transport(entra)
    assert client.get(HOST + DISCOVERY).text == client.get(HOST + DISCOVERY).text
    assert len(entra.requests_seen) == 1


def test_no_more_documents_are_kept_than_fit() -> None:
    entra = EntraDouble()
    client = transport(entra)
    for number in range(DISCOVERY_DOCUMENTS_KEPT + 1):
        client.get(f"{HOST}/t{number}{DISCOVERY}")
    client.get(f"{HOST}/t{DISCOVERY_DOCUMENTS_KEPT}{DISCOVERY}")
    assert len(entra.requests_seen) == DISCOVERY_DOCUMENTS_KEPT + 1
    client.get(f"{HOST}/t0{DISCOVERY}")
    assert len(entra.requests_seen) == DISCOVERY_DOCUMENTS_KEPT + 2


def test_only_a_local_authority_is_spoken_to_without_tls() -> None:
    entra = EntraDouble(answers=[(200, {})], token_host=LOCAL, host=LOCAL)
    local = transport(entra, LOCAL)
    document = json.loads(local.get("https://127.0.0.1:7072" + DISCOVERY).text)
    assert document["token_endpoint"].startswith("https://127.0.0.1:7072/")
    local.post(document["token_endpoint"])
    assert [str(request.url).split("/")[0] for request in entra.requests_seen] == ["http:", "http:"]
    elsewhere = EntraDouble(answers=[(200, {})])
    transport(elsewhere).post(HOST + TOKEN)
    assert str(elsewhere.requests_seen[0].url).startswith("https://")


def test_nothing_leaves_for_another_host() -> None:
    entra = EntraDouble(answers=[(200, {})])
    for url in ("https://login.evil.example/x", HOST + ".evil.example/x", HOST.replace("//", "//me@") + "/x"):
        with pytest.raises(ConfigurationError):
            transport(entra).post(url, data={"client_secret": "secret"})
    assert entra.requests_seen == []


def test_a_tenant_of_another_cloud_is_not_found() -> None:
    with pytest.raises(TenantNotFound):
        transport(EntraDouble(token_host="https://login.microsoftonline.us")).get(HOST + DISCOVERY)


def test_a_tenant_that_does_not_exist_is_not_found_and_not_remembered() -> None:
    entra = EntraDouble(unknown_tenants=("organizations",))
    client = transport(entra)
    for _ in range(2):
        with pytest.raises(TenantNotFound):
            client.get(HOST + DISCOVERY)
    assert len(entra.requests_seen) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_fault_that_passes_is_unavailable(status: int) -> None:
    with pytest.raises(EntraUnavailable, match=str(status)):
        transport(EntraDouble(answers=[(status, {"error": "invalid_grant"})])).post(HOST + TOKEN)


@pytest.mark.parametrize(
    "error", [requests.ConnectTimeout("x"), requests.ReadTimeout("x"), requests.ConnectionError("x")]
)
def test_no_answer_is_unavailable(error: Exception) -> None:
    with pytest.raises(EntraUnavailable, match=type(error).__name__):
        transport(EntraDouble(answers=[error])).post(HOST + TOKEN)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"access_token":"cut of', b"[]", b'"text"', b"\xff\xfe{}"])
def test_what_is_no_json_object_is_unavailable_and_stays_out_of_the_log(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(EntraUnavailable) as caught:
        transport(EntraDouble(answers=[(200, body)])).post(HOST + TOKEN)
    assert "cut of" not in caplog.text + str(caught.value)


def test_a_redirect_is_not_followed() -> None:
    entra = EntraDouble(answers=[(302, {})])
    assert transport(entra).post(HOST + TOKEN).status_code == 302
    assert len(entra.requests_seen) == 1


def test_no_cookie_of_one_customer_is_sent_with_the_request_of_another() -> None:
    entra = EntraDouble(answers=[(200, {})])
    session = entra.session
    client = EntraTransport(HOST, session)
    client.post(HOST + TOKEN)
    client.post(HOST + TOKEN)
    assert not session.cookies
    assert "Cookie" not in entra.requests_seen[1].headers
