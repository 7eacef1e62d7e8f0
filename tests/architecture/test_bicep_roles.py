"""Rights: all in one file, each with its reason, none broader than it has to be."""

import re

import pytest

from tests.architecture.bicep_snapshot import Resource, deployed, paths, text

ROLE_IDS = {
    "storageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "serviceBusDataOwner": "090c5cfd-751d-490a-894a-3ce6f1109419",
    "keyVaultSecretsUser": "4633458b-17de-408a-b874-0445c86b69e6",
    "keyVaultSecretsOfficer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

OF_PEOPLE = {"keyVaultSecretsOfficer"}
"""Given to the group that deploys, and never to the app."""

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
RESOURCES = {
    ("Storage", "storageAccounts"),
    ("ServiceBus", "namespaces"),
    ("KeyVault", "vaults"),
    ("Insights", "components"),
}
REASON_AND_LINK = re.compile(r"((?:^// .+\n)+)var (\w+) = '([0-9a-f-]{36})'", re.MULTILINE)


def given(role: str) -> Resource:
    """The one assignment of a role."""
    (found,) = [one for one in deployed(ASSIGNMENT) if one.properties["roleDefinitionId"].endswith(ROLE_IDS[role])]
    return found


def test_rights_are_given_in_one_file_only() -> None:
    assert [path.name for path in paths() if ASSIGNMENT in text(path.name)] == ["roles.bicep"]
    assert len(deployed(ASSIGNMENT)) == len(ROLE_IDS)


def test_the_roles_are_those_they_are_named_after() -> None:
    assert {name: value for _, name, value in REASON_AND_LINK.findall(text("roles.bicep"))} == ROLE_IDS


def test_every_role_has_its_reason_and_a_link_to_what_it_allows() -> None:
    explained = {name: comment for comment, name, _ in REASON_AND_LINK.findall(text("roles.bicep"))}
    assert set(explained) == set(ROLE_IDS)
    for name, comment in explained.items():
        *reason, link = comment.strip().splitlines()
        assert len(" ".join(reason)) > 40, name
        assert link.startswith("// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/"), name


@pytest.mark.parametrize("role", ROLE_IDS)
def test_a_right_is_on_one_resource_and_for_one_principal(role: str) -> None:
    assignment = given(role)
    on = re.findall(r"/providers/Microsoft\.(\w+)/(\w+)/", str(assignment.config["id"]))
    assert on[0] in RESOURCES, "not on the resource group, not on the subscription"
    principal, kind = assignment.properties["principalId"], assignment.properties["principalType"]
    if role in OF_PEOPLE:
        assert (principal, kind) == ("00000000-0000-0000-0000-000000000000", "Group")
    else:
        assert kind == "ServicePrincipal"
        assert "userAssignedIdentities/caleta-identity'" in principal


def test_an_assignments_name_is_made_of_what_it_gives_so_that_it_can_be_deployed_twice() -> None:
    made = re.findall(r"name: guid\((\w+)\.id, (?:principalId|deployerGroupId), (\w+)\)", text("roles.bicep"))
    assert {role for _, role in made} == set(ROLE_IDS)


def test_one_identity_has_rights_in_azure_and_the_other_has_one_in_the_database_alone() -> None:
    identities = [one.name for one in deployed("Microsoft.ManagedIdentity/userAssignedIdentities")]
    assert identities == ["caleta-identity", "caleta-purge-identity"]
    assert [one.name for one in deployed(ASSIGNMENT) if "caleta-purge-identity" in str(one.properties)] == []
