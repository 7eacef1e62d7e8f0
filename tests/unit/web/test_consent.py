import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.core.models import ConnectionState, ScanStatus
from shared.core.settings import Environment
from shared.queues import SCAN_REQUESTS
from shared.sql.connections import Connections
from shared.sql.scans import Scans
from tests.entra_double import BASE_URL, HOST, TENANT, USER, granted
from tests.signing_in import SigningIn, asked, refusal
from web.access import current_session
from web.consent import (
    consent_admin,
    consent_admin_callback,
    consent_callback,
    consent_start,
    disconnect,
    disconnect_confirm,
    signout,
)
from web.http import Request

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
FORMS = (consent_start, signout, disconnect)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SigningIn]:
    made = SigningIn(tmp_path)
    yield made
    made.close()


def is_signed_in(site: SigningIn) -> bool:
    return current_session(Request("GET", "/", cookies=site.cookies), site.parts) is not None


def test_start_goes_to_entra_with_a_cookie_for_ten_minutes(site: SigningIn) -> None:
    response = site.post(consent_start)
    assert response.status == 303
    assert response.headers["Location"].startswith(f"{HOST}/organizations/oauth2/v2.0/authorize?")
    assert [(cookie.name, cookie.max_age_seconds) for cookie in response.cookies] == [("__Host-flow", 600)]


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
    assert f"consent_given tenant={TENANT} user={USER} scan=" in caplog.text


def test_signing_in_again_replaces_the_session(site: SigningIn) -> None:
    site.sign_in()
    old = dict(site.cookies)
    site.clock.sleep(60)
    site.sign_in()
    assert is_signed_in(site)
    assert site.cookies != old
    assert current_session(Request("GET", "/", cookies=old), site.parts) is None


def test_somebody_signed_in_goes_back_to_their_own_tenant_unless_another_is_named(site: SigningIn) -> None:
    site.sign_in(TENANT)
    again = site.post(consent_start)
    assert urlsplit(again.headers["Location"]).path.startswith(f"/{TENANT}/")
    assert asked(again)["login_hint"] == "owner@contoso.example"
    other = site.post(consent_start, {"tenant": "fabrikam.example"})
    assert urlsplit(other.headers["Location"]).path.startswith("/fabrikam.example/")


def test_a_kept_challenge_goes_with_the_next_sign_in(site: SigningIn) -> None:
    site.sign_in()
    Connections(site.parts.database).require_sign_in(TENANT, USER, "invalid_grant", CHALLENGE)
    query = site.start()
    assert json.loads(query["claims"])["access_token"]["acrs"] == {"essential": True, "value": "c1"}
    assert site.get(consent_callback, site.accept(query)).headers["Location"].startswith("/scans/")
    assert site.connection is not None
    assert (site.connection.state, site.connection.claims_challenge) == (ConnectionState.ACTIVE, None)


def test_without_a_session_the_challenge_is_asked_for_once_it_is_known_who_it_is(site: SigningIn) -> None:
    site.sign_in()
    Connections(site.parts.database).require_sign_in(TENANT, USER, "invalid_grant", CHALLENGE)
    site.cookies.clear()
    query = site.start()
    assert "acrs" not in json.loads(query["claims"])["access_token"]
    step_up = site.get(consent_callback, site.accept(query))
    assert step_up.headers["Location"].startswith(f"{HOST}/{TENANT}/oauth2/v2.0/authorize?")
    assert not is_signed_in(site)
    assert "acrs" in json.loads(asked(step_up)["claims"])["access_token"]
    done = site.get(consent_callback, site.accept(asked(step_up)))
    assert done.headers["Location"].startswith("/scans/")
    assert is_signed_in(site)


REFUSALS = [
    ("access_denied", 65004, 403, "You did not give consent"),
    ("access_denied", 90094, 403, "administrator has to approve"),
    ("access_denied", 90095, 403, "with your administrator"),
    ("access_denied", 50105, 403, "not assigned"),
    ("access_denied", 53003, 403, "security policy"),
    ("access_denied", 500212, 403, "across tenants"),
    ("interaction_required", 16000, 403, "not in that organisation"),
    ("login_required", 50058, 401, "was not finished"),
    ("invalid_grant", 50057, 403, "cannot sign in"),
    ("temporarily_unavailable", 90033, 503, "does not answer"),
    ("server_error", 9999, 503, "does not answer"),
    ("unauthorized_client", 700016, 503, "broken on our side"),
    ("invalid_request", 900144, 503, "broken on our side"),
]


@pytest.mark.parametrize(("error", "code", "status", "words"), REFUSALS)
def test_each_refusal_has_its_page_and_makes_nobody_a_customer(
    site: SigningIn, error: str, code: int, status: int, words: str
) -> None:
    response = site.get(consent_callback, refusal(site.start(), error, code))
    assert response.status == status
    assert words in response.body.decode()
    assert site.connection is None
    assert site.cookies == {}
    assert site.parts.outbox.sent == []


def test_the_page_for_an_administrators_approval_has_the_link_to_send(site: SigningIn) -> None:
    page = site.get(consent_callback, refusal(site.start("contoso.example"), "access_denied", 90094)).body.decode()
    assert f'value="{BASE_URL}/consent/admin?tenant=contoso.example"' in page
    assert f'href="{BASE_URL}/consent/admin?tenant=contoso.example"' in page
    without = site.get(consent_callback, refusal(site.start(), "access_denied", 90094)).body.decode()
    assert f'value="{BASE_URL}/consent/admin"' in without


def test_when_entra_is_down_the_page_says_so_and_when_to_come_back(site: SigningIn) -> None:
    query = site.start()
    site.entra.answers = [(503, {})]
    response = site.get(consent_callback, {"code": "the-code", "state": query["state"]})
    assert (response.status, response.headers["Retry-After"]) == (503, "60")


def test_a_code_that_was_used_has_its_page(site: SigningIn) -> None:
    query = site.start()
    site.entra.answers = [(400, {"error": "invalid_grant", "error_codes": [54005]})]
    response = site.get(consent_callback, {"code": "the-code", "state": query["state"]})
    assert response.status == 409
    assert b"already used" in response.body


def test_a_replayed_callback_has_its_page_and_the_session_stays(site: SigningIn) -> None:
    callback = site.accept(site.start())
    site.get(consent_callback, callback)
    response = site.get(consent_callback, callback)
    assert response.status == 410
    assert b"no longer open" in response.body
    assert is_signed_in(site)


def test_a_callback_in_another_browser_has_its_page_and_the_first_can_still_finish(site: SigningIn) -> None:
    callback = site.accept(site.start())
    mine, site.cookies = site.cookies, {}
    response = site.get(consent_callback, callback)
    assert (response.status, response.cookies) == (403, ())
    assert b"another browser" in response.body
    site.cookies = mine
    assert site.get(consent_callback, callback).status == 303


def test_a_state_that_is_not_ours_has_its_page_and_the_open_sign_in_stays_open(site: SigningIn) -> None:
    callback = site.accept(site.start())
    response = site.get(consent_callback, {**callback, "state": "a" * 43})
    assert (response.status, response.cookies) == (400, ())
    assert b"no sign-in of yours" in response.body
    assert site.get(consent_callback, callback).status == 303


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "the-code"},
        {"state": "x"},
        {"error": "access_denied"},
        {"code": "x" * 4000, "state": "x" * 4000},
        {"error": "<script>alert(1)</script>", "error_description": "<script>alert(1)</script>", "state": "<script>"},
        {"admin_consent": "True", "tenant": TENANT},
    ],
)
def test_a_callback_that_is_none_is_a_page_that_says_what_to_do(site: SigningIn, query: dict[str, str]) -> None:
    for handler in (consent_callback, consent_admin_callback):
        response = site.get(handler, query)
        assert response.status == 400
        assert b"What to do next" in response.body
        assert b"<script>alert" not in response.body


def test_entras_texts_never_reach_a_page(site: SigningIn) -> None:
    query = {
        **refusal(site.start(), "access_denied", 50105),
        "error_description": "AADSTS50105: <b>no way</b> me@x.example",
    }
    page = site.get(consent_callback, query).body
    assert b"no way" not in page
    assert b"me@x.example" not in page


@pytest.mark.parametrize(
    "tenant", ["common", "consumers", "not a tenant", "<script>alert(1)</script>", "unknown.example"]
)
def test_an_unknown_tenant_has_its_page_with_the_field_to_correct_it(site: SigningIn, tenant: str) -> None:
    site.entra.unknown_tenants = ("unknown.example",)
    response = site.post(consent_start, {"tenant": tenant})
    assert response.status == 400
    assert b'name="tenant"' in response.body
    assert b"<script>alert" not in response.body


def test_an_account_of_another_tenant_than_the_named_one_has_its_page(site: SigningIn) -> None:
    other = "99999999-9999-9999-9999-999999999999"
    response = site.sign_in(TENANT, tid=other, iss=f"{HOST}/{other}/v2.0")
    assert response.status == 403
    assert b"another organisation" in response.body
    assert not is_signed_in(site)


def test_an_answer_without_a_refresh_token_makes_nobody_a_customer(site: SigningIn) -> None:
    query = site.start()
    callback = site.accept(query)
    site.entra.answers = [(200, {**granted(), "refresh_token": None})]
    assert site.get(consent_callback, callback).status == 403
    assert site.connection is None


@pytest.mark.parametrize("handler", FORMS)
@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_no_form_of_another_site_does_anything(site: SigningIn, handler: object, headers: dict[str, str]) -> None:
    site.sign_in()
    before = (site.connection, dict(site.cookies))
    assert callable(handler)
    assert site.post(handler, headers=headers).status == 403
    assert (site.connection, dict(site.cookies)) == before
    assert is_signed_in(site)


def test_the_administrators_page_explains_and_begins_nothing(site: SigningIn) -> None:
    response = site.get(consent_admin, {"tenant": "Contoso.example"})
    page = response.body.decode()
    assert response.status == 200
    assert response.cookies == ()
    assert "https://management.azure.com/user_impersonation" in page
    assert "<strong>contoso.example</strong>" in page
    assert site.entra.requests_seen == []


def test_going_on_from_it_leads_to_entras_approval(site: SigningIn) -> None:
    response = site.get(consent_admin, {"tenant": "contoso.example", "continue": "yes"})
    assert response.status == 303
    assert response.headers["Location"].startswith(f"{HOST}/contoso.example/v2.0/adminconsent?")
    assert site.get(consent_admin, {"tenant": "<script>"}).status == 400
    assert site.get(consent_admin, {"tenant": "<script>", "continue": "yes"}).status == 400


def test_a_reported_approval_creates_nothing(site: SigningIn) -> None:
    query = asked(site.get(consent_admin, {"continue": "yes"}))
    response = site.get(consent_admin_callback, {"admin_consent": "True", "tenant": TENANT, "state": query["state"]})
    assert response.status == 200
    assert b'action="/consent/start"' in response.body
    assert site.connection is None
    assert site.cookies == {}
    assert site.parts.outbox.sent == []
    assert TENANT.encode() not in response.body


def test_a_declined_approval_has_its_page_although_admin_consent_is_true(site: SigningIn) -> None:
    query = asked(site.get(consent_admin, {"continue": "yes"}))
    callback = {**refusal(query, "access_denied", 65004), "admin_consent": "True", "tenant": TENANT}
    response = site.get(consent_admin_callback, callback)
    assert response.status == 403
    assert b"You did not give consent" in response.body


def test_signing_out_ends_the_session_and_keeps_the_consent(site: SigningIn) -> None:
    site.sign_in()
    kept = dict(site.cookies)
    response = site.post(signout)
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert site.cookies == {}
    assert current_session(Request("GET", "/", cookies=kept), site.parts) is None
    assert site.connection is not None
    assert site.connection.state is ConnectionState.ACTIVE
    assert site.post(signout).status == 303


def test_the_question_before_disconnecting_changes_nothing(site: SigningIn) -> None:
    assert site.get(disconnect_confirm).status == 401
    site.sign_in()
    page = site.get(disconnect_confirm)
    assert page.status == 200
    assert b"The scan that is running stops" in page.body
    assert site.connection is not None
    assert site.connection.state is ConnectionState.ACTIVE


def test_disconnecting_deletes_the_token_stops_the_scan_and_ends_every_session(site: SigningIn) -> None:
    site.sign_in()
    elsewhere = dict(site.cookies)
    site.cookies.clear()
    site.clock.sleep(1)
    site.sign_in()
    site.clock.sleep(1)
    response = site.post(disconnect)
    assert response.status == 200
    assert site.cookies == {}
    assert current_session(Request("GET", "/", cookies=elsewhere), site.parts) is None
    assert site.connection is not None
    assert (site.connection.state, site.connection.refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)
    scan = Scans(site.parts.database).latest(TENANT, USER)
    assert scan is not None
    assert (scan.status, scan.status_reason) == (ScanStatus.CANCELLED, "You disconnected while it was running.")


def test_the_page_after_it_says_what_stays_until_when_and_how_to_end_that(site: SigningIn) -> None:
    site.sign_in()
    page = site.post(disconnect).body.decode()
    assert "23 November 2027" in page
    assert "Enterprise applications" in page
    assert "mailto:" in page


def test_disconnecting_needs_a_session(site: SigningIn) -> None:
    assert site.post(disconnect).status == 401


def test_after_disconnecting_a_new_sign_in_connects_again_and_reads_anew(site: SigningIn) -> None:
    site.sign_in()
    site.post(disconnect)
    site.clock.sleep(60)
    site.sign_in()
    assert site.connection is not None
    assert site.connection.state is ConnectionState.ACTIVE
    assert len(site.parts.outbox.of(SCAN_REQUESTS.name)) == 2


def test_on_a_developers_machine_the_cookies_have_plain_names(tmp_path: Path) -> None:
    site = SigningIn(tmp_path, Environment.LOCAL)
    site.sign_in()
    assert set(site.cookies) == {"session"}
    site.close()
