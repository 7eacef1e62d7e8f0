import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, inspect, select, text

from shared.core.errors import ConfigurationError
from shared.sql.collected.cost_lines import full_rows
from shared.sql.engine.engine import Database
from shared.sql.migrate import main, migrate
from shared.sql.migrations import _config, current_version, newest_version
from shared.sql.schema.tables import costs, metadata, steps

ROOT = Path(__file__).resolve().parents[4]
FIRST_RELEASE = "05201a163f7621af8009047824bea8664f531e0a644d8d8df0f24a9059f74fd5"
"""SHA-256 of the file of version 0001."""


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    database = Database.connect(f"sqlite:///{path}")
    with database.system_transaction() as connection:
        yield connection
    database.dispose()


def schema(connection: Connection) -> dict[str, object]:
    """Each table's columns, keys and indexes in any order, and each trigger's text, without Alembic's own table."""
    inspector = inspect(connection)
    found: dict[str, object] = {}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        columns = {each["name"]: f"{each['type']!r} {each['nullable']}" for each in inspector.get_columns(table)}
        unique = sorted(tuple(each["column_names"]) for each in inspector.get_unique_constraints(table))
        indexes = sorted(f"{each['name']} {each['column_names']}" for each in inspector.get_indexes(table))
        ddl = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
        key = inspector.get_pk_constraint(table)["constrained_columns"]
        found[table] = (columns, key, unique, indexes, "AUTOINCREMENT" in ddl)
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return found | {row.name: " ".join(row.sql.split()) for row in triggers}


def test_the_migrations_make_the_tables_that_the_code_uses(path: Path, tmp_path: Path) -> None:
    with opened(path) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        migrated = schema(connection)
    with opened(tmp_path / "fresh.db") as connection:
        metadata.create_all(connection)
        assert schema(connection) == migrated


def test_the_first_release_never_changes() -> None:
    """Deployed databases have run it: another text would only be true of new ones."""
    first = ROOT / "shared" / "sql" / "migrations" / "versions" / "0001_first_release.py"
    assert hashlib.sha256(first.read_bytes()).hexdigest() == FIRST_RELEASE


@pytest.mark.parametrize("version", sorted((ROOT / "shared/sql/migrations/versions").glob("[0-9]*.py")))
def test_a_version_takes_nothing_from_the_app_that_can_change(version: Path) -> None:
    """What it does is written out in it; shared.sql.migrations speaks of the running migration alone."""
    imported = re.findall(r"^\s*(?:from|import) (\S+)", version.read_text(encoding="utf-8"), re.MULTILINE)
    own = {name for name in imported if name.split(".")[0] not in {"alembic", "sqlalchemy", *sys.stdlib_module_names}}
    assert own <= {"shared.sql.migrations"}


def test_migrating_again_changes_nothing(path: Path) -> None:
    with opened(path) as connection:
        before = schema(connection)
    database = Database.connect(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    with opened(path) as connection:
        assert schema(connection) == before
        assert current_version(connection) == newest_version()


def test_a_migration_that_is_up_to_date_does_not_even_load_alembic(path: Path) -> None:
    program = (
        "import sys; from shared.sql.engine.engine import Database; from shared.sql.migrate import migrate; "
        f"migrate(Database.connect('sqlite:///{path}')); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_processes_that_migrate_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shared.sql.migrate"]
    environment = {**os.environ, "SQL_URL": f"sqlite:///{tmp_path}/new.db"}

    def run(_: int) -> int:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=60).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [0, 0, 0, 0]
    with opened(tmp_path / "new.db") as connection:
        assert current_version(connection) == newest_version()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path / "half.db") as connection:
        connection.execute(text("CREATE TABLE purges (something_else INTEGER)"))
        before = schema(connection)
    database = Database.connect(f"sqlite:///{tmp_path}/half.db")
    with pytest.raises(Exception, match="already exists"):
        migrate(database)
    database.dispose()
    with opened(tmp_path / "half.db") as connection:
        assert schema(connection) == before
        assert current_version(connection) is None


def test_a_database_of_a_later_package_is_refused_and_left_alone(path: Path) -> None:
    with opened(path) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = schema(connection)
    database = Database.connect(f"sqlite:///{path}")
    with pytest.raises(
        ConfigurationError, match=f"version 9999; the newest that this package knows is {newest_version()}"
    ):
        migrate(database)
    database.dispose()
    with opened(path) as connection:
        assert schema(connection) == before


def test_without_a_url_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SQL_URL", raising=False)
    with pytest.raises(ConfigurationError, match="SQL_URL is not set"):
        main()


def test_rows_that_the_first_release_wrote_go_forward_and_their_numbers_are_not_used_again(tmp_path: Path) -> None:
    """A step that has used the simpler query, and a cost row without any of the later columns."""
    database = Database.connect(f"sqlite:///{tmp_path}/old.db")
    with database.system_transaction() as connection:
        config = _config(frozenset())
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(OLD_STEP))
        connection.execute(text(OLD_COST))
    migrate(database)
    with database.system_transaction() as connection:
        step = connection.execute(select(steps.c.simplified, steps.c.step_id)).one()
        cost = connection.execute(full_rows(costs)).one()
        connection.execute(delete(steps))
        connection.execute(text(OLD_STEP.replace("'s'", "'later'")))
        later = connection.execute(select(steps.c.step_id)).scalar_one()
    database.dispose()
    assert (step.simplified, cost.billed_cost, cost.consumed_quantity, cost.pricing_category) == (
        1,
        Decimal("12.5"),
        None,
        None,
    )
    assert later > step.step_id


OLD_STEP = """
INSERT INTO steps (tenant_id, scan_id, collector, subscription_id, subscription_name, status, attempt, request_index,
                   simplified, pages, rows, updated_at)
VALUES ('t', 's', 'costs', 'u', 'Production', 'succeeded', 1, 1, 1, 1, 1, '2026-11-01 00:00:00.000000')
"""
OLD_COST = """
INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency,
                   service_name)
VALUES (1, 't', 's', 'u', '2026-10-01', '12.5', 'GBP', 'Virtual Machines')
"""
