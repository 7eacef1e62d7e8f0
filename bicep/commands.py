"""What a deployment changes, command by command; questions.py has what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEPLOYMENT = "caleta-cost-review"
FIREWALL_RULE = "deployment"
KEY_AGE_DAYS = 90
MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
SIGN_IN_SCOPES = "openid profile"

MINUTE = 60
QUESTION_SECONDS = 2 * MINUTE
DEPLOYMENT_SECONDS = 90 * MINUTE
PREPARATION_SECONDS = 20 * MINUTE
PUBLICATION_SECONDS = 20 * MINUTE
"""The Azure CLI itself may wait for an app that never starts."""

OUTPUTS = (
    "appName", "appHostName", "customerClientId", "databaseName", "deskClientId", "deskPrincipalId",
    "identityClientId", "identityPrincipalId", "keyVaultName", "keyVaultUri", "purgeIdentityClientId",
    "sqlServerHostName", "sqlServerName",
)  # fmt: skip
"""Of main.bicep, as far as a deployment needs them."""


@dataclass(frozen=True)
class Command:
    """One program to run and its time limit; `environment` is added to that of the deployment itself."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = QUESTION_SECONDS

    def __str__(self) -> str:
        settings = [f"{name}='{value}'" for name, value in self.environment.items()]
        return " ".join([*settings, *(_quoted(word) for word in self.words)])


def _quoted(word: str) -> str:
    return f"'{word}'" if set(word) & set(" $[]{}();&?*") else word


def az(*words: str, seconds: float = QUESTION_SECONDS) -> Command:
    """Return a command of the Azure CLI."""
    return Command(("az", *words), seconds=seconds)


def question(*words: str) -> Command:
    """Return a command of the Azure CLI that changes nothing and answers in JSON."""
    return az(*words, "--output", "json")


def _with_parameters(parameters: str, *, server_exists: bool) -> tuple[str, ...]:
    return ("--parameters", parameters, f"sqlServerExists={str(server_exists).lower()}")


def infrastructure(group: str, parameters: str, *, server_exists: bool) -> Command:
    """Everything of bicep/; its answer is the template's outputs."""
    return az(
        "deployment", "group", "create", "--resource-group", group, "--name", DEPLOYMENT,
        *_with_parameters(parameters, server_exists=server_exists),
        "--query", "properties.outputs", "--output", "json", seconds=DEPLOYMENT_SECONDS,
    )  # fmt: skip


def preview(group: str, parameters: str, *, server_exists: bool) -> Command:
    """Azure's own preview of what `infrastructure` would change."""
    return az(
        "deployment", "group", "what-if", "--resource-group", group, "--name", DEPLOYMENT,
        *_with_parameters(parameters, server_exists=server_exists), seconds=PREPARATION_SECONDS,
    )  # fmt: skip


def open_doors(group: str, made: Mapping[str, str], address: str) -> list[Command]:
    """Lets this address reach the database and the key vault, which otherwise have no public way in."""
    server, vault = made["sqlServerName"], made["keyVaultName"]
    in_group = ("--resource-group", group)
    return [
        az("sql", "server", "update", *in_group, "--name", server, "--enable-public-network", "true"),
        az(
            "sql", "server", "firewall-rule", "create", *in_group, "--server", server, "--name", FIREWALL_RULE,
            "--start-ip-address", address, "--end-ip-address", address,
        ),
        az("keyvault", "update", *in_group, "--name", vault, "--public-network-access", "Enabled"),
        az("keyvault", "network-rule", "add", *in_group, "--name", vault, "--ip-address", f"{address}/32"),
    ]  # fmt: skip


def close_doors(group: str, made: Mapping[str, str], address: str) -> list[Command]:
    """The way back. The rule goes first: Azure refuses to change rules once the public network is off."""
    server, vault = made["sqlServerName"], made["keyVaultName"]
    in_group = ("--resource-group", group)
    return [
        az("sql", "server", "firewall-rule", "delete", *in_group, "--server", server, "--name", FIREWALL_RULE),
        az("sql", "server", "update", *in_group, "--name", server, "--enable-public-network", "false"),
        az("keyvault", "network-rule", "remove", *in_group, "--name", vault, "--ip-address", f"{address}/32"),
        az("keyvault", "update", *in_group, "--name", vault, "--public-network-access", "Disabled"),
    ]


def open_app(group: str, made: Mapping[str, str], address: str) -> list[Command]:
    """Lets this address call the app's health checks; pages are refused without the secret of the front door."""
    rule = ("--rule-name", FIREWALL_RULE, "--action", "Allow", "--ip-address", f"{address}/32", "--priority", "90")
    return [_access_restriction("add", group, made, *rule)]


def close_app(group: str, made: Mapping[str, str], address: str) -> list[Command]:  # noqa: ARG001 - as the other doors
    """The way back."""
    return [_access_restriction("remove", group, made, "--rule-name", FIREWALL_RULE)]


def _access_restriction(change: str, group: str, made: Mapping[str, str], *rule: str) -> Command:
    of_app = ("--resource-group", group, "--name", made["appName"])
    return az("functionapp", "config", "access-restriction", change, *of_app, *rule)


def open_schema(python: str, made: Mapping[str, str], deployers: str) -> Command:
    """The database's users and roles, and the right to change its schema.

    `deployers` is the object id of the group that administers the database.
    """
    users = ("--app", made["identityClientId"], "--purge", made["purgeIdentityClientId"], "--deployers", deployers)
    return Command((python, "-m", "shared.sql.roles", "open", *users), _database(made), PREPARATION_SECONDS)


def preparation(python: str, made: Mapping[str, str]) -> list[Command]:
    """The schema; rights by table; a first encryption key, or a new one when the newest is old."""
    rotation = ("-m", "shared.identity.rotate_keys", "--if-older-than-days", str(KEY_AGE_DAYS))
    return [
        Command((python, "-m", "shared.sql.migrate"), _database(made), PREPARATION_SECONDS),
        Command((python, "-m", "shared.sql.roles", "grant"), _database(made), PREPARATION_SECONDS),
        Command((python, *rotation), {"KEY_VAULT_URL": made["keyVaultUri"]}),
    ]


def close_schema(python: str, made: Mapping[str, str]) -> Command:
    """Takes the right to change the schema back."""
    return Command((python, "-m", "shared.sql.roles", "close"), _database(made), PREPARATION_SECONDS)


def _database(made: Mapping[str, str]) -> dict[str, str]:
    return {"SQL_URL": f"mssql+pyodbc://{made['sqlServerHostName']}/{made['databaseName']}"}


def packaging(python: str) -> Command:
    """The package, with its SBOM and licences."""
    return Command((python, "-m", "bicep.package"), seconds=PREPARATION_SECONDS)


def publication(group: str, app: str, package: Path) -> Command:
    """The package; the platform installs requirements.txt."""
    return az(
        "functionapp", "deployment", "source", "config-zip", "--resource-group", group, "--name", app,
        "--src", str(package), "--build-remote", "true", seconds=PUBLICATION_SECONDS,
    )  # fmt: skip


def desk_consent(desk_client_id: str) -> Command:
    """Consents for the whole tenant that the desk may say who a user is."""
    grant = ("ad", "app", "permission", "grant")
    return az(*grant, "--id", desk_client_id, "--api", MICROSOFT_GRAPH, "--scope", SIGN_IN_SCOPES)


def host_name(group: str, app: str, name: str) -> Command:
    """Binds the customers' name to the app."""
    in_group = ("--resource-group", group, "--name", app)
    return az("functionapp", "config", "hostname", "add", *in_group, "--hostname", name)


def create_group(group: str) -> Command:
    """For the message that there is none."""
    return az("group", "create", "--name", group, "--location", "uksouth")


def register_provider(name: str) -> Command:
    """For the message that it is not registered."""
    return az("provider", "register", "--namespace", name, "--wait")


def recover_vault(group: str, name: str) -> Command:
    """For the message that a deleted key vault keeps its name."""
    return az("keyvault", "recover", "--name", name, "--resource-group", group)


def restore_application(deleted_id: str) -> Command:
    """For the message that a deleted app registration keeps its name: gives it back."""
    item = f"https://graph.microsoft.com/v1.0/directory/deletedItems/{deleted_id}"
    return az("rest", "--method", "post", "--url", f"{item}/restore")


def forget_application(deleted_id: str) -> Command:
    """For the same message: deletes it for good."""
    item = f"https://graph.microsoft.com/v1.0/directory/deletedItems/{deleted_id}"
    return az("rest", "--method", "delete", "--url", item)
