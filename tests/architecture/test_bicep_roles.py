"""Rights: all in one file, each with its reason, none broader than it has to be."""

import re

import pytest

from tests.architecture.bicep_tree import deployed, parsed, resources, text

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
REASON_AND_LINK = re.compile(r"((?:^// .+\n)+)var (\w+) = '([0-9a-f-]{36})'", re.MULTILINE)


def test_rights_are_given_in_one_file_only() -> None:
    assert {one.file for one in deployed(ASSIGNMENT)} == {"roles.bicep"}


def test_the_roles_are_those_they_are_named_after() -> None:
    assert {name: one["value"] for name, one in parsed("roles.bicep")["variables"].items()} == ROLE_IDS


def test_every_role_has_its_reason_and_a_link_to_what_it_allows() -> None:
    explained = {name: comment for comment, name, _ in REASON_AND_LINK.findall(text("roles.bicep"))}
    assert set(explained) == set(ROLE_IDS)
    for name, comment in explained.items():
        *reason, link = comment.strip().splitlines()
        assert len(" ".join(reason)) > 40, name
        assert link.startswith("// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/"), name


@pytest.mark.parametrize("role", ROLE_IDS)
def test_a_right_is_on_one_resource_and_for_one_principal(role: str) -> None:
    (given,) = [one for one in deployed(ASSIGNMENT) if role in str(one.properties["roleDefinitionId"])]
    existing = {one.name for one in resources() if one.file == "roles.bicep" and one.is_existing}
    assert given.config["scope"] in existing, "not on the resource group, not on the subscription"
    whose = ("deployerGroupId", "Group") if role in OF_PEOPLE else ("principalId", "ServicePrincipal")
    assert (given.properties["principalId"], given.properties["principalType"]) == whose
    assert role in str(given.config["name"]), "its name is made of what it gives, so that it can be deployed twice"


def test_one_identity_has_rights_in_azure_and_the_other_has_one_in_the_database_alone() -> None:
    assert [str(one) for one in deployed("Microsoft.ManagedIdentity/userAssignedIdentities")] == [
        "identity.bicep:identity"
    ]
    modules = parsed("main.bicep")["modules"]
    made = [name for name, module in modules.items() if module["detail"]["path"] == "identity.bicep"]
    assert made == ["identity", "purgeIdentity"]
    assert "'identity'" in str(modules["roles"]["config"]["params"]["principalId"])
    assert "purgeIdentity.outputs.principalId" not in text("main.bicep")
