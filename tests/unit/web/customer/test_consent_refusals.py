import pytest

from tests.support.entra_double import BASE_URL, HOST, TENANT, granted
from tests.support.signing_in import SigningIn, refusal
from web.customer.consent import (
    consent_admin_callback,
    consent_callback,
    consent_start,
)
from web.http.access import current_session
from web.http.messages import Request


def is_signed_in(site: SigningIn) -> bool:
    return current_session(Request("GET", "/", cookies=site.cookies), site.parts) is not None


REFUSALS = [
    ("access_denied", 65004, 403, "You did not give consent"),
    ("access_denied", 90094, 403, "administrator must approve"),
    ("access_denied", 90095, 403, "has your approval request"),
    ("access_denied", 50105, 403, "not assigned"),
    ("access_denied", 53003, 403, "security policy"),
    ("access_denied", 500212, 403, "across tenants"),
    ("interaction_required", 16000, 403, "not in that organisation"),
    ("login_required", 50058, 401, "was not completed"),
    ("invalid_grant", 50057, 403, "cannot sign in"),
    ("temporarily_unavailable", 90033, 503, "is not responding"),
    ("server_error", 9999, 503, "is not responding"),
    ("unauthorized_client", 700016, 503, "a problem on our side"),
    ("invalid_request", 900144, 503, "a problem on our side"),
]


@pytest.mark.parametrize(("error", "code", "status", "words"), REFUSALS)
def test_each_refusal_has_its_page_and_stores_no_customer(
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
    assert b"has expired" in response.body
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
    assert b"does not match your sign-in" in response.body
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


def test_an_answer_without_a_refresh_token_stores_no_customer(site: SigningIn) -> None:
    query = site.start()
    callback = site.accept(query)
    site.entra.answers = [(200, {**granted(), "refresh_token": None})]
    assert site.get(consent_callback, callback).status == 403
    assert site.connection is None
