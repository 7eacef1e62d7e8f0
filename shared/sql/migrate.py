"""`SQL_URL=… python -m shared.sql.migrate`: brings a database's schema up to date; no other setting is needed."""

import os

from shared.core.errors import ConfigurationError
from shared.sql.engine import Database


def main() -> None:
    """Migrates the database of SQL_URL."""
    url = os.environ.get("SQL_URL", "")
    if not url:
        raise ConfigurationError("SQL_URL is not set: the database to migrate")
    Database.connect(url).migrate()


if __name__ == "__main__":
    main()
