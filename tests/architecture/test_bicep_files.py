"""What every template keeps to, and what the resources it deploys have in common."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.architecture.bicep_snapshot import deployed, outputs, paths, text, the_one, words

PARAMETER = re.compile(r"@description\('(.+)'\)\n(?:@.+\n)*param (\w+) (.+)")
WITHOUT_LOCATION = {"budget.bicep", "registrations.bicep", "roles.bicep", "types.bicep"}
"""What has no region: a budget, Entra objects, rights, types."""

SECRET_FUNCTIONS = ("listKeys", "listAccountSas", "listServiceSas", "listSecrets", "listAccountKeys")
SECRET_WORDS = ("accountkey=", "sharedaccesskey", "password", "pwd=", "clientsecret", "client_secret")


def parameters(name: str) -> dict[str, tuple[str, str]]:
    """Description and the rest of the declaration, by name."""
    return {name: (said, rest) for said, name, rest in PARAMETER.findall(text(name))}


def is_optional(declaration: str) -> bool:
    return " = " in declaration or declaration.endswith("?")


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_a_file_says_first_what_it_is_for(path: Path) -> None:
    assert text(path.name).startswith("// ")


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_every_parameter_says_what_it_is_and_whether_it_is_required(path: Path) -> None:
    found = parameters(path.name)
    assert len(found) == len(re.findall(r"^param ", text(path.name), re.MULTILINE))
    for name, (said, declaration) in found.items():
        assert re.fullmatch(r"(Required|Optional)\. .+", said), name
        assert is_optional(declaration) == said.startswith("Optional."), name


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_a_file_takes_uk_south_as_its_region_and_no_other(path: Path) -> None:
    allowed = re.findall(r"@allowed\(\['uksouth'\]\)\nparam location string", text(path.name))
    assert len(allowed) == (0 if path.name in WITHOUT_LOCATION else 1)


def test_every_file_is_a_module_of_main_or_the_types_that_they_share() -> None:
    named = set(re.findall(r"^module \w+ '(\w+\.bicep)'", text("main.bicep"), re.MULTILINE))
    assert named == {path.name for path in paths()} - {"main.bicep", "types.bicep"}


def test_the_example_gives_what_main_requires_and_no_secret() -> None:
    given = dict(re.findall(r"^param (\w+) = (.*)$", text("main.example.bicepparam"), re.MULTILINE))
    set_by_the_deployment = {name for name, value in given.items() if value.startswith("readEnvironmentVariable(")}
    required = {name for name, (_, rest) in parameters("main.bicep").items() if not is_optional(rest)}
    assert set(given) - set_by_the_deployment == required


def test_no_budget_is_deployed_unless_one_is_asked_for() -> None:
    assert deployed("Microsoft.Consumption/budgets") == ()


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_no_key_is_asked_for(path: Path) -> None:
    source = text(path.name)
    assert [name for name in SECRET_FUNCTIONS if f"{name}(" in source] == []
    assert "@secure()" not in source, "nothing secret is passed at all"


def test_no_password_or_connection_string_is_deployed() -> None:
    said = {one.lower() for resource in deployed() for one in words(resource.config)}
    assert [word for word in SECRET_WORDS if any(word in one for one in said)] == []


def test_no_key_signs_in_anywhere() -> None:
    assert the_one("Microsoft.Storage/storageAccounts").properties["allowSharedKeyAccess"] is False
    assert the_one("Microsoft.ServiceBus/namespaces").properties["disableLocalAuth"] is True
    assert the_one("Microsoft.Insights/components").properties["DisableLocalAuth"] is True
    assert the_one("Microsoft.Sql/servers").properties["administrators"]["azureADOnlyAuthentication"] is True
    passwords = deployed("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert {one.name.rpartition("/")[2]: one.properties for one in passwords} == {
        "ftp": {"allow": False},
        "scm": {"allow": False},
    }


@pytest.mark.parametrize(
    "kind", ["Microsoft.Sql/servers", "Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts"]
)
def test_what_holds_data_is_reached_through_private_endpoints_only(kind: str) -> None:
    assert the_one(kind).properties["publicNetworkAccess"] == "Disabled"
    connections = [
        one.properties["privateLinkServiceConnections"] for one in deployed("Microsoft.Network/privateEndpoints")
    ]
    reached = [connection["properties"]["privateLinkServiceId"] for (connection,) in connections]
    assert the_one(kind).config["id"] in reached


def test_each_private_endpoint_has_its_name_zone() -> None:
    groups = sorted(
        group
        for one in deployed("Microsoft.Network/privateEndpoints")
        for connection in one.properties["privateLinkServiceConnections"]
        for group in connection["properties"]["groupIds"]
    )
    assert groups == ["blob", "sqlServer", "table", "vault"]
    assert len(deployed("Microsoft.Network/privateDnsZones")) == len(groups)


def test_the_servers_audit_records_sign_ins_and_every_change_of_rights() -> None:
    recorded = the_one("Microsoft.Sql/servers/auditingSettings").properties["auditActionsAndGroups"]
    assert {
        "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
        "FAILED_DATABASE_AUTHENTICATION_GROUP",
        "DATABASE_PERMISSION_CHANGE_GROUP",
        "DATABASE_OBJECT_PERMISSION_CHANGE_GROUP",
        "SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP",
    } <= set(recorded)
    assert "BATCH_COMPLETED_GROUP" not in recorded, "it would keep customers' data in the texts of statements"


def test_api_versions_are_stable_ones() -> None:
    known_preview = {"Microsoft.Insights/diagnosticSettings@2021-05-01-preview"}  # there is no later one
    previews = {f"{one.type}@{one.config['apiVersion']}" for one in deployed() if "apiVersion" in one.config}
    assert {one for one in previews if one.endswith("preview")} <= known_preview


def test_names_have_no_underscore_where_azure_takes_none() -> None:
    subnets = the_one("Microsoft.Network/virtualNetworks").properties["subnets"]
    assert [one["name"] for one in subnets if "_" in one["name"]] == []


def test_the_deployment_returns_what_it_returned_to_every_step() -> None:
    assert outputs() == set(re.findall(r"^output (\w+) ", text("main.bicep"), re.MULTILINE))


def test_only_the_front_door_reaches_the_app() -> None:
    site = the_one("Microsoft.Web/sites").properties["siteConfig"]
    rules = site["ipSecurityRestrictions"]
    assert site["ipSecurityRestrictionsDefaultAction"] == "Deny"
    assert {rule["action"] for rule in rules} == {"Allow"}
    ranges = [ip_network(rule["ipAddress"]) for rule in rules]
    assert (len([one for one in ranges if one.version == 4]), len([one for one in ranges if one.version == 6])) == (
        15,
        7,
    )
    assert min(one.prefixlen for one in ranges if one.version == 4) >= 13, "no rule lets in half the internet"
    assert len({rule["priority"] for rule in rules}) == len(rules) == len({rule["name"] for rule in rules})
