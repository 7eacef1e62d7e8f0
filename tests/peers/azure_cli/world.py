"""The Azure that the stand-in commands change: one JSON file that several processes read and write."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.peers.azure_cli.refusals import Tenant

MACHINE_ADDRESS = "192.0.2.7"
"""Of the machine that deploys, as Azure sees it."""

USER = "11111111-aaaa-4aaa-8aaa-111111111111"
GROUP = "99999999-aaaa-4aaa-8aaa-999999999999"
SUBSCRIPTION = "22222222-2222-2222-2222-222222222222"
PROVIDERS = (
    "Microsoft.App", "Microsoft.Insights", "Microsoft.KeyVault", "Microsoft.ManagedIdentity", "Microsoft.Network",
    "Microsoft.OperationalInsights", "Microsoft.ServiceBus", "Microsoft.Sql", "Microsoft.Storage", "Microsoft.Web",
)  # fmt: skip


@dataclass
class World:
    """State first, then what the test chose."""

    deployments: int = 0
    server_exists: bool = False
    sql_public: bool = False
    sql_rules: dict[str, str] = field(default_factory=dict)
    vault_public: bool = False
    vault_rules: list[str] = field(default_factory=list)
    app_rules: dict[str, str] = field(default_factory=dict)
    has_schema: bool = False
    has_users: bool = False
    schema_is_open: bool = False
    keys: int = 0
    published: int = 0
    consented: bool = False
    commands: int = 0
    owners: list[str] = field(default_factory=list)

    signed_in: bool = True
    is_user: bool = True
    cli: str = "2.91.0"
    bicep: str = "0.49.2"
    drivers: list[str] = field(default_factory=lambda: ["ODBC Driver 18 for SQL Server"])
    no_token: list[str] = field(default_factory=list)
    has_group: bool = True
    registered: list[str] = field(default_factory=lambda: list(PROVIDERS))
    actions: list[str] = field(default_factory=lambda: ["*"])
    may_register: bool = True
    is_member: bool = True
    deleted_vault: str = ""
    deleted_application: str = ""
    other_owner: bool = False
    budgets: dict[str, str] = field(default_factory=dict)
    starts: bool = True
    is_within: bool = False
    """The machine that deploys is in the app's network and in `healthCheckRanges`."""
    silent: list[str] = field(default_factory=list)
    delays: dict[str, int] = field(default_factory=dict)
    """How often something answers that it is not yet there: sql, login, vault, role, storage, active."""
    fails: str = ""
    """A command whose words contain this fails for good."""
    ends_at: int = 0
    """The deploying program is ended at its command of this number."""
    ends_after: str = ""
    """The deploying program is ended after a command whose words contain this."""
    ends_by: int = 0
    """The signal that ends it."""

    def tenant(self) -> Tenant:
        """What the refusals depend on."""
        return Tenant(registered=frozenset(self.registered), server_exists=self.server_exists)

    @property
    def doors_are_closed(self) -> bool:
        """Nothing of the database, the key vault or the app is open to the machine that deploys."""
        rules = (self.sql_rules, self.vault_rules, self.app_rules)
        return not self.sql_public and not self.vault_public and not any(rules)

    @property
    def may_call_the_app(self) -> bool:
        """Whether the app's access restrictions let the machine that deploys in."""
        return self.is_within or f"{MACHINE_ADDRESS}/32" in self.app_rules.values()

    def delayed(self, what: str) -> bool:
        """Whether this is not there yet, once less each time it is asked."""
        left = self.delays.get(what, 0)
        self.delays[what] = max(0, left - 1)
        return left > 0


def read(path: Path) -> World:
    """Return the world of this file."""
    return World(**json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, world: World) -> None:
    """Put the world into this file, whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(world)), encoding="utf-8")
    beside.replace(path)


@contextmanager
def changing(path: Path) -> Iterator[World]:
    """The world for a command, kept afterwards whether it was refused or not."""
    world = read(path)
    try:
        yield world
    finally:
        write(path, world)
