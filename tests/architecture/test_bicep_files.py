"""What every template keeps to."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture import bicep_tree
from tests.architecture.bicep_tree import deployed, parsed, paths, resources, text, words

DESCRIPTION = re.compile(r"(Required|Optional)\. .+")
WITHOUT_LOCATION = {"budget.bicep", "registrations.bicep", "roles.bicep"}
"""What has no region: a budget, Entra objects, rights."""

SECRET_FUNCTIONS = ("listKeys", "listAccountSas", "listServiceSas", "listSecrets", "listAccountKeys")
SECRET_WORDS = ("accountkey=", "sharedaccesskey", "password", "pwd=", "clientsecret", "client_secret")


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_a_file_parses_and_says_first_what_it_is_for(path: Path) -> None:
    assert parsed(path.name)["globals"] is not None
    assert text(path.name).startswith("// ")


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_every_parameter_says_what_it_is_and_required_ones_have_no_default(path: Path) -> None:
    for name, parameter in parsed(path.name).get("parameters", {}).items():
        said = next((one["argument"] for one in parameter["decorators"] if one["type"] == "description"), "")
        assert DESCRIPTION.fullmatch(said), name
        assert (parameter["default"] is None) == said.startswith("Required."), name


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_a_file_makes_resources_in_uk_south_only(path: Path) -> None:
    location = parsed(path.name).get("parameters", {}).get("location")
    if path.name in WITHOUT_LOCATION:
        assert location is None
        return
    allowed = [one["argument"] for one in location["decorators"] if one["type"] == "allowed"]
    assert allowed == [["uksouth"]]


def test_every_module_of_main_is_a_file_and_every_file_is_a_module_of_main() -> None:
    named = {module["detail"]["path"] for module in parsed("main.bicep")["modules"].values()}
    assert named == {path.name for path in paths()} - {"main.bicep"}


def test_every_module_gets_the_parameters_it_requires_and_no_other() -> None:
    for name, module in parsed("main.bicep")["modules"].items():
        config = module["config"].get("config", module["config"])
        known = parsed(module["detail"]["path"])["parameters"]
        required = {one for one, parameter in known.items() if parameter["default"] is None}
        assert required <= set(config["params"]) <= set(known), name


def test_the_example_gives_what_main_requires_and_no_secret() -> None:
    given = set(re.findall(r"^param (\w+) =", text("main.example.bicepparam"), re.MULTILINE))
    required = {name for name, one in parsed("main.bicep")["parameters"].items() if one["default"] is None}
    assert given == required


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_no_key_password_or_connection_string_is_written_or_asked_for(path: Path) -> None:
    source = text(path.name)
    assert [name for name in SECRET_FUNCTIONS if f"{name}(" in source] == []
    assert [word for word in SECRET_WORDS if any(word in one.lower() for one in words(parsed(path.name)))] == []
    assert "@secure()" not in source, "nothing secret is passed at all"


def test_nobody_signs_in_with_a_key() -> None:
    found = {
        one.type: one.properties
        for one in deployed()
        if one.type.count("/") == 1 and one.type.split("/")[0] in {"Microsoft.Storage", "Microsoft.ServiceBus"}
    }
    assert found["Microsoft.Storage/storageAccounts"]["allowSharedKeyAccess"] is False
    assert found["Microsoft.ServiceBus/namespaces"]["disableLocalAuth"] is True
    assert bicep_tree.the_one("Microsoft.Insights/components").properties["DisableLocalAuth"] is True
    assert bicep_tree.the_one("Microsoft.Sql/servers").properties["administrators"]["azureADOnlyAuthentication"] is True


@pytest.mark.parametrize(
    "kind", ["Microsoft.Sql/servers", "Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts"]
)
def test_what_holds_data_is_reached_through_private_endpoints_only(kind: str) -> None:
    assert bicep_tree.the_one(kind).properties["publicNetworkAccess"] == "Disabled"
    modules = parsed("main.bicep")["modules"]
    endpoints = [module for module in modules.values() if module["detail"]["path"] == "private_endpoint.bicep"]
    assert len(endpoints) == 3


def test_api_versions_are_stable_ones() -> None:
    known_preview = {"Microsoft.Insights/diagnosticSettings@2021-05-01-preview"}  # there is no later one
    previews = set(re.findall(r"'(Microsoft[^']+@[^']*preview)'", "".join(text(path.name) for path in paths())))
    assert previews <= known_preview


def test_every_skipped_policy_has_its_reason() -> None:
    skips = re.findall(r"checkov:skip=(\w+):(.*)", "".join(text(path.name) for path in paths()))
    everywhere = re.findall(r"^  - (\S+)(.*)$", text("checkov.yaml"), re.MULTILINE)
    assert [check for check, reason in [*skips, *everywhere] if len(reason.strip(" #")) < 15] == []
    assert len(skips) >= 5


def test_the_linter_knows_the_extension_that_the_registrations_use() -> None:
    assert "microsoftGraphV1" in json.loads(text("bicepconfig.json"))["extensions"]
    assert len(resources()) > 30
