import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests

from shared.core.errors import EntraUnavailable
from shared.core.settings import Environment
from shared.identity.entra import EntraClient
from shared.identity.failures import EntraRefused
from shared.identity.tenants import TenantNotFound
from tests.support.entra_double import (
    BASE_URL,
    CLIENT_ID,
    HOST,
    TENANT,
    Answer,
    EntraDouble,
    granted,
    id_claims,
    settings,
)

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
CP1 = {"values": ["CP1"]}


def client(entra: EntraDouble) -> EntraClient:
    return EntraClient(settings(), entra.session)


def test_a_sign_in_asks_for_one_permission_with_pkce_state_and_nonce() -> None:
    begun = client(EntraDouble()).begin_sign_in(None, "the-state")
    url = urlsplit(begun.authorize_url)
    query = dict(parse_qsl(url.query))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{HOST}/organizations/oauth2/v2.0/authorize"
    assert set(query["scope"].split()) == {
        "https://management.azure.com/user_impersonation",
        "openid",
        "profile",
        "offline_access",
    }
    assert query["redirect_uri"] == f"{BASE_URL}/consent/callback"
    assert (query["state"], query["response_type"], query["response_mode"]) == ("the-state", "code", "query")
    assert query["code_challenge_method"] == "S256"
    assert query["nonce"]
    assert json.loads(query["claims"]) == {"access_token": {"xms_cc": CP1}}
    assert begun.tenant_id is None


def test_the_verifier_stays_here() -> None:
    begun = client(EntraDouble()).begin_sign_in(None, "the-state")
    assert begun.flow["code_verifier"] not in begun.authorize_url
    assert begun.flow["code_verifier"] not in repr(begun)


def test_a_domain_is_resolved_to_the_tenant_that_it_names() -> None:
    begun = client(EntraDouble()).begin_sign_in("contoso.example", "the-state", login_hint="me@contoso.example")
    assert begun.tenant_id == TENANT
    assert urlsplit(begun.authorize_url).path.startswith(f"/{TENANT}/")
    assert parse_qs(urlsplit(begun.authorize_url).query)["login_hint"] == ["me@contoso.example"]


def test_a_challenge_is_sent_with_the_sign_in_and_with_the_redemption() -> None:
    entra = EntraDouble()
    begun = client(entra).begin_sign_in(None, "the-state", CHALLENGE)
    asked = {"access_token": {"acrs": {"essential": True, "value": "c1"}, "xms_cc": CP1}}
    assert json.loads(parse_qs(urlsplit(begun.authorize_url).query)["claims"][0]) == asked
    answer_with_nonce(entra, begun.authorize_url)
    client(entra).redeem(None, begun.flow, "the-code")
    assert json.loads(entra.forms[0]["claims"]) == asked


def answer_with_nonce(entra: EntraDouble, authorize_url: str) -> None:
    nonce = dict(parse_qsl(urlsplit(authorize_url).query))["nonce"]
    entra.answer(200, granted(id_claims(nonce=nonce)))


def test_a_code_is_redeemed_where_it_was_issued_with_the_verifier() -> None:
    entra = EntraDouble()
    begun = client(entra).begin_sign_in("contoso.example", "the-state")
    answer_with_nonce(entra, begun.authorize_url)
    tokens = client(entra).redeem("contoso.example", begun.flow, "the-code")
    assert (tokens.access_token, tokens.refresh_token, tokens.expires_in_seconds) == ("access-1", "refresh-2", 3599)
    assert tokens.id_claims["tid"] == TENANT
    form = entra.forms[0]
    assert (form["code"], form["code_verifier"]) == ("the-code", begun.flow["code_verifier"])
    assert form["redirect_uri"] == f"{BASE_URL}/consent/callback"
    assert urlsplit(str(entra.requests_seen[-1].url)).path == f"/{TENANT}/oauth2/v2.0/token"


def test_an_answer_with_another_nonce_cannot_be_used_and_is_not_quoted() -> None:
    entra = EntraDouble(answers=[(200, granted(id_claims(nonce="another")))])
    begun = client(entra).begin_sign_in(None, "the-state")
    with pytest.raises(ValueError, match="cannot be read") as caught:
        client(entra).redeem(None, begun.flow, "the-code")
    assert "another" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("id_token", ["x", "a.b", "a.b.c", "..", 3])
def test_an_id_token_that_is_none_cannot_be_read(id_token: object) -> None:
    entra = EntraDouble(answers=[(200, granted(id_token=id_token))])
    begun = client(entra).begin_sign_in(None, "the-state")
    with pytest.raises(ValueError, match="cannot be read"):
        client(entra).redeem(None, begun.flow, "the-code")
    with pytest.raises(EntraUnavailable):
        client(entra).refresh(TENANT, "refresh-1")


def test_a_refresh_declares_our_capability_which_msal_does_not() -> None:
    entra = EntraDouble(answers=[(200, granted())])
    tokens = client(entra).refresh(TENANT, "refresh-1")
    assert tokens.refresh_token == "refresh-2"
    form = entra.forms[0]
    assert json.loads(form["claims"]) == {"access_token": {"xms_cc": CP1}}
    assert (form["grant_type"], form["refresh_token"], form["client_id"]) == ("refresh_token", "refresh-1", CLIENT_ID)
    assert "https://management.azure.com/user_impersonation" in form["scope"].split()


def test_a_refresh_carries_the_challenge_merged_with_our_capability() -> None:
    entra = EntraDouble(answers=[(200, granted())])
    client(entra).refresh(TENANT, "refresh-1", CHALLENGE)
    assert json.loads(entra.forms[0]["claims"]) == {
        "access_token": {"acrs": {"essential": True, "value": "c1"}, "xms_cc": CP1}
    }


def test_a_refused_refresh_reaches_entra_each_time_it_is_tried(recording: Callable[[str], dict[str, Any]]) -> None:
    body = recording("entra-token/50173-grant-revoked.json")["response"]["body"]
    entra = EntraDouble(answers=[(400, body)])
    for _ in range(2):
        with pytest.raises(EntraRefused, match="invalid_grant AADSTS50173"):
            client(entra).refresh(TENANT, "refresh-1")
    assert len(entra.forms) == 2


def test_lifetimes_may_be_text(recording: Callable[[str], dict[str, Any]]) -> None:
    body = recording("entra-token/success-v1-strings.json")["response"]["body"]
    tokens = client(EntraDouble(answers=[(200, body)])).refresh(TENANT, "refresh-1")
    assert tokens.expires_in_seconds == 3600
    assert tokens.refresh_token is None


@pytest.mark.parametrize("answer", [(503, {}), (429, {}), (200, b"<html>"), requests.ReadTimeout("x")])
def test_a_fault_that_passes_is_unavailable_wherever_it_strikes(answer: Answer) -> None:
    entra = EntraDouble(answers=[answer])
    begun = client(entra).begin_sign_in(None, "the-state")
    with pytest.raises(EntraUnavailable):
        client(entra).redeem(None, begun.flow, "the-code")
    with pytest.raises(EntraUnavailable):
        client(entra).refresh(TENANT, "refresh-1")


def test_a_deleted_tenant_refuses_the_refresh_and_is_not_found_at_a_sign_in() -> None:
    entra = EntraDouble(unknown_tenants=(TENANT,))
    with pytest.raises(EntraRefused, match="AADSTS90002"):
        client(entra).refresh(TENANT, "refresh-1")
    with pytest.raises(TenantNotFound):
        client(entra).begin_sign_in(TENANT, "the-state")


def test_an_administrator_is_asked_for_exactly_the_same_scopes() -> None:
    url = urlsplit(client(EntraDouble()).admin_consent_url("contoso.example", "the-state"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{HOST}/contoso.example/v2.0/adminconsent"
    query = dict(parse_qsl(url.query))
    assert query == {
        "client_id": CLIENT_ID,
        "redirect_uri": f"{BASE_URL}/consent/admin/callback",
        "state": "the-state",
        "scope": "https://management.azure.com/user_impersonation openid profile offline_access",
    }
    assert "/organizations/" in client(EntraDouble()).admin_consent_url(None, "the-state")


def test_a_local_authority_is_opened_by_http_in_the_browser_too() -> None:
    local = "http://127.0.0.1:7072"
    entra = EntraDouble(token_host=local, host=local)
    begun = EntraClient(settings(local, Environment.LOCAL), entra.session).begin_sign_in(None, "the-state")
    assert begun.authorize_url.startswith(f"{local}/organizations/oauth2/v2.0/authorize?")


def test_no_token_code_or_secret_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    entra = EntraDouble()
    begun = client(entra).begin_sign_in(None, "the-state")
    answer_with_nonce(entra, begun.authorize_url)
    tokens = client(entra).redeem(None, begun.flow, "the-code")
    refreshed = client(entra).refresh(TENANT, "refresh-1")
    secrets = ("the-code", begun.flow["code_verifier"], "access-1", "refresh-1", "refresh-2", "client secret")
    shown = caplog.text + repr(tokens) + repr(refreshed) + repr(begun)
    assert [secret for secret in secrets if secret in shown] == []
