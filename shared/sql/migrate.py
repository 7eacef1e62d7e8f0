"""`SQL_URL=… python -m shared.sql.migrate`: brings a database's schema up to date; the deploy step.

It logs in to Azure SQL as the deploying identity (`az login`, a pipeline's identity) and to any
other server with the login in the URL. `--sql` prints the T-SQL of all versions for review and
needs no server. `SQL_LEAVE_OUT=deny,rls,page-compression,snapshot,maxdop` omits features that a server
other than Azure SQL may lack.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.core.errors import ConfigurationError
from shared.core.sql_urls import SERVER_SUFFIX, sql_url
from shared.sql.engine.engine import Database
from shared.sql.migrations import features, script, upgrade_if_behind

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


def main(words: Sequence[str] = ()) -> None:
    """Migrates the database of SQL_URL, or prints how."""
    leave_out = features(os.environ.get("SQL_LEAVE_OUT", ""))
    if list(words) == ["--sql"]:
        sys.stdout.write(script(leave_out))
        return
    if words:
        raise ConfigurationError("the only option is --sql: print the statements instead of running them")
    url = os.environ.get("SQL_URL", "")
    if not url:
        raise ConfigurationError("SQL_URL is not set: the database to migrate")
    checked = sql_url(url, is_local=SERVER_SUFFIX not in url)
    migrate(Database.connect(checked, _deployer), leave_out)


def migrate(database: Database, leave_out: frozenset[str] = frozenset()) -> None:
    """Bring the schema up to date: quick when it is, and safe when several processes start at once.

    `leave_out` names the FEATURES that a server which is not Azure's lacks: see migrations.is_left_out.
    """
    if "snapshot" not in leave_out:
        database.allow_snapshots()
    if "maxdop" not in leave_out:
        database.limit_cores()
    with database.migrating() as connection:
        upgrade_if_behind(connection, leave_out)


def _deployer() -> "TokenCredential":
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


if __name__ == "__main__":
    main(sys.argv[1:])
