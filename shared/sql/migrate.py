"""`SQL_URL=… python -m shared.sql.migrate`: brings a database's schema up to date; no other setting is needed.

`SQL_LEAVE_OUT=deny` leaves out permissions, for a server that is not Azure's and does not know DENY.
"""

import os

from shared.core.errors import ConfigurationError
from shared.sql.engine import Database


def main() -> None:
    """Migrates the database of SQL_URL."""
    url = os.environ.get("SQL_URL", "")
    if not url:
        raise ConfigurationError("SQL_URL is not set: the database to migrate")
    leave_out = frozenset(word for word in os.environ.get("SQL_LEAVE_OUT", "").split(",") if word)
    Database.connect(url).migrate(leave_out)


if __name__ == "__main__":
    main()
