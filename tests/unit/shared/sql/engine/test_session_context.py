"""Whose rows a pooled connection may touch is said again at the beginning of each transaction, and of none left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from shared.sql.engine.session_context import FOR_NO_TENANT, FOR_SYSTEM, FOR_TENANT, for_tenant
from shared.sql.schema.tables import scans
from tests.peers.sqlserver.server import DoubledDatabase, doubled
from tests.unit.shared.sql.store import OTHER_TENANT, TENANT, Store


class Wire:
    """What was sent, in its order, and by which connection."""

    def __init__(self, database: DoubledDatabase) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.connections: set[int] = set()
        for engine in (database._engine, database._readers):
            event.listen(engine, "before_cursor_execute", self._keep)

    def _keep(
        self, connection: Connection, _cursor: object, statement: str, values: object, _context: object, _many: bool
    ) -> None:
        self.sent.append((statement, values))
        self.connections.add(id(connection.connection.dbapi_connection))


@pytest.fixture
def database(path: Path) -> Iterator[DoubledDatabase]:
    made = doubled(path)
    with made.system_transaction(), made.system_reading():
        """The first connections ask the server what it is."""
    yield made
    made.dispose()


@pytest.fixture
def wire(database: DoubledDatabase) -> Wire:
    return Wire(database)


def test_one_pooled_connection_gets_each_time_the_tenant_that_it_works_for(
    database: DoubledDatabase, wire: Wire
) -> None:
    store = Store(database)
    store.scans.recent(TENANT, "user", 1)
    store.scans.recent(OTHER_TENANT, "user", 1)
    with database.system_reading() as connection:
        connection.execute(select(scans.c.scan_id)).all()
    store.scans.recent(TENANT, "user", 1)
    assert len(wire.connections) == 1
    assert wire.sent[::2] == [
        for_tenant(TENANT),
        for_tenant(OTHER_TENANT),
        (FOR_SYSTEM, ()),
        for_tenant(TENANT),
    ]


def test_a_transaction_that_says_nothing_sees_nothing_whatever_was_before(
    database: DoubledDatabase, wire: Wire
) -> None:
    with database.transaction(TENANT):
        pass
    with database._engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    assert [statement for statement, _ in wire.sent] == [for_tenant(TENANT)[0], FOR_NO_TENANT, "SELECT 1"]
    assert len(wire.connections) == 1


def test_even_a_statement_without_a_transaction_begins_one_for_no_tenant(database: DoubledDatabase, wire: Wire) -> None:
    with database._engine.connect() as connection:
        connection.execute(select(text("1")))
    assert wire.sent[0] == (FOR_NO_TENANT, ())


def test_a_transaction_that_failed_leaves_nothing_to_the_next(database: DoubledDatabase, wire: Wire) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction(TENANT):
        raise ZeroDivisionError
    with database.transaction(OTHER_TENANT) as connection:
        connection.execute(select(scans.c.scan_id).where(scans.c.tenant_id == OTHER_TENANT)).all()
    assert len(wire.connections) == 1
    assert wire.sent[:2] == [for_tenant(TENANT), for_tenant(OTHER_TENANT)]


def test_a_guid_is_written_into_the_statement_and_anything_else_is_a_parameter() -> None:
    statement, parameters = for_tenant(TENANT)
    assert f"@value = N'{TENANT}'" in statement
    assert parameters == ()
    for odd in ("", "x'; DROP TABLE scans --", TENANT + "'", TENANT.upper() + "A", TENANT + "\n"):
        assert for_tenant(odd) == (FOR_TENANT, (odd,))


@pytest.mark.parametrize("statement", [FOR_TENANT, FOR_SYSTEM, FOR_NO_TENANT])
def test_both_keys_are_set_each_time(statement: str) -> None:
    assert statement.count("@key = N'tenant_id'") == statement.count("@key = N'is_system'") == 1


def test_only_system_work_sets_its_key_and_only_a_tenants_work_sets_a_tenant() -> None:
    assert "N'yes'" in FOR_SYSTEM
    assert "N'yes'" not in FOR_TENANT + FOR_NO_TENANT
    assert "?" in FOR_TENANT
    assert "?" not in FOR_SYSTEM + FOR_NO_TENANT


def test_the_double_refuses_a_repositorys_statement_about_another_customer(database: DoubledDatabase) -> None:
    """So a forgotten condition fails over the double, where row security would merely show nothing."""
    raw: Any = None
    with database.transaction(TENANT) as connection:
        raw = connection.connection.dbapi_connection
        assert raw.session.fault("SELECT scan_id FROM scans WHERE scan_id = ?", ("a scan",), many=False)
        assert raw.session.fault("SELECT scan_id FROM scans WHERE tenant_id = ?", (OTHER_TENANT,), many=False)
        assert not raw.session.fault("SELECT scan_id FROM scans WHERE tenant_id = ?", (TENANT,), many=False)
        assert raw.session.fault("INSERT INTO scans", [(TENANT, "a"), (OTHER_TENANT, "b")], many=True)
    with database.system_transaction():
        assert not raw.session.fault("SELECT scan_id FROM scans", (), many=False)
    assert raw.session.fault("SELECT scan_id FROM scans", (), many=False), "no transaction: for no tenant"
