import json
import logging
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.core.models import ConnectionState
from shared.core.settings import Environment
from shared.messaging.queues import SCAN_REQUESTS
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from tests.support.entra_double import HOST, TENANT, USER
from tests.support.signing_in import SigningIn, asked, destination
from web.customer.consent import consent_callback, consent_start, disconnect
from web.customer.landing import signout
from web.http.access import current_session
from web.http.messages import Request

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
FORMS = (consent_start, signout, disconnect)


def is_signed_in(site: SigningIn) -> bool:
    return current_session(Request("GET", "/", cookies=site.cookies), site.parts) is not None


def test_start_redirects_to_entra_with_a_cookie_for_ten_minutes(site: SigningIn) -> None:
    response = site.post(consent_start)
    assert response.status == 200
    assert destination(response).startswith(f"{HOST}/organizations/oauth2/v2.0/authorize?")
    assert [(cookie.name, cookie.max_age_seconds) for cookie in response.cookies] == [("__Host-flow", 600)]


def test_no_form_leads_away_from_our_own_pages_wherever_people_sign_in(site: SigningIn) -> None:
    response = site.post(consent_start)
    assert "form-action 'self';" in response.headers["Content-Security-Policy"]
    assert "Location" not in response.headers


def test_a_sign_in_keeps_the_consent_begins_a_session_and_starts_a_scan(site: SigningIn) -> None:
    response = site.sign_in()
    scan = Scans(site.parts.database).latest(TENANT, USER)
    assert scan is not None
    assert (response.status, response.headers["Location"]) == (303, f"/scans/{scan.scan_id}")
    assert set(site.cookies) == {"__Host-session"}
    assert is_signed_in(site)
    assert site.connection is not None
    assert site.connection.state is ConnectionState.ACTIVE
    assert site.connection.consented_at == site.clock.now()
    assert [message.message_id for message in site.parts.outbox.of(SCAN_REQUESTS.name)] == [f"{scan.scan_id}:plan:1"]


def test_the_session_cookie_lasts_eight_hours(site: SigningIn) -> None:
    response = site.sign_in()
    assert {cookie.name: cookie.max_age_seconds for cookie in response.cookies} == {
        "__Host-session": 8 * 3600,
        "__Host-flow": 0,
    }


def test_the_refresh_token_reaches_the_database_encrypted_only(site: SigningIn, tmp_path: Path) -> None:
    site.sign_in()
    assert site.connection is not None
    assert site.connection.refresh_token_encrypted is not None
    assert site.parts.vault.decrypt(site.connection.refresh_token_encrypted) == "refresh-2"
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (b"refresh-2", b"access-1", b"the-code", site.cookies["__Host-session"].encode()):
        assert secret not in on_disk


def test_nothing_that_is_logged_holds_a_secret(site: SigningIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    query = site.start()
    site.get(consent_callback, site.accept(query))
    secrets = ["the-code", "access-1", "refresh-2", query["state"], query["nonce"], *site.cookies.values()]
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert f"tenant={TENANT} user={USER}" in caplog.text


def test_signing_in_again_replaces_the_session(site: SigningIn) -> None:
    site.sign_in()
    old = dict(site.cookies)
    site.clock.sleep(60)
    site.sign_in()
    assert is_signed_in(site)
    assert site.cookies != old
    assert current_session(Request("GET", "/", cookies=old), site.parts) is None


def test_a_signed_in_user_returns_to_their_own_tenant_unless_another_is_named(site: SigningIn) -> None:
    site.sign_in(TENANT)
    again = site.post(consent_start)
    assert urlsplit(destination(again)).path.startswith(f"/{TENANT}/")
    assert asked(again)["login_hint"] == "owner@contoso.example"
    other = site.post(consent_start, {"tenant": "fabrikam.example"})
    assert urlsplit(destination(other)).path.startswith("/fabrikam.example/")


def test_a_kept_challenge_is_sent_with_the_next_sign_in(site: SigningIn) -> None:
    site.sign_in()
    Connections(site.parts.database).require_sign_in(TENANT, USER, "invalid_grant", CHALLENGE, at=site.clock.now())
    query = site.start()
    assert json.loads(query["claims"])["access_token"]["acrs"] == {"essential": True, "value": "c1"}
    assert site.get(consent_callback, site.accept(query)).headers["Location"].startswith("/scans/")
    assert site.connection is not None
    assert (site.connection.state, site.connection.claims_challenge) == (ConnectionState.ACTIVE, None)


def test_without_a_session_the_challenge_is_asked_for_once_it_is_known_who_it_is(site: SigningIn) -> None:
    site.sign_in()
    Connections(site.parts.database).require_sign_in(TENANT, USER, "invalid_grant", CHALLENGE, at=site.clock.now())
    site.cookies.clear()
    query = site.start()
    assert "acrs" not in json.loads(query["claims"])["access_token"]
    step_up = site.get(consent_callback, site.accept(query))
    assert destination(step_up).startswith(f"{HOST}/{TENANT}/oauth2/v2.0/authorize?")
    assert not is_signed_in(site)
    assert "acrs" in json.loads(asked(step_up)["claims"])["access_token"]
    done = site.get(consent_callback, site.accept(asked(step_up)))
    assert done.headers["Location"].startswith("/scans/")
    assert is_signed_in(site)


@pytest.mark.parametrize("handler", FORMS)
@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_no_form_of_another_site_does_anything(site: SigningIn, handler: object, headers: dict[str, str]) -> None:
    site.sign_in()
    before = (site.connection, dict(site.cookies))
    assert callable(handler)
    assert site.post(handler, headers=headers).status == 403
    assert (site.connection, dict(site.cookies)) == before
    assert is_signed_in(site)


def test_on_a_developers_machine_the_cookies_have_plain_names(tmp_path: Path) -> None:
    site = SigningIn(tmp_path, Environment.LOCAL)
    site.sign_in()
    assert set(site.cookies) == {"session"}
    site.close()
