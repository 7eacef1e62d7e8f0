"""The database's users, roles and rights, in the three moments of a deployment.

`SQL_URL=… python -m shared.sql.roles open --app ID --purge ID --deployers ID`, before the migration: users, roles, and
what the deploying group needs. `… grant`, after it: the rights by table (rights.py). `… close`, whatever happened: the
deploying group's rights are taken back. Each may be run again and changes nothing then; the server's audit records
them.

A user is made from the id of its identity alone, so neither the server nor the operator has to read the
directory, and an identity that was made anew gets its user back.

https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from shared.core.errors import ConfigurationError
from shared.core.sql_urls import SERVER_SUFFIX, sql_url
from shared.sql.engine.engine import Database
from shared.sql.rights import deployment_grants, deployment_revokes, grants

ROLES = Path(__file__).with_name("roles.sql")
BATCH_END = re.compile(r"^GO\s*$", re.MULTILINE)


@dataclass(frozen=True)
class DatabaseUser:
    """A user for an identity or a group. `type` is E (a user or service principal) or X (a group)."""

    name: str
    identifier: UUID
    type: str = "E"

    @property
    def sid(self) -> str:
        """The client id of an identity, the object id of a group, as SQL Server stores it."""
        return f"0x{self.identifier.bytes_le.hex().upper()}"

    @property
    def statements(self) -> tuple[str, ...]:
        """Make the user unless it is there; a group's members create tables in dbo."""
        known = "SELECT 1 FROM sys.database_principals WHERE"
        create = f"CREATE USER [{self.name}] WITH SID = {self.sid}, TYPE = {self.type};"
        made = (
            f"IF EXISTS ({known} name = N'{self.name}' AND sid <> {self.sid}) DROP USER [{self.name}];",
            f"IF NOT EXISTS ({known} sid = {self.sid}) {create}",
        )
        if self.type != "X":
            return made
        in_dbo = f"ALTER USER [{self.name}] WITH DEFAULT_SCHEMA = dbo;"
        return (*made, f"IF USER_ID(N'{self.name}') IS NOT NULL {in_dbo}")


def users(app: UUID, purge: UUID, deployers: UUID) -> tuple[DatabaseUser, ...]:
    """The three users that roles.sql gives roles to."""
    return (
        DatabaseUser("caleta-app", app),
        DatabaseUser("caleta-purge", purge),
        DatabaseUser("caleta-deploy", deployers, type="X"),
    )


def opening(made: Sequence[DatabaseUser]) -> list[str]:
    """Return what begins a deployment, in order: the users, roles.sql up to each GO, the deploying group's rights."""
    roles = (batch.strip() for batch in BATCH_END.split(ROLES.read_text(encoding="utf-8")))
    made_users = (statement for user in made for statement in user.statements)
    return [*made_users, *(batch for batch in roles if batch), *deployment_grants()]


def apply(database: Database, statements: Sequence[str]) -> None:
    """Run them, all or nothing."""
    with database.system_transaction() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def main(words: Sequence[str] | None = None) -> None:
    """Run one of the three moments in the database of SQL_URL."""
    statements = _statements(_options(words))
    url = os.environ.get("SQL_URL", "")
    if not url:
        raise ConfigurationError("SQL_URL is not set: the database whose users and roles are made")
    from azure.identity import DefaultAzureCredential

    checked = sql_url(url, is_local=SERVER_SUFFIX not in url)
    apply(Database.connect(checked, DefaultAzureCredential), statements)
    sys.stdout.write(f"{len(statements)} statements about users and rights were run.\n")


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shared.sql.roles", description=__doc__.partition("\n")[0])
    moments = parser.add_subparsers(dest="moment", required=True)
    begin = moments.add_parser("open", help="before the migration: users, roles, the deploying group's rights")
    begin.add_argument("--app", type=UUID, required=True, metavar="ID", help="client id of the app's identity")
    begin.add_argument("--purge", type=UUID, required=True, metavar="ID", help="client id of the purge's identity")
    begin.add_argument("--deployers", type=UUID, required=True, metavar="ID", help="object id of the deploying group")
    moments.add_parser("grant", help="after the migration: rights by table")
    moments.add_parser("close", help="at the end: takes the deploying group's rights back")
    return parser.parse_args(words)


def _statements(options: argparse.Namespace) -> list[str]:
    if options.moment == "open":
        return opening(users(options.app, options.purge, options.deployers))
    return grants() if options.moment == "grant" else deployment_revokes()


if __name__ == "__main__":
    main()
