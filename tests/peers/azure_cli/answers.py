"""What Azure answers to each command, with the texts that Azure has for it."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.peers.azure_cli.arguments import Options, Refused
from tests.peers.azure_cli.refusals import refusals
from tests.peers.azure_cli.world import GROUP, SUBSCRIPTION, USER, World

ROOT = Path(__file__).resolve().parents[3]
SNAPSHOT = ROOT / "tests" / "architecture" / "bicep_snapshot.json"
PARAMETER = re.compile(r"^param (\w+) = (.+)$", re.MULTILINE)
SIGNED_OUT = "Please run 'az login' to setup account."

Answer = Callable[[World, Options], object]
"""Returns what is written to stdout: text as it is, anything else as JSON. Raises Refused."""


def _signed_in(world: World) -> None:
    if not world.signed_in:
        raise Refused(SIGNED_OUT)


def _snapshot() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return found


def _outputs() -> dict[str, Any]:
    """Outputs of the snapshot; an address of Azure's where the snapshot only knows a reference."""
    known = {
        "appHostName": "caleta-app.azurewebsites.net",
        "customerClientId": "33333333-aaaa-4aaa-8aaa-333333333333",
        "deskClientId": "44444444-aaaa-4aaa-8aaa-444444444444",
        "deskPrincipalId": "55555555-aaaa-4aaa-8aaa-555555555555",
        "identityClientId": "66666666-aaaa-4aaa-8aaa-666666666666",
        "identityPrincipalId": "77777777-aaaa-4aaa-8aaa-777777777777",
        "purgeIdentityClientId": "88888888-aaaa-4aaa-8aaa-888888888888",
        "keyVaultUri": "https://caleta-vault.vault.azure.net/",
        "sqlServerHostName": "caleta-sql.database.windows.net",
    }
    return {name: {"type": "String", "value": known.get(name, value)} for name, value in _snapshot()["outputs"].items()}


def version(world: World, _options: Options) -> object:
    return {"azure-cli": world.cli, "azure-cli-core": world.cli, "extensions": {}}


def bicep_version(world: World, _options: Options) -> str:
    return f"Bicep CLI version {world.bicep} (0123456789)\n"


def build_params(_world: World, options: Options) -> object:
    """As the compiler: the values, and BCP091 where `using` leads nowhere."""
    (name,) = options["--file"]
    file = Path(name)
    text = file.read_text(encoding="utf-8")
    using = re.search(r"^using '(.+)'$", text, re.MULTILINE)
    if using is None or not (file.parent / using[1]).is_file():
        raise Refused(f"{file}(4,7) : Error BCP091: An error occurred reading file. Could not find file")
    values = {name: {"value": _value(literal)} for name, literal in PARAMETER.findall(text)}
    return {"parametersJson": json.dumps({"parameters": values}), "templateJson": "{}"}


ENVIRONMENT_VARIABLE = re.compile(r"readEnvironmentVariable\('(\w+)', '([^']*)'\)")


def _value(literal: str) -> object:
    """A value of a parameter file: text, number, an object of texts, or what an environment variable holds."""
    if variable := ENVIRONMENT_VARIABLE.fullmatch(literal):
        return os.environ.get(variable[1], variable[2])
    if literal.startswith("{"):
        return {name: _value(inner) for name, inner in re.findall(r"(\w+): ('[^']*'|\d+)", literal)}
    return literal.strip("'") if literal.startswith("'") else json.loads(literal.replace("'", '"'))


def account(world: World, _options: Options) -> object:
    _signed_in(world)
    user = {"name": "engineer@caleta.example", "type": "user"}
    pipeline = {"name": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "type": "servicePrincipal"}
    return {"id": SUBSCRIPTION, "name": "Production", "state": "Enabled", "user": user if world.is_user else pipeline}


def login(world: World, _options: Options) -> object:
    world.signed_in = True
    return []


def create_group(world: World, _options: Options) -> object:
    _signed_in(world)
    world.has_group = True
    return {}


def token(world: World, options: Options) -> object:
    _signed_in(world)
    if options["--resource"][0] in world.no_token:
        raise Refused("AADSTS50076: Due to a configuration change you must use multi-factor authentication")
    return json.dumps("2026-11-30 13:00:00")


def group(world: World, options: Options) -> object:
    _signed_in(world)
    if not world.has_group:
        raise Refused(f"(ResourceGroupNotFound) Resource group '{options['--resource-group'][0]}' could not be found.")
    return {"name": options["--resource-group"][0], "location": "uksouth"}


def providers(world: World, _options: Options) -> object:
    _signed_in(world)
    return [{"namespace": name, "state": "Registered"} for name in world.registered] + [
        {"namespace": "Microsoft.Kusto", "state": "NotRegistered"}
    ]


def signed_in_user(world: World, _options: Options) -> object:
    _signed_in(world)
    if not world.is_user:
        raise Refused("/me request is only valid with delegated authentication flow.")
    return {"id": USER}


def service_principal(world: World, _options: Options) -> object:
    _signed_in(world)
    return {"id": USER}


def membership(world: World, options: Options) -> object:
    _signed_in(world)
    return {"value": world.is_member and options["--group"] == [GROUP] and options["--member-id"] == [USER]}


def deleted_vaults(world: World, _options: Options) -> object:
    _signed_in(world)
    scope = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/caleta/providers/Microsoft.KeyVault/vaults"
    found = [{"name": world.deleted_vault, "id": f"{scope}/{world.deleted_vault}"}] if world.deleted_vault else []
    return [*found, {"name": "caleta-other", "id": scope.replace("/caleta/", "/another/") + "/caleta-other"}]


def sql_servers(world: World, _options: Options) -> object:
    _signed_in(world)
    return ["caleta-sql-nurmm64wdzt6k"] if world.server_exists else []


def deployment(world: World, options: Options) -> object:
    """Refuses what Azure refuses of the snapshot; closes the doors, as the templates say."""
    _signed_in(world)
    if world.delayed("active"):
        raise Refused("(DeploymentActive) Unable to edit or replace deployment: the previous one is still active.")
    exists = "sqlServerExists=true" in options["--parameters"]
    resources = [_as_sent(one, exists=exists) for one in _snapshot()["predictedResources"]]
    if found := refusals(resources, world.tenant()):
        world.server_exists = True
        raise Refused(f"(DeploymentFailed) {found[0]}")
    world.deployments += 1
    world.app_rules = {}
    world.server_exists, world.sql_public, world.vault_public, world.vault_rules = True, False, False, []
    world.owners = sorted({*world.owners, USER})
    return _outputs()


def _as_sent(one: dict[str, Any], *, exists: bool) -> dict[str, Any]:
    if one["type"] == "Microsoft.Sql/servers" and exists:
        return {**one, "properties": {**one["properties"], "administrators": None}}
    return one


def what_if(world: World, _options: Options) -> str:
    _signed_in(world)
    return "Resource changes: 83 to create.\n"


def last_deployment(world: World, _options: Options) -> object:
    _signed_in(world)
    if not world.deployments:
        raise Refused("(DeploymentNotFound) Deployment 'caleta-cost-review' could not be found.")
    parameters = {
        "baseUrl": {"value": "https://review.caleta.example"},
        "mailSender": {"value": "review@caleta.example"},
    }
    return {"outputs": _outputs(), "parameters": parameters}


def update_server(world: World, options: Options) -> object:
    world.sql_public = options["--enable-public-network"] == ["true"]
    return {}


def add_rule(world: World, options: Options) -> object:
    if not world.sql_public:
        raise Refused(
            "(DenyPublicEndpointEnabled) Unable to create or modify firewall rules when public network is off"
        )
    world.sql_rules[options["--name"][0]] = options["--start-ip-address"][0]
    return {}


def remove_rule(world: World, options: Options) -> object:
    if world.sql_rules and not world.sql_public:
        raise Refused(
            "(DenyPublicEndpointEnabled) Unable to create or modify firewall rules when public network is off"
        )
    world.sql_rules.pop(options["--name"][0], None)
    return ""


def update_vault(world: World, options: Options) -> object:
    world.vault_public = options["--public-network-access"] == ["Enabled"]
    return {}


def add_address(world: World, options: Options) -> object:
    world.vault_rules = sorted({*world.vault_rules, *options["--ip-address"]})
    return {}


def remove_address(world: World, options: Options) -> object:
    world.vault_rules = [one for one in world.vault_rules if one not in options["--ip-address"]]
    return {}


def add_restriction(world: World, options: Options) -> object:
    world.app_rules[options["--rule-name"][0]] = options["--ip-address"][0]
    return []


def remove_restriction(world: World, options: Options) -> object:
    if world.app_rules.pop(options["--rule-name"][0], None) is None:
        raise Refused("No rule found with the specified criteria")
    return []


def publish(world: World, options: Options) -> object:
    """The remote build; then the CLI itself asks the host for its state."""
    if not Path(options["--src"][0]).is_file():
        raise Refused(f"{options['--src'][0]} is not there")
    if world.delayed("storage"):
        raise Refused("InaccessibleStorageException: BlobUploadFailedException: 403 (This request is not authorized)")
    if not (world.has_users and world.has_schema and world.keys):
        raise Refused("the app would start without users, schema or key")
    world.published += 1
    return {}


def function_keys(world: World, options: Options) -> object:
    if options["--function-name"] != ["readiness"] or not world.published:
        raise Refused("(NotFound) The function does not exist")
    return {"default": "the-key"}


def grant(world: World, _options: Options) -> object:
    world.consented = True
    return {}
