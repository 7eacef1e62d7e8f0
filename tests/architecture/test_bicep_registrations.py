"""The two app registrations."""

import re

from shared.core.operators import Role
from shared.identity.entra import ADMIN_CALLBACK, READING_CALLBACK, SIGN_IN_CALLBACK
from shared.identity.operators import OPERATORS
from tests.architecture.bicep_snapshot import Resource, deployed, snapshot, text

AZURE_SERVICE_MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
USER_IMPERSONATION = "41094075-9dad-400e-a0bd-54e686782033"
BASE_URL = "https://review.example.com"


def registration(beginning: str) -> Resource:
    """The one whose unique name is this and the deployment's own text."""
    suffix = snapshot()["outputs"]["appName"].split("-")[1]
    (found,) = [one for one in deployed("Microsoft.Graph/applications") if one.name == f"{beginning}-{suffix}"]
    return found


CUSTOMER, DESK = "caleta-cost-review", "caleta-cost-review-desk"


def test_customers_are_asked_for_one_delegated_permission() -> None:
    customer = registration(CUSTOMER).properties
    assert customer["signInAudience"] == "AzureADMultipleOrgs"
    (access,) = customer["requiredResourceAccess"]
    assert access["resourceAppId"] == AZURE_SERVICE_MANAGEMENT
    assert access["resourceAccess"] == [{"id": USER_IMPERSONATION, "type": "Scope"}]


def test_the_redirect_addresses_are_those_that_the_app_answers() -> None:
    customer, desk = registration(CUSTOMER).properties, registration(DESK).properties
    assert customer["web"]["redirectUris"] == [
        f"{BASE_URL}{path}" for path in (SIGN_IN_CALLBACK, ADMIN_CALLBACK, READING_CALLBACK)
    ]
    assert desk["web"]["redirectUris"] == [f"{BASE_URL}{OPERATORS.callback}"]


def test_the_desk_is_for_our_own_tenant_asks_for_nothing_and_has_the_apps_roles() -> None:
    desk = registration(DESK).properties
    assert desk["signInAudience"] == "AzureADMyOrg"
    assert "requiredResourceAccess" not in desk
    assert [role["value"] for role in desk["appRoles"]] == [role.value for role in Role]
    assert {str(role["allowedMemberTypes"]) for role in desk["appRoles"]} == {"['User']"}


def test_a_user_without_a_role_does_not_get_in() -> None:
    (principal,) = deployed("Microsoft.Graph/servicePrincipals")
    assert principal.properties["appRoleAssignmentRequired"] is True


def test_the_desk_shows_among_the_portals_enterprise_applications() -> None:
    (principal,) = deployed("Microsoft.Graph/servicePrincipals")
    assert principal.properties["tags"] == ["WindowsAzureActiveDirectoryIntegratedApp"]


def test_staging_does_not_overwrite_production() -> None:
    """A unique name counts in the whole tenant; the resource group's own text makes it one per deployment."""
    assert re.findall(r"uniqueName: '.*\$\{(\w+)\}'", text("registrations.bicep")) == ["deploymentName"] * 2
    assert "deploymentName: suffix" in text("main.bicep")
    assert "var suffix = uniqueString(resourceGroup().id)" in text("main.bicep")


def test_another_engineer_can_deploy_again() -> None:
    """Only an owner may change an application; owners are added and none is removed."""
    owned = [*deployed("Microsoft.Graph/applications"), *deployed("Microsoft.Graph/servicePrincipals")]
    assert len(owned) == 3
    for one in owned:
        assert one.properties["owners"]["relationshipSemantics"] == "append"
        assert "deployer().objectId" in one.properties["owners"]["relationships"]


def test_neither_registration_has_a_secret_and_both_trust_the_apps_identity() -> None:
    assert not {"passwordCredentials", "keyCredentials"} & {
        *registration(CUSTOMER).properties,
        *registration(DESK).properties,
    }
    credentials = deployed("Microsoft.Graph/applications/federatedIdentityCredentials")
    assert len(credentials) == 2
    for one in credentials:
        assert one.properties["audiences"] == ["api://AzureADTokenExchange"]
        assert "userAssignedIdentities/caleta-identity'" in one.properties["subject"]
        assert "environment().authentication.loginEndpoint" in one.properties["issuer"]
        assert "11111111-1111-1111-1111-111111111111" in one.properties["issuer"]


def test_no_token_comes_through_the_browsers_address() -> None:
    for name in (CUSTOMER, DESK):
        granted = registration(name).properties["web"]["implicitGrantSettings"]
        assert granted == {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False}
