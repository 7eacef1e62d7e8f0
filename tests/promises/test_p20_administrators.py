"""P20: administrators can pre-approve by a link; a customer comes into being by a validated sign-in only."""

import pytest

from shared.identity.consent import FLOWS_TABLE
from tests.support.collecting import Surroundings
from tests.support.entra_double import BASE_URL, HOST, TENANT
from tests.support.signing_in import SigningIn, asked, destination, refusal
from web.customer.consent import consent_admin, consent_admin_callback, consent_admin_start, consent_callback
from web.privacy.permissions import permissions

OTHER = "99999999-9999-9999-9999-999999999999"


def is_untouched(site: SigningIn) -> bool:
    """No customer, no scan, no session, nothing asked of Entra's token endpoint."""
    parts: Surroundings = site.parts
    return (
        site.connection is None
        and not parts.outbox.sent
        and not site.entra.forms
        and "__Host-session" not in site.cookies
    )


def test_the_link_is_on_the_permissions_page_and_on_the_page_of_who_needs_it(site: SigningIn) -> None:
    assert b'href="/consent/admin"' in site.get(permissions).body
    page = site.get(consent_callback, refusal(site.start(), "access_denied", 90094)).body.decode()
    assert f'value="{BASE_URL}/consent/admin"' in page


def test_opening_the_link_does_nothing_until_the_administrator_continues(site: SigningIn) -> None:
    assert site.get(consent_admin).status == 200
    site.clock.sleep(86_400)
    assert site.tables.delete_expired(FLOWS_TABLE, site.clock.now()) == 0
    on = site.post(consent_admin_start, {"tenant": "contoso.example"})
    assert destination(on).startswith(f"{HOST}/contoso.example/v2.0/adminconsent?")


@pytest.mark.parametrize("tenant", [TENANT, OTHER, "", "common", "' OR 1=1"])
def test_what_the_callback_says_creates_nothing(site: SigningIn, tenant: str) -> None:
    query = asked(site.post(consent_admin_start))
    callback = {"admin_consent": "True", "state": query["state"], **({"tenant": tenant} if tenant else {})}
    assert site.get(consent_admin_callback, callback).status == 200
    assert is_untouched(site)


def test_a_forged_callback_creates_nothing_either(site: SigningIn) -> None:
    for query in ({"admin_consent": "True", "tenant": TENANT}, {"admin_consent": "True", "state": "a" * 43}):
        assert site.get(consent_admin_callback, query).status in range(400, 500)
    assert is_untouched(site)


def test_a_customer_comes_into_being_by_signing_in(site: SigningIn) -> None:
    assert site.sign_in().status == 303
    assert site.connection is not None
    assert site.connection.tenant_id == TENANT


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": OTHER},
        {"iss": f"{HOST}/{OTHER}/v2.0"},
        {"tid": OTHER},
        {"tid": "contoso.example"},
        {"oid": None},
        {"nonce": "another"},
        {"exp": 1},
    ],
)
def test_a_sign_in_that_is_not_valid_creates_nothing(site: SigningIn, claims: dict[str, object]) -> None:
    response = site.sign_in(**claims)  # type: ignore[arg-type]
    assert response.status == 403
    assert site.connection is None
    assert "__Host-session" not in site.cookies
