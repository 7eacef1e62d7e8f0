"""P01: one delegated permission is ever asked for, besides the scopes of signing in."""

import json

from shared.arm.endpoints import ARM_SCOPE
from shared.identity.entra import SIGN_IN_SCOPES
from tests.architecture.tree import shipped
from tests.support.entra_double import granted
from tests.support.signing_in import SigningIn, asked
from web.customer.consent import consent_admin_start
from web.privacy.permissions import permissions

PERMISSION = "https://management.azure.com/user_impersonation"
EVERY_SCOPE = {PERMISSION, "openid", "profile", "offline_access"}


def test_the_permission_is_the_one_on_the_permissions_page(site: SigningIn) -> None:
    assert PERMISSION == ARM_SCOPE
    assert {ARM_SCOPE, *SIGN_IN_SCOPES} == EVERY_SCOPE
    page = site.get(permissions).body.decode()
    assert all(f"<code>{scope}</code>" in page for scope in EVERY_SCOPE)


def test_a_user_and_an_administrator_are_asked_for_it_and_for_nothing_else(site: SigningIn) -> None:
    assert set(site.start()["scope"].split()) == EVERY_SCOPE
    assert set(asked(site.post(consent_admin_start))["scope"].split()) == EVERY_SCOPE


def test_tokens_are_asked_for_it_and_for_nothing_else_by_grants_of_a_user(site: SigningIn) -> None:
    site.sign_in()
    site.entra.answers = [(200, granted())]
    assert site.connection is not None
    site.parts.tokens.for_user(site.connection.tenant_id, site.connection.user_object_id).access_token()
    assert [form["grant_type"] for form in site.entra.forms] == ["authorization_code", "refresh_token"]
    assert all(set(form["scope"].split()) <= EVERY_SCOPE for form in site.entra.forms)


def test_no_claim_is_asked_for_but_our_capability(site: SigningIn) -> None:
    assert json.loads(site.start()["claims"]) == {"access_token": {"xms_cc": {"values": ["CP1"]}}}


def test_no_code_that_ships_acts_as_the_application_in_a_customers_tenant() -> None:
    identity = [module for module in shipped() if module.name.startswith("shared.identity")]
    assert identity
    for module in identity:
        text = module.path.read_text(encoding="utf-8")
        assert "acquire_token_for_client" not in text
        assert "graph.microsoft.com" not in text
        assert ".default" not in text
