"""No call and no statement of the app's identities removes what is on record, by the rights that they are granted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.periods import AUDIT_MONTHS, add_months
from shared.sql.engine.append_only import MAX_BATCH_ROWS
from shared.sql.engine.sql_faults import error_numbers
from shared.sql.ledgers.audit import AuditLog
from shared.sql.rights import APP_ROLE, MIGRATION_ROLE, PURGE_ROLE
from tests.peers.sqlserver.permissions import may, needed
from tests.peers.sqlserver.server import DoubledDatabase, doubled
from tests.support.databases import empty_file, needs_sqlite
from tests.unit.shared.sql.store import NOW, TENANT

TODAY = date(2027, 11, 24)
YOUNGEST = datetime.combine(add_months(TODAY, -AUDIT_MONTHS), datetime.min.time())
RECORDS = ("audit_events", "deletion_ledger", "purge_runs", "purge_run_results")
PERMISSION_DENIED = 229


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DoubledDatabase]:
    """The double with one entry that is promised to be kept for another hour."""
    needs_sqlite()
    made = doubled(empty_file(tmp_path / "caleta.db"))
    made.server.today = TODAY
    young = YOUNGEST.replace(tzinfo=NOW.tzinfo) + timedelta(hours=1)
    AuditLog(made).append(AuditEvent(young, TENANT, SYSTEM, Action.SIGNED_OUT))
    yield made
    made.dispose()


def fails_with(database: DoubledDatabase, role: str, statement: str, **values: object) -> list[int]:
    """SQL Server's number for what a member of the role gets; the entry is there afterwards."""
    database.server.roles = (role,)
    with pytest.raises(DBAPIError) as raised, database.system_transaction() as connection:
        connection.execute(text(statement), values)
    database.server.roles = (APP_ROLE, PURGE_ROLE)
    assert len(AuditLog(database).of_customer(TENANT)) == 1
    return error_numbers(raised.value)


@pytest.mark.parametrize("role", [APP_ROLE, PURGE_ROLE, MIGRATION_ROLE])
@pytest.mark.parametrize("table", RECORDS)
def test_no_identity_may_change_or_delete_what_is_on_record(database: DoubledDatabase, role: str, table: str) -> None:
    for change in ("DELETE FROM {}", "UPDATE {} SET tenant_id = NULL", "TRUNCATE TABLE {}"):
        assert fails_with(database, role, change.format(table)) == [PERMISSION_DENIED]


CALL = "EXEC dbo.delete_audit_events @before = :before, @most = :most"


def test_the_app_may_not_call_the_procedure(database: DoubledDatabase) -> None:
    assert fails_with(database, APP_ROLE, CALL, before=YOUNGEST, most=1) == [PERMISSION_DENIED]


@pytest.mark.parametrize(
    ("before", "most"),
    [(YOUNGEST + timedelta(seconds=1), 1), (YOUNGEST.replace(year=9000), 1), (YOUNGEST, MAX_BATCH_ROWS + 1)],
)
def test_the_purge_gets_nothing_younger_and_no_larger_batch(
    database: DoubledDatabase, before: datetime, most: int
) -> None:
    assert fails_with(database, PURGE_ROLE, CALL, before=before, most=most) == [50002]


def test_the_app_may_not_open_the_way_out(database: DoubledDatabase) -> None:
    opening = "INSERT INTO audit_cutoffs (cutoff) VALUES (:at)"
    assert fails_with(database, APP_ROLE, opening, at=NOW) == [PERMISSION_DENIED]


def test_the_app_appends_and_reads() -> None:
    assert [may(APP_ROLE, (right, "audit_events")) for right in ("SELECT", "INSERT")] == [True, True]


def test_what_a_statement_needs_is_read_from_it() -> None:
    assert needed("DELETE TOP (5) FROM costs WHERE x IN (SELECT y FROM steps)") == [
        ("DELETE", "costs"),
        ("SELECT", "steps"),
    ]
    assert needed("UPDATE scans SET status = ?") == [("UPDATE", "scans")]
    assert needed("SELECT * FROM scans JOIN steps ON 1 = 1") == [("SELECT", "scans"), ("SELECT", "steps")]
