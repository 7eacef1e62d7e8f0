"""The two app registrations; checkov's parser cannot read this file, so these rules stand alone."""

import re

from shared.core.operators import Role
from shared.identity.entra import ADMIN_CALLBACK, SIGN_IN_CALLBACK
from shared.identity.operators import OPERATORS
from tests.architecture.bicep_tree import Resource, deployed, text

AZURE_SERVICE_MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
USER_IMPERSONATION = "41094075-9dad-400e-a0bd-54e686782033"


def registration(name: str) -> Resource:
    (found,) = [one for one in deployed("Microsoft.Graph/applications") if one.name == name]
    return found


def test_customers_are_asked_for_one_delegated_permission() -> None:
    customer = registration("customerApp").config
    assert customer["signInAudience"] == "AzureADMultipleOrgs"
    (access,) = customer["requiredResourceAccess"]
    assert access["resourceAppId"] == "azureServiceManagement"
    assert access["resourceAccess"] == [{"id": "userImpersonation", "type": "Scope"}]
    assert f"azureServiceManagement = '{AZURE_SERVICE_MANAGEMENT}'" in text("registrations.bicep")
    assert f"userImpersonation = '{USER_IMPERSONATION}'" in text("registrations.bicep")


def test_the_redirect_addresses_are_those_that_the_app_answers() -> None:
    customer, desk = registration("customerApp").config, registration("deskApp").config
    assert customer["web"]["redirectUris"] == [f"${{baseUrl}}{path}" for path in (SIGN_IN_CALLBACK, ADMIN_CALLBACK)]
    assert desk["web"]["redirectUris"] == [f"${{baseUrl}}{OPERATORS.callback}"]


def test_the_desk_is_for_our_own_tenant_asks_for_nothing_and_has_the_apps_roles() -> None:
    desk = registration("deskApp").config
    assert desk["signInAudience"] == "AzureADMyOrg"
    assert "requiredResourceAccess" not in desk
    assert [role["value"] for role in desk["appRoles"]] == [role.value for role in Role]
    assert {str(role["allowedMemberTypes"]) for role in desk["appRoles"]} == {"['User']"}


def test_who_has_no_role_does_not_get_in() -> None:
    (principal,) = deployed("Microsoft.Graph/servicePrincipals")
    assert principal.config["appRoleAssignmentRequired"] is True


def test_neither_registration_has_a_secret_and_both_trust_the_apps_identity() -> None:
    source = text("registrations.bicep")
    assert "passwordCredentials" not in source
    assert "keyCredentials" not in source
    assert re.findall(r"subject: (\w+)", source) == ["identityPrincipalId"] * 2
    assert re.findall(r"audiences: \['(.+)'\]", source) == ["api://AzureADTokenExchange"] * 2
    assert source.count("issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'") == 2


def test_no_token_comes_through_the_browsers_address() -> None:
    for name in ("customerApp", "deskApp"):
        granted = registration(name).config["web"]["implicitGrantSettings"]
        assert granted == {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False}
