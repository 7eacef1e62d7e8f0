"""`SQL_URL=… python -m shared.sql.roles --app ID --purge ID --deployers ID`: the database's users, then the roles.

Run by the deploying identity after every migration; running it again changes nothing. A user is made
from the id of its identity alone, so neither the server nor the operator has to read the
directory, and an identity that was made again gets its user back.

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
from shared.sql.schema.tables import COLLECTED_TABLES

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


def batches(made: Sequence[DatabaseUser]) -> list[str]:
    """Every statement in order: the users, roles.sql up to each GO, the tables of collected rows."""
    roles = (batch.strip() for batch in BATCH_END.split(ROLES.read_text(encoding="utf-8")))
    made_users = (statement for user in made for statement in user.statements)
    return [*made_users, *(batch for batch in roles if batch), collected_rows_never_change()]


def collected_rows_never_change() -> str:
    """Deny the app's role UPDATE on each table of rows that Azure returned."""
    return "\n".join(f"DENY UPDATE ON OBJECT::dbo.{table.name} TO caleta_app;" for table in COLLECTED_TABLES)


def apply(database: Database, made: Sequence[DatabaseUser]) -> None:
    """Make users and roles, all or nothing."""
    with database.system_transaction() as connection:
        for batch in batches(made):
            connection.exec_driver_sql(batch)


def main(words: Sequence[str] | None = None) -> None:
    """Make users and roles in the database of SQL_URL."""
    parser = argparse.ArgumentParser(prog="python -m shared.sql.roles", description=__doc__.partition("\n")[0])
    parser.add_argument("--app", type=UUID, required=True, metavar="ID", help="client id of the app's identity")
    parser.add_argument("--purge", type=UUID, required=True, metavar="ID", help="client id of the purge's identity")
    parser.add_argument("--deployers", type=UUID, required=True, metavar="ID", help="object id of the deploying group")
    options = parser.parse_args(words)
    url = os.environ.get("SQL_URL", "")
    if not url:
        raise ConfigurationError("SQL_URL is not set: the database whose users and roles are made")
    from azure.identity import DefaultAzureCredential

    checked = sql_url(url, is_local=SERVER_SUFFIX not in url)
    made = users(options.app, options.purge, options.deployers)
    apply(Database.connect(checked, DefaultAzureCredential), made)
    sys.stdout.write(f"Users and roles are in place: {', '.join(user.name for user in made)}.\n")


if __name__ == "__main__":
    main()
