"""Rows of the first release, in every table, go forward to the newest schema; nothing of them is lost."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select

from shared.core.deletions import DeletionState
from shared.sql.collected.cost_lines import full_rows
from shared.sql.deletion.purge_runs import PurgeRuns
from shared.sql.deletion.receipts import Receipts
from shared.sql.engine.engine import Database
from shared.sql.engine.types import tenant_hash
from shared.sql.migrate import migrate
from shared.sql.migrations import VERSION_TABLE, _config, current_version, newest_version, script
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.review_queue import ReviewQueue
from shared.sql.scans.scan_figures import ScanFigures
from shared.sql.schema.cost_tables import cost_charges, cost_resources, costs
from shared.sql.schema.tables import metadata
from tests.support.databases import on_a_server, other_database
from tests.support.tsql import syntax_errors
from tests.unit.shared.sql.store import PSEUDONYMS

FIRST = "0001"
NOW = datetime(2027, 11, 24, 2, 17, 5, 123456, tzinfo=UTC)
VALUES: dict[type, Any] = {
    int: 7,
    bool: True,
    bytes: b"\x1f\x8b",
    datetime: NOW.replace(tzinfo=None),
    date: NOW.date(),
    Decimal: Decimal("1.25"),
    float: 0.5,
}
MEANT = {"state": "done", "scope": "customer", "reason": "retention ended", "counts_json": '{"costs": 7}'}
"""What the program reads by its meaning, in `purges`."""

RENAMED = {
    ("reviews", "taken_by"): "claimed_by",
    ("reviews", "taken_by_name"): "claimed_by_name",
    ("reviews", "taken_at"): "claimed_at",
    ("operator_jobs", "place_json"): "cursor_json",
    ("finding_resources", "is_left_out"): "is_excluded",
}
"""Columns of the first release that have another name since."""

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the first release: a file, or one on the server of TEST_SQL_URL."""
    url = f"sqlite:///{tmp_path}/first.db"
    if on_a_server():
        from tests.support.server_databases import url_for

        url = url_for(str(tmp_path))
    elif other_database():
        pytest.skip("the double takes itself for SQL Server: Alembic cannot look into it")
    made = Database.connect(url)
    with made.system_transaction() as connection:
        config = _config(left_out())
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
    yield made
    made.dispose()


def left_out() -> frozenset[str]:
    if not on_a_server():
        return frozenset()
    from tests.support.server_databases import left_out

    return left_out()


def tables_of(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


def value(table: Table, column: Column[Any], row: int) -> object:
    """Different in each row, so that no key is there twice."""
    if table.name == "purges" and column.name in MEANT:
        return MEANT[column.name]
    if column.name.endswith("_json"):
        return "[]"
    kind = column.type.python_type
    if kind is str:
        length = getattr(column.type, "length", None) or 40
        return f"{row}{column.name}é"[:length]
    if kind in (int, Decimal, float):
        return VALUES[kind] + row
    return VALUES[kind].replace(year=2020 + row) if kind in (datetime, date) else VALUES[kind]


def filled(table: Table, row: int) -> dict[str, object]:
    """The first row has a value in each column, the second in those that need one."""
    given = [column for column in table.columns if not (column.autoincrement is True or column.identity)]
    numbered = {column.name for column in table.primary_key if column.type.python_type is int}
    own = [column for column in given if column.name not in numbered or len(table.primary_key) > 1 or row_id(table)]
    return {column.name: value(table, column, row) for column in own if row == 1 or not column.nullable}


def row_id(table: Table) -> bool:
    return [column.name for column in table.primary_key] == ["row_id"]


def fill(connection: Connection) -> list[Table]:
    tables = tables_of(connection)
    for table in tables:
        for row in (1, 2):
            connection.execute(insert(table).values(filled(table, row)))
    return tables


def rows_of(connection: Connection, tables: list[Table], renamed: Mapping[tuple[str, str], str]) -> Rows:
    """The columns that the first release had, whatever was added since; `renamed` has new names."""
    found: Rows = {}
    for table in tables:
        now = [renamed.get((table.name, column.name), column.name) for column in table.columns]
        names = ", ".join(map(connection.dialect.identifier_preparer.quote, now))
        rows = connection.exec_driver_sql(f"SELECT {names} FROM {table.name}")  # noqa: S608  names of the schema
        found[table.name] = sorted((tuple(row) for row in rows), key=str)
    return found


def test_every_row_of_the_first_release_is_there_in_the_newest_schema(database: Database) -> None:
    with database.system_transaction() as connection:
        tables = fill(connection)
        before = rows_of(connection, tables, {})
    assert len(before) == 28
    tables = [table for table in tables if table.name != "costs"]
    before.pop("costs")
    assert {name for name, rows in before.items() if len(rows) != 2} == set()
    migrate(database, left_out())
    with database.system_transaction() as connection:
        assert current_version(connection) == newest_version()
        assert rows_of(connection, tables, RENAMED) == before
        if connection.dialect.name == "sqlite":
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


WIDE = """
INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency,
                   resource_id, resource_group, region_id, service_name, meter_name)
VALUES ({row_id}, '{tenant}', '{scan}', 'sub', '2026-0{month}-01', '{amount}', 'GBP',
        {resource}, {group}, 'uksouth', '{service}', {meter})
"""
TENANTS = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
FIRST_OF_STEP = {1: 10_000_000_000, 2: 20_000_000_000}


def wide_rows() -> Iterator[dict[str, Any]]:
    """Two tenants' steps, two pages each; resources and charges come again, some without a name."""
    for step, tenant in zip(FIRST_OF_STEP, TENANTS, strict=True):
        for number in range(40):
            page, place = divmod(number, 20)
            yield {
                "row_id": FIRST_OF_STEP[step] + page * 100_000 + place,
                "tenant": tenant,
                "scan": f"scan {step}",
                "month": 1 + number % 9,
                "amount": f"{number}.{step}00000000000000000000001",
                "resource": "NULL" if number % 7 == 0 else f"'/r/{number % 7}'",
                "group": "NULL" if number % 7 == 0 else "'web'",
                "service": f"Service {number % 3}",
                "meter": "NULL" if number % 2 else "'P10'",
            }


def test_cost_rows_become_narrow_and_every_row_and_sum_is_as_it_was(database: Database) -> None:
    rows = list(wide_rows())
    with database.system_transaction() as connection:
        for row in rows:
            connection.exec_driver_sql(WIDE.format(**row))
    migrate(database, left_out())
    with database.system_transaction() as connection:
        found = connection.execute(full_rows(costs).order_by(costs.c.row_id)).all()
        owners = connection.execute(select(costs.c.row_id, costs.c.tenant_id).order_by(costs.c.row_id)).all()
        resources = connection.execute(select(cost_resources.c.tenant_id, cost_resources.c.resource_id)).all()
        (charges,) = connection.execute(select(func.count()).select_from(cost_charges)).one()
    assert [(row.row_id, row.charge_period_start, row.billed_cost) for row in found] == [
        (row["row_id"], date(2026, row["month"], 1), Decimal(row["amount"])) for row in rows
    ]
    assert [(row.resource_id, row.resource_group, row.service_name, row.meter_name) for row in found] == [
        tuple(_unquoted(row[name]) for name in ("resource", "group", "service", "meter")) for row in rows
    ]
    assert [tuple(owner) for owner in owners] == [(row["row_id"], tenant_hash(row["tenant"])) for row in rows]
    assert len(resources) == len(set(resources)) == 2 * 7
    assert charges == 2 * 6


def _unquoted(value: str) -> str | None:
    return None if value == "NULL" else value.strip("'")


def test_what_the_first_release_recorded_of_its_deletions_is_read_by_the_newest(database: Database) -> None:
    with database.system_transaction() as connection:
        fill(connection)
    migrate(database, left_out())
    receipts = Receipts(database, PSEUDONYMS)
    receipt = receipts.get("1receipt_idé")
    assert receipt is not None
    assert (receipt.state, dict(receipt.counts)) == (DeletionState.DONE, {"costs": 7})
    assert receipts.move_finished() == 2
    assert receipts.get("1receipt_idé") == receipt
    finished = [run.finished_at for run in PurgeRuns(database).latest(5)]
    assert finished == [None, NOW.replace(year=2021)]


RUNNING = ("requested", "collecting", "finishing")
ENDED = ("collected", "partial", "blocked", "failed", "cancelled")


def scans_of_one_user(connection: Connection) -> None:
    """Of each status one scan, the later the further right: the first release kept no user from running several."""
    scans = next(table for table in tables_of(connection) if table.name == "scans")
    for place, status in enumerate((*ENDED, *RUNNING)):
        row = {**filled(scans, 1), "scan_id": f"{status}", "status": status, "user_object_id": "u"}
        row |= {"requested_at": NOW.replace(tzinfo=None, minute=place), "finished_at": None, "status_reason": None}
        connection.execute(insert(scans).values(row))


def test_of_several_running_scans_of_a_user_the_newest_continues(database: Database) -> None:
    with database.system_transaction() as connection:
        scans_of_one_user(connection)
    migrate(database, left_out())
    with database.system_transaction() as connection:
        found = dict(tuple(row) for row in connection.exec_driver_sql("SELECT scan_id, status FROM scans"))
    assert found == {
        **{status: status for status in ENDED},
        "requested": "cancelled",
        "collecting": "cancelled",
        "finishing": "finishing",
    }


def test_scans_that_ended_before_keep_what_the_desks_list_shows_of_them(database: Database) -> None:
    """Two subscriptions, of which one failed a step; two currencies; a published review."""
    with database.system_transaction() as connection:
        found = {table.name: table for table in tables_of(connection)}

        def add(table: str, **values: object) -> None:
            row = {**filled(found[table], 2), "tenant_id": "t", "scan_id": "s", **values}
            connection.execute(insert(found[table]).values(row))

        add("scans", status="partial", finished_at=NOW.replace(tzinfo=None))
        add("scans", scan_id="running", status="collecting", user_object_id="other")
        add("reviews", published_at=NOW.replace(tzinfo=None))
        for subscription, collector, status in (("a", "x", "succeeded"), ("a", "y", "failed"), ("b", "x", "succeeded")):
            add("steps", subscription_id=subscription, collector=collector, status=status)
        for currency, cost in (("GBP", "0.1"), ("GBP", "0.2"), ("EUR", "7")):
            amount = Decimal(cost) if connection.dialect.name == "mssql" else cost
            add("cost_totals", dimension="service", billing_currency=currency, billed_cost=amount)
    migrate(database, left_out())
    (entry,) = ReviewQueue(database).list(QueueFilter.PUBLISHED, "", "", NOW)
    assert entry.figures == ScanFigures((("EUR", Decimal(7)), ("GBP", Decimal("0.3"))), 2, 1)
    assert [entry.scan.scan_id for entry in ReviewQueue(database).list(QueueFilter.RUNNING, "", "", NOW)] == ["running"]


def test_no_statement_for_sql_server_takes_a_table_a_column_or_a_row_away() -> None:
    """But one: the wide cost rows, after each was moved. Kept, they would outlive the deletion of their customer."""
    later = script().partition("-- Running upgrade 0001 -> 0002")[2]
    assert syntax_errors(later) == ""
    without_procedures = re.sub(r"CREATE PROCEDURE.*?\nEND", "", later, flags=re.DOTALL)
    assert re.findall(r"^\s*(?:DROP TABLE|DELETE|TRUNCATE|.*DROP COLUMN).*", without_procedures, re.MULTILINE) == [
        "\nDROP TABLE dbo.costs_wide;",
        "\nDROP TABLE dbo.amortized_costs_wide;",
    ]
