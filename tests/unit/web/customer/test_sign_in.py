"""Signing in to read: no Azure permission, no scan, back to the page that was wanted."""

import pytest

from shared.core.audit import Action
from shared.messaging.queues import SCAN_REQUESTS
from shared.sql.scans.scans import Scans
from tests.support.entra_double import TENANT, USER, granted, id_claims
from tests.support.signing_in import SigningIn, asked, refusal
from web.customer.scans import scan_list
from web.customer.sign_in import sign_in_callback, sign_in_page, sign_in_start
from web.error_pages import answer
from web.http.access import current_session
from web.http.messages import Request, Response

SCAN = "/scans/0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d"


def begin(site: SigningIn, return_to: str = f"{SCAN}/findings") -> dict[str, str]:
    """What Entra is asked after the form of the sign-in page."""
    return asked(site.post(sign_in_start, {"return_to": return_to}))


def come_back(site: SigningIn, query: dict[str, str], **claims: object) -> Response:
    site.entra.answers = [(200, granted(id_claims(nonce=query["nonce"], **claims)))]
    return site.get(sign_in_callback, {"code": "the-code", "state": query["state"]})


@pytest.fixture
def returning(site: SigningIn) -> SigningIn:
    """A user with a review whose session has ended."""
    site.sign_in()
    site.cookies.clear()
    return site


def test_microsoft_is_asked_for_the_identity_alone(site: SigningIn) -> None:
    query = begin(site)
    assert set(query["scope"].split()) == {"openid", "profile"}
    assert query["redirect_uri"].endswith("/sign-in/callback")


def test_the_user_lands_where_the_link_pointed_and_no_scan_starts(returning: SigningIn) -> None:
    before = Scans(returning.parts.database).latest(TENANT, USER)
    response = come_back(returning, begin(returning))
    assert (response.status, response.headers["Location"]) == (303, f"{SCAN}/findings")
    assert Scans(returning.parts.database).latest(TENANT, USER) == before
    assert len(returning.parts.outbox.of(SCAN_REQUESTS.name)) == 1
    assert current_session(Request("GET", "/", cookies=returning.cookies), returning.parts) is not None


def test_the_consent_and_its_token_stay_as_they_are(returning: SigningIn) -> None:
    before = returning.connection
    come_back(returning, begin(returning))
    assert returning.connection == before


def test_a_sign_in_to_read_is_in_the_activity_log(returning: SigningIn) -> None:
    come_back(returning, begin(returning))
    actions = [entry.action for entry in returning.parts.audit_log.of_user(TENANT, USER, limit=100)]
    assert Action.SIGNED_IN in actions


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "/scans?x=1", "/scans#x", "/desk",
        f"{SCAN}/export/report.xlsx", "/scans/../desk", "/scans\n", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_no_other_address_is_returned_to(returning: SigningIn, elsewhere: str) -> None:
    assert come_back(returning, begin(returning, elsewhere)).headers["Location"] == "/scans"


def test_nothing_is_stored_about_a_user_without_a_review(site: SigningIn) -> None:
    response = come_back(site, begin(site))
    assert response.status == 200
    assert b"You have no review yet" in response.body
    assert site.connection is None
    assert site.parts.audit_log.of_user(TENANT, USER, limit=100) == []
    assert site.cookies == {}


def test_the_callback_of_a_consent_is_not_one_of_a_sign_in_to_read(site: SigningIn) -> None:
    query = site.start()
    assert site.get(sign_in_callback, site.accept(query)).status in (400, 410)
    assert site.connection is None


def test_a_refused_sign_in_offers_the_same_sign_in_again(site: SigningIn) -> None:
    response = site.get(sign_in_callback, refusal(begin(site), "access_denied", 65004))
    assert response.status == 403
    assert b'action="/sign-in"' in response.body


def test_a_signed_in_user_continues_at_once(returning: SigningIn) -> None:
    come_back(returning, begin(returning))
    response = returning.get(sign_in_page, {"return_to": "/data"})
    assert (response.status, response.headers["Location"]) == (303, "/data")


def test_a_page_that_needs_a_session_leads_back_to_itself(site: SigningIn) -> None:
    response = answer(scan_list, Request("GET", f"{SCAN}/report"), site.parts)
    page = response.body.decode()
    assert response.status == 401
    assert 'action="/sign-in"' in page
    assert f'name="return_to" value="{SCAN}/report"' in page
