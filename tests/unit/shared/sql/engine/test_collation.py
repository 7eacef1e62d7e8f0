"""Texts that differ by case are two texts, on SQL Server as on SQLite."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Dialect, Table, Unicode, cast, select
from sqlalchemy.schema import CreateTable

from shared.sql.engine.collation import BINARY
from shared.sql.migrations import script
from shared.sql.scans.subscriptions import Subscriptions
from shared.sql.schema.finding_tables import subscriptions
from shared.sql.schema.tables import costs, metadata
from tests.peers.sqlserver.server import doubled
from tests.unit.shared.sql.store import TENANT, Store, cost, subscription

COLUMN_OF_TEXTS = re.compile(r"^\s*(?:ALTER TABLE \w+ ADD )?\[?\w+\]? (N?VARCHAR\((?:\d+|max)\))(.*)$", re.MULTILINE)


@pytest.fixture
def dialect(path: Path) -> Dialect:
    """The one that the app's own engine has."""
    return doubled(path).dialect


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_of_texts_is_compared_sign_by_sign(table: Table, dialect: Dialect) -> None:
    created = str(CreateTable(table).compile(dialect=dialect))
    assert created.count("VARCHAR(") == created.count(f" COLLATE {BINARY}")


def test_the_migrations_write_it_into_every_column_of_texts() -> None:
    found = COLUMN_OF_TEXTS.findall(script())
    assert len(found) > 150
    assert [rest for _, rest in found if not rest.startswith(f" COLLATE {BINARY}")] == []


def test_a_cast_in_a_query_is_left_alone(dialect: Dialect) -> None:
    assert str(cast(costs.c.row_id, Unicode(10)).compile(dialect=dialect)) == "CAST(costs.row_id AS NVARCHAR(10))"


def test_names_that_differ_by_case_are_added_up_apart(store: Store) -> None:
    scan = store.scan_with(cost("1", service="Storage"), cost("2", service="storage"), cost("4", service="Storage"))
    store.totals.compute(scan.key)
    totals = store.totals.read(scan.key, "service")
    assert [(total.value, int(total.billed_cost)) for total in totals] == [("Storage", 5), ("storage", 2)]


def test_keys_that_differ_by_case_are_two_keys(store: Store) -> None:
    scan, one = store.scan(), subscription()
    other = replace(one, subscription_id=one.subscription_id.upper())
    Subscriptions(store.database).replace(scan.key, [one, other])
    with store.database.reading(TENANT) as connection:
        found = connection.execute(select(subscriptions.c.subscription_id).where(subscriptions.c.tenant_id == TENANT))
        assert set(found.scalars()) == {one.subscription_id, other.subscription_id}
