"""What a deployment does, command by command; bicep/deploy.py runs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEPLOYMENT = "caleta-cost-review"
TEMPLATE = "bicep/main.bicep"
FIREWALL_RULE = "deployment"
KEY_AGE_DAYS = 90

OUTPUTS = (
    "appName", "appHostName", "sqlServerName", "sqlServerHostName", "databaseName", "keyVaultName", "keyVaultUri",
)  # fmt: skip
"""Of main.bicep, as far as the commands below need them."""


@dataclass(frozen=True)
class Command:
    """One program to run; `environment` is added to that of the deployment itself."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        settings = [f"{name}='{value}'" for name, value in self.environment.items()]
        return " ".join([*settings, *(f"'{word}'" if " " in word else word for word in self.words)])


def az(*words: str) -> Command:
    """A command of the Azure CLI."""
    return Command(("az", *words))


def infrastructure(group: str, parameters: str) -> Command:
    """Everything of bicep/; its answer is the template's outputs."""
    return az(
        "deployment", "group", "create", "--resource-group", group, "--name", DEPLOYMENT,
        "--template-file", TEMPLATE, "--parameters", parameters, "--query", "properties.outputs", "--output", "json",
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
    """The way back, each command of its own worth: all are run even if one fails."""
    server, vault = made["sqlServerName"], made["keyVaultName"]
    in_group = ("--resource-group", group)
    return [
        az("sql", "server", "firewall-rule", "delete", *in_group, "--server", server, "--name", FIREWALL_RULE),
        az("sql", "server", "update", *in_group, "--name", server, "--enable-public-network", "false"),
        az("keyvault", "network-rule", "remove", *in_group, "--name", vault, "--ip-address", f"{address}/32"),
        az("keyvault", "update", *in_group, "--name", vault, "--public-network-access", "Disabled"),
    ]


def preparation(python: str, made: Mapping[str, str]) -> list[Command]:
    """The schema, then a first encryption key, or a new one when the newest is old."""
    url = f"mssql+pyodbc://{made['sqlServerHostName']}/{made['databaseName']}"
    rotation = ("-m", "shared.identity.rotate_keys", "--if-older-than-days", str(KEY_AGE_DAYS))
    return [
        Command((python, "-m", "shared.sql.migrate"), {"SQL_URL": url}),
        Command((python, *rotation), {"KEY_VAULT_URL": made["keyVaultUri"]}),
    ]


def publication(group: str, made: Mapping[str, str], package: Path) -> Command:
    """The package; the platform installs requirements.txt."""
    return az(
        "functionapp", "deployment", "source", "config-zip", "--resource-group", group, "--name", made["appName"],
        "--src", str(package), "--build-remote", "true",
    )  # fmt: skip


def health_address(made: Mapping[str, str]) -> str:
    """What answers once the new package runs."""
    return f"https://{made['appHostName']}/healthz"
