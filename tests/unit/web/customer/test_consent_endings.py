from shared.core.models import ConnectionState, ScanStatus
from shared.messaging.queues import SCAN_REQUESTS
from shared.sql.scans.scans import Scans
from tests.support.entra_double import HOST, TENANT, USER
from tests.support.signing_in import SigningIn, asked, destination, refusal
from web.customer.consent import (
    consent_admin,
    consent_admin_callback,
    consent_admin_start,
    disconnect,
    disconnect_confirm,
)
from web.customer.landing import signout
from web.http.access import current_session
from web.http.messages import Request


def test_the_administrators_page_explains_and_begins_nothing(site: SigningIn) -> None:
    response = site.get(consent_admin, {"tenant": "Contoso.example"})
    page = response.body.decode()
    assert response.status == 200
    assert response.cookies == ()
    assert "https://management.azure.com/user_impersonation" in page
    assert "<strong>contoso.example</strong>" in page
    assert site.entra.requests_seen == []


def test_continuing_from_it_leads_to_entras_approval(site: SigningIn) -> None:
    response = site.post(consent_admin_start, {"tenant": "contoso.example"})
    assert response.status == 200
    assert destination(response).startswith(f"{HOST}/contoso.example/v2.0/adminconsent?")
    assert site.get(consent_admin, {"tenant": "<script>"}).status == 400
    assert site.post(consent_admin_start, {"tenant": "<script>"}).status == 400


def test_a_reported_approval_creates_nothing(site: SigningIn) -> None:
    query = asked(site.post(consent_admin_start))
    response = site.get(consent_admin_callback, {"admin_consent": "True", "tenant": TENANT, "state": query["state"]})
    assert response.status == 200
    assert b'action="/consent/start"' in response.body
    assert site.connection is None
    assert site.cookies == {}
    assert site.parts.outbox.sent == []
    assert TENANT.encode() not in response.body


def test_a_declined_approval_has_its_page_although_admin_consent_is_true(site: SigningIn) -> None:
    query = asked(site.post(consent_admin_start))
    callback = {**refusal(query, "access_denied", 65004), "admin_consent": "True", "tenant": TENANT}
    response = site.get(consent_admin_callback, callback)
    assert response.status == 403
    assert b"You did not give consent" in response.body


def test_signing_out_ends_the_session_and_keeps_the_consent(site: SigningIn) -> None:
    site.sign_in()
    kept = dict(site.cookies)
    response = site.post(signout)
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
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
    assert b"The running scan is cancelled" in page.body
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
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert site.cookies == {}
    assert current_session(Request("GET", "/", cookies=elsewhere), site.parts) is None
    assert site.connection is not None
    assert (site.connection.state, site.connection.refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)
    scan = Scans(site.parts.database).latest(TENANT, USER)
    assert scan is not None
    assert (scan.status, scan.status_reason) == (ScanStatus.CANCELLED, "You disconnected while the scan was running.")


def test_the_page_after_it_says_what_stays_until_when_and_how_to_end_that(site: SigningIn) -> None:
    site.sign_in()
    page = site.post(disconnect).body.decode()
    assert "23 Nov 2027" in page
    assert "Enterprise applications" in page
    assert "mailto:" in page


def test_disconnecting_needs_a_session(site: SigningIn) -> None:
    assert site.post(disconnect).status == 401


def test_after_disconnecting_a_new_sign_in_connects_and_reads_again(site: SigningIn) -> None:
    site.sign_in()
    site.post(disconnect)
    site.clock.sleep(60)
    site.sign_in()
    assert site.connection is not None
    assert site.connection.state is ConnectionState.ACTIVE
    assert len(site.parts.outbox.of(SCAN_REQUESTS.name)) == 2
