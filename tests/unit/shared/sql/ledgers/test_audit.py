import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from shared.core.audit import Action, ActorKind, AuditEvent, Outcome, Subject, customer, operator
from shared.core.periods import AUDIT_MONTHS, add_months
from shared.sql.deletion.purge_runs import PurgeRuns
from shared.sql.engine.append_only import CUTOFF_AGE, CUTOFF_NO_UPDATE, MAX_BATCH_ROWS, PROCEDURE
from shared.sql.ledgers.audit import AuditFilter, AuditLog, record
from shared.sql.migrations import script
from shared.sql.schema.record_tables import audit_cutoffs, audit_events
from shared.sql.schema.tables import scans
from tests.peers.sqlserver.server import DoubledDatabase
from tests.support.databases import needs_sqlite, on_a_server
from tests.support.server_databases import prepare
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, OTHER_USER, TENANT, USER, Store

ONE_DAY = timedelta(days=1)
A_YEAR_ON = add_months((NOW + ONE_DAY).date(), AUDIT_MONTHS)
QUERY = AuditEvent(
    NOW,
    TENANT,
    operator("99999999-0000-4000-8000-000000000001", "rita@caleta.example"),
    Action.QUERY,
    Outcome.REQUESTED,
    user_object_id=USER,
    subject=Subject("scan", "a scan"),
    reason="Which disks are these?",
    details={"text": "Resources | take 1"},
)
SIGN_OUT = AuditEvent(NOW, TENANT, customer(USER, "owner@contoso.example"), Action.SIGNED_OUT, user_object_id=USER)


def actions(entries: object) -> list[Action]:
    return [entry.action for entry in entries]  # type: ignore[attr-defined]


def test_an_event_is_read_back_as_it_was_written(store: Store) -> None:
    store.audit.append(QUERY)
    (entry,) = store.audit.of_customer(TENANT)
    assert (entry.occurred_at, entry.tenant_id, entry.user_object_id) == (NOW, TENANT, USER)
    assert (entry.actor, entry.action, entry.outcome) == (QUERY.actor, Action.QUERY, Outcome.REQUESTED)
    assert (entry.subject_kind, entry.subject_id, entry.reason) == ("scan", "a scan", "Which disks are these?")
    assert entry.details == {"text": "Resources | take 1"}


def test_the_newest_comes_first_and_pages_go_on_where_the_last_ended(store: Store) -> None:
    for _ in range(5):
        store.audit.append(SIGN_OUT)
    first = store.audit.of_customer(TENANT, limit=3)
    rest = store.audit.of_customer(TENANT, AuditFilter(before=first[-1].event_id), limit=3)
    numbers = [entry.event_id for entry in (*first, *rest)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 5


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(action=Action.QUERY), [Action.QUERY]),
        (AuditFilter(actor=ActorKind.CUSTOMER), [Action.SIGNED_OUT]),
        (AuditFilter(since=NOW + ONE_DAY), [Action.SIGNED_OUT]),
        (AuditFilter(until=NOW + ONE_DAY), [Action.QUERY]),
        (AuditFilter(actor=ActorKind.CUSTOMER, action=Action.QUERY), []),
        (AuditFilter(), [Action.SIGNED_OUT, Action.QUERY]),
    ],
)
def test_what_is_looked_for_is_found(store: Store, wanted: AuditFilter, found: list[Action]) -> None:
    store.audit.append(QUERY)
    store.audit.append(replace(SIGN_OUT, occurred_at=NOW + ONE_DAY))
    assert actions(store.audit.of_customer(TENANT, wanted)) == found


def test_a_user_reads_what_is_about_them_and_about_the_whole_customer(store: Store) -> None:
    store.audit.append(QUERY)
    store.audit.append(replace(QUERY, action=Action.AUDIT_EXTRACTED, user_object_id=None))
    store.audit.append(replace(SIGN_OUT, user_object_id=OTHER_USER))
    store.audit.append(replace(SIGN_OUT, tenant_id=OTHER_TENANT))
    store.audit.append(replace(SIGN_OUT, tenant_id=None, action=Action.SIGN_IN_REFUSED))
    assert actions(store.audit.of_user(TENANT, USER)) == [Action.AUDIT_EXTRACTED, Action.QUERY]
    assert store.audit.count_of_user(TENANT, USER) == 2
    assert actions(store.audit.of_user(OTHER_TENANT, USER)) == [Action.SIGNED_OUT]


def test_an_extract_begins_with_its_own_taking(store: Store) -> None:
    store.audit.append(SIGN_OUT)
    taken = replace(QUERY, action=Action.AUDIT_EXTRACTED, reason="Asked for by mail.")
    assert actions(store.audit.extract(TENANT, taken, 10)) == [Action.AUDIT_EXTRACTED, Action.SIGNED_OUT]


def test_a_fact_and_its_record_are_stored_together_or_not_at_all(store: Store) -> None:
    def fail_after_record() -> None:
        with store.database.transaction(TENANT) as connection:
            record(connection, SIGN_OUT)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_after_record()
    assert store.audit.of_customer(TENANT) == []


CHANGES: list[Callable[[Connection], object]] = [
    lambda connection: connection.execute(update(audit_events).values(reason="something else")),
    lambda connection: connection.execute(delete(audit_events)),
    lambda connection: connection.execute(text("DELETE FROM audit_events WHERE event_id = 1")),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_or_delete_an_entry(
    store: Store, change: Callable[[Connection], object]
) -> None:
    needs_sqlite()  # On SQL Server a permission refuses, to everybody but the owner, as whom tests run.
    store.audit.append(SIGN_OUT)
    before = store.audit.of_customer(TENANT)
    with pytest.raises(IntegrityError, match="append-only"), store.database.system_transaction() as connection:
        change(connection)
    assert store.audit.of_customer(TENANT) == before


def test_there_is_no_other_way_to_write_than_to_append() -> None:
    public = {name for name in vars(AuditLog) if not name.startswith("_")}
    assert public == {
        "append",
        "of_user",
        "of_customer",
        "extract",
        "count_of_user",
        "count_of_customer",
        "delete_before",
    }


def purge_run_as_of(store: Store, day: date) -> None:
    PurgeRuns(store.database).begin(day, datetime.combine(day, time(2), UTC))


def test_old_entries_go_when_the_customer_has_no_scan_any_more(store: Store) -> None:
    store.audit.append(SIGN_OUT)
    store.audit.append(replace(SIGN_OUT, occurred_at=NOW + ONE_DAY))
    store.audit.append(replace(SIGN_OUT, tenant_id=None))
    purge_run_as_of(store, A_YEAR_ON)
    assert store.audit.delete_before(NOW + timedelta(hours=1)) == 2
    assert [entry.occurred_at for entry in store.audit.of_customer(TENANT)] == [NOW + ONE_DAY]
    with store.database.system_transaction() as connection:
        assert connection.execute(select(audit_cutoffs)).all() == []


def test_no_entry_is_deleted_before_the_customers_last_scan(store: Store) -> None:
    needs_sqlite()
    store.scan()
    store.audit.append(SIGN_OUT)
    purge_run_as_of(store, (NOW + 800 * ONE_DAY).date())
    assert store.audit.delete_before(NOW + 400 * ONE_DAY) == 0
    with store.database.system_transaction() as connection:
        connection.execute(insert(audit_cutoffs).values(cutoff=NOW + 400 * ONE_DAY))
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(delete(audit_events))
        connection.execute(delete(scans))
        assert connection.execute(delete(audit_events)).rowcount == 3


def younger_than_promised(store: Store) -> None:
    """Ask for one more day than AUDIT_MONTHS leave, and for a batch of all there is."""
    store.audit.append(SIGN_OUT)
    purge_run_as_of(store, A_YEAR_ON)
    store.audit.delete_before(datetime.combine(add_months(A_YEAR_ON, -AUDIT_MONTHS), time(0, 0, 1), UTC))


def test_the_database_refuses_to_delete_an_entry_younger_than_promised(store: Store) -> None:
    if isinstance(store.database, DoubledDatabase):
        store.database.server.today = A_YEAR_ON
    elif on_a_server():
        prepare(store.database, A_YEAR_ON.isoformat())
    with pytest.raises(DBAPIError, match=f"kept for {AUDIT_MONTHS} months|50002"):
        younger_than_promised(store)
    assert actions(store.audit.of_customer(TENANT)) == [Action.SIGNED_OUT]


FORCED = [
    lambda connection: connection.execute(insert(audit_cutoffs).values(cutoff=NOW + ONE_DAY)),
    lambda connection: connection.execute(update(audit_cutoffs).values(cutoff=NOW + ONE_DAY)),
]


@pytest.mark.parametrize("forced", FORCED)
def test_on_sqlite_no_statement_opens_the_way_to_younger_entries(
    store: Store, forced: Callable[[Connection], object]
) -> None:
    needs_sqlite()
    store.audit.append(SIGN_OUT)
    purge_run_as_of(store, A_YEAR_ON)
    with store.database.system_transaction() as connection:
        connection.execute(insert(audit_cutoffs).values(cutoff=NOW - ONE_DAY))
        with pytest.raises(IntegrityError, match="audit log"):
            forced(connection)
        with pytest.raises(IntegrityError, match="append-only"):
            connection.execute(delete(audit_events))


def test_on_sql_server_only_the_procedure_may_delete_and_no_one_may_update() -> None:
    assert "DENY UPDATE, DELETE ON OBJECT::dbo.audit_events TO public" in script()
    assert "NOT EXISTS (SELECT 1 FROM dbo.scans" in PROCEDURE


def test_the_procedure_minds_the_age_and_the_batch_before_it_deletes() -> None:
    first, then = PROCEDURE.split("DELETE TOP (@most)")
    assert f"@before > DATEADD(month, -{AUDIT_MONTHS}, SYSUTCDATETIME())" in first
    assert f"@most > {MAX_BATCH_ROWS}" in first
    assert "THROW 50002" in first
    assert "occurred_at < @before" in then


def test_the_deployed_guards_are_those_of_the_code() -> None:
    version: Any = import_module("shared.sql.migrations.versions.0003_audit_guards")
    assert version.PROCEDURE == PROCEDURE
    assert (version.CUTOFF_AGE, version.CUTOFF_NO_UPDATE) == (CUTOFF_AGE, CUTOFF_NO_UPDATE)


def test_the_statements_for_sql_server_are_t_sql() -> None:
    parser = Path(sys.executable).parent / "maxdop"
    if not parser.exists():
        pytest.skip("Microsoft's T-SQL parser is not installed")
    command = [str(parser), "--parser-version", "2025"]
    parsed = subprocess.run(command, input=PROCEDURE, capture_output=True, text=True, check=False)
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
