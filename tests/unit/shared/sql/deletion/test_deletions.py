import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Delete, Table, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome
from shared.core.deletions import Deletion, DeletionReason, DeletionScope, DeletionState, Receipt
from shared.core.errors import LeaseLost
from shared.core.models import ScanStatus
from shared.core.periods import deletion_due_on
from shared.core.pseudonyms import Pseudonyms
from shared.sql.deletion.deletion_rows import BATCH_ROWS, FINDINGS, IN_BATCHES, batch_of, rows_to_delete
from shared.sql.deletion.deletions import Batch, DeletionRequest
from shared.sql.deletion.receipts import Receipts
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.schema.record_tables import deletion_ledger
from shared.sql.schema.tables import (
    COLLECTED_TABLES,
    purges,
    raw_pages,
)
from tests.support.databases import counted_statements, needs_sqlite
from tests.unit.shared.sql.deleting import customer, left
from tests.unit.shared.sql.store import (
    COST_COLUMNS,
    LEASE,
    NOW,
    OTHER_TENANT,
    OTHER_USER,
    PAGE,
    TENANT,
    USER,
    Store,
    cost,
    subscription,
)

DUE = deletion_due_on(NOW.date())
ONE_DAY = timedelta(days=1)

SHARED = {"cost_resources": 1, "cost_charges": 1}
"""What the rows of one step share."""


def deletion_request(
    scope: DeletionScope = DeletionScope.CUSTOMER,
    tenant_id: str = TENANT,
    scan_id: str | None = None,
    at: datetime = NOW,
) -> DeletionRequest:
    user = None if scope is DeletionScope.CUSTOMER else USER
    event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED, user_object_id=user, reason="A test asked.")
    return DeletionRequest(tenant_id, scope, DeletionReason.CUSTOMER, event, user_object_id=user, scan_id=scan_id)


def delete_in_batches(store: Store, deletion: Deletion, limit: int = BATCH_ROWS) -> list[Batch]:
    found = []
    while batch := store.deletions.work(deletion, NOW, limit):
        found.append(batch)
    return found


def delete_all(store: Store, of: DeletionRequest | None = None) -> Receipt:
    deletion = store.deletions.ask(of or deletion_request())
    delete_in_batches(store, deletion)
    ended = store.receipts.get(deletion.receipt_id)
    assert ended is not None
    return ended


def purge(store: Store, today: date, tenant_id: str = TENANT) -> Deletion | None:
    at = datetime.combine(today, time(2), UTC)
    event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED)
    deletion = store.deletions.ask_if_due(tenant_id, today, event)
    if deletion:
        delete_in_batches(store, deletion)
    return deletion


def test_nothing_is_due_the_day_before_and_all_of_it_on_the_day(store: Store) -> None:
    customer(store)
    before = left(store)
    assert all(before.values())
    assert purge(store, DUE - ONE_DAY) is None
    assert left(store) == before
    assert purge(store, DUE)
    assert set(left(store).values()) == {0}
    assert store.due.by(DUE) == []


def test_all_of_a_customer_is_counted_by_table(store: Store) -> None:
    customer(store)
    before = left(store)
    ended = delete_all(store)
    assert (ended.state, dict(ended.counts)) == (DeletionState.DONE, before)
    assert set(left(store).values()) == {0}


def test_no_other_customer_loses_anything(store: Store) -> None:
    customer(store)
    customer(store, OTHER_TENANT)
    before = left(store, OTHER_TENANT)
    for scope in DeletionScope:
        delete_all(store, deletion_request(scope))
    assert left(store, OTHER_TENANT) == before


def test_a_colleague_keeps_scans_and_consent_when_a_user_deletes_everything(store: Store) -> None:
    customer(store)
    theirs = store.scan(user=OTHER_USER)
    store.save(store.claimed(theirs), [cost("1")] * 3)
    store.connections.save(TENANT, OTHER_USER, "colleague@contoso.example", b"token", NOW)
    delete_all(store, deletion_request(DeletionScope.USER))
    rest = {table: count for table, count in left(store).items() if count}
    assert rest == {"costs": 3, **SHARED, "raw_pages": 1, "steps": 1, "scans": 1, "connections": 1, "dead_letters": 1}
    assert store.scans.latest(TENANT, OTHER_USER) is not None


def test_one_scan_is_deleted_alone(store: Store) -> None:
    customer(store)
    store.connections.save(TENANT, OTHER_USER, "colleague@contoso.example", b"token", NOW)
    kept = left(store)
    scan = store.scan_with(*[cost("1")] * 5, user=OTHER_USER)
    DeadLetters(store.database).record(TENANT, "collect-costs", "reason", f'{{"scan_id": "{scan.scan_id}"}}', NOW)
    ended = delete_all(store, deletion_request(DeletionScope.SCAN, scan_id=scan.scan_id))
    assert left(store) == kept
    assert ended.counts == {"scans": 1, "costs": 5, **SHARED, "raw_pages": 1, "steps": 1, "dead_letters": 1}


def test_findings_go_and_the_scan_stays(store: Store) -> None:
    customer(store)
    before = left(store)
    delete_all(store, deletion_request(DeletionScope.FINDINGS))
    findings = {table.name for table in FINDINGS}
    assert left(store) == {name: 0 if name in findings else count for name, count in before.items()}
    assert store.scans.latest(TENANT, USER) is not None


def test_scans_and_consents_are_deleted_at_once_and_children_before_their_steps(store: Store) -> None:
    customer(store)
    deletion = store.deletions.ask(deletion_request())
    assert (left(store)["scans"], left(store)["connections"]) == (0, 0)
    order = [batch.table for batch in delete_in_batches(store, deletion, 7)]
    last = {table: number for number, table in enumerate(order)}
    assert all(last[table.name] < order.index("steps") for table in (*COLLECTED_TABLES, raw_pages))


def test_no_batch_is_larger_than_was_asked(store: Store) -> None:
    customer(store)
    batches = delete_in_batches(store, store.deletions.ask(deletion_request()), 7)
    assert [batch.rows for batch in batches if batch.table == "costs"] == [7, 7, 7, 7, 2]
    assert max(batch.rows for batch in batches) == 7


@pytest.mark.parametrize("batches", [0, 1, 4, 6, 12])
def test_a_deletion_that_was_stopped_is_found_on_the_ledger_and_continues(store: Store, batches: int) -> None:
    customer(store)
    before = left(store)
    deletion = store.deletions.ask(deletion_request())
    for _ in range(batches):
        assert store.deletions.work(deletion, NOW, 7)
    (found,) = store.deletions.unfinished()
    delete_in_batches(store, found)
    assert set(left(store).values()) == {0}
    assert store.deletions.unfinished() == []
    ended = store.receipts.get(deletion.receipt_id)
    assert ended is not None
    assert ended.counts == before


def test_two_who_work_on_one_deletion_count_every_row_once(store: Store) -> None:
    customer(store)
    before = left(store)
    deletion = store.deletions.ask(deletion_request())
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: delete_in_batches(store, deletion, 3), range(2)))
    ended = store.receipts.get(deletion.receipt_id)
    assert ended is not None
    assert (ended.counts, ended.state) == (before, DeletionState.DONE)
    finished = [entry for entry in store.audit.of_customer(TENANT) if entry.action is Action.DELETION_FINISHED]
    assert len(finished) == 1


def minimal_scans(store: Store, number: int) -> None:
    """Scans of one step, one page and one row each, all ended."""
    for _ in range(number):
        scan = store.scan_with(cost("1"), user=USER)
        store.scans.finish(scan.key, ScanStatus.PARTIAL, None, NOW)


def statements_to_delete(store: Store, scans: int, limit: int = BATCH_ROWS) -> int:
    """How many statements it takes to delete a customer with so many scans."""
    minimal_scans(store, scans)
    with counted_statements(store.database) as counted:
        delete_in_batches(store, store.deletions.ask(deletion_request()), limit)
    assert set(left(store).values()) == {0}
    return len(counted)


def test_forty_scans_take_no_more_than_four_times_the_statements_of_ten(store: Store) -> None:
    ten = statements_to_delete(store, 10)
    assert statements_to_delete(store, 40) <= 4.2 * ten


@pytest.mark.parametrize("limit", [1, 7])
def test_a_deletion_in_small_batches_takes_statements_in_proportion_to_its_batches(store: Store, limit: int) -> None:
    ten = statements_to_delete(store, 10, limit)
    assert statements_to_delete(store, 40, limit) <= 4.2 * ten


@pytest.mark.slow
def test_hundreds_of_scans_are_deleted_and_the_entry_on_record_stays_short(store: Store) -> None:
    minimal_scans(store, 450)
    ended = delete_all(store)
    assert ended.scan_count == 450
    (first,) = (entry for entry in store.audit.of_customer(TENANT, limit=5) if entry.outcome is Outcome.REQUESTED)
    assert first.details["scan_count"] == 450


def test_a_letter_that_comes_late_is_deleted_before_the_end(store: Store) -> None:
    customer(store)
    deletion = store.deletions.ask(deletion_request())
    assert store.deletions.work(deletion, NOW)
    assert store.deletions.work(deletion, NOW)
    DeadLetters(store.database).record(TENANT, "collect-costs", "reason", "{}", NOW)
    delete_in_batches(store, deletion)
    assert set(left(store).values()) == {0}


@pytest.mark.parametrize("table", IN_BATCHES, ids=lambda table: table.name)
def test_no_table_is_read_from_end_to_end_to_find_a_customers_rows(store: Store, table: Table) -> None:
    needs_sqlite()
    customer(store)
    deletion = store.deletions.ask(deletion_request())
    dialect = store.database.dialect
    with store.database.system_reading() as connection:
        for rows in rows_to_delete(table, deletion, [(1, 2)]):
            statement = str(
                batch_of(table, rows, 9, dialect).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            )
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            assert not [step for step in plan if step.startswith(f"SCAN {table.name}")], plan


def test_a_customer_who_has_come_back_is_not_purged(store: Store) -> None:
    customer(store)
    store.connections.save(TENANT, USER, "owner@contoso.example", b"new", datetime.combine(DUE, time(1), UTC))
    before = left(store)
    assert purge(store, DUE) is None
    assert left(store) == before


def test_who_comes_back_while_the_purge_runs_keeps_what_is_new(store: Store) -> None:
    customer(store)
    at = datetime.combine(DUE, time(3), UTC)
    event = AuditEvent(datetime.combine(DUE, time(2), UTC), TENANT, SYSTEM, Action.DELETION_REQUESTED)
    deletion = store.deletions.ask_if_due(TENANT, DUE, event)
    assert deletion
    store.deletions.work(deletion, at, 7)
    store.connections.save(TENANT, USER, "owner@contoso.example", b"new", at)
    scan = store.scan_with(cost("5"), at=at)
    DeadLetters(store.database).record(TENANT, "collect-costs", "reason", "{}", at)
    delete_in_batches(store, deletion)
    rest = {table: count for table, count in left(store).items() if count}
    assert rest == {"costs": 1, **SHARED, "raw_pages": 1, "steps": 1, "scans": 1, "connections": 1, "dead_letters": 1}
    assert store.scans.get(scan.key) is not None


def test_after_a_restore_it_is_done_again_from_the_ledger(store: Store) -> None:
    deletion = store.deletions.ask(deletion_request(at=NOW + ONE_DAY))
    customer(store)
    scan = store.scans.latest(TENANT, USER)
    assert scan
    restored = replace(deletion, scan_ids=(scan.scan_id,))
    delete_in_batches(store, store.deletions.repeat(restored))
    assert set(left(store).values()) == {0}


def test_a_worker_in_the_middle_of_a_page_leaves_nothing(store: Store) -> None:
    step = store.claimed()

    def rows() -> Iterator[tuple[object, ...]]:
        yield cost("1")
        delete_all(store)
        yield cost("2")

    with pytest.raises(LeaseLost):
        store.steps.save_page(step, PAGE, "costs", COST_COLUMNS, rows(), 1, None, NOW, LEASE)
    with pytest.raises(LeaseLost):
        store.steps.release(step, NOW)
    assert set(left(store).values()) == {0}


def test_a_plan_and_totals_that_come_too_late_add_nothing(store: Store) -> None:
    scan = store.scan_with(cost("1"))
    deletion = store.deletions.ask(deletion_request())
    store.steps.insert_missing(scan.key, [("costs", subscription(2))], NOW)
    store.totals.compute(scan.key)
    assert store.steps.claim(TENANT, 1, NOW + ONE_DAY, LEASE) is None
    delete_in_batches(store, deletion)
    assert set(left(store).values()) == {0}


def test_it_is_on_record_before_and_after(store: Store) -> None:
    customer(store)
    ended = delete_all(store)
    last, first = store.audit.of_customer(TENANT, limit=2)
    assert (first.action, first.outcome, first.reason) == (
        Action.DELETION_REQUESTED,
        Outcome.REQUESTED,
        "A test asked.",
    )
    assert (last.action, last.details["rows"]) == (Action.DELETION_FINISHED, ended.rows)
    assert first.subject_id == last.subject_id == ended.receipt_id


def test_a_decision_whose_answer_was_lost_is_not_made_twice(store: Store) -> None:
    customer(store)
    asked = deletion_request()
    first = store.deletions.ask(asked)
    assert store.deletions.ask(asked) == first
    assert store.deletions.unfinished() == [first]


def test_the_ledger_holds_nothing_personal(store: Store) -> None:
    customer(store)
    scan = store.scans.latest(TENANT, USER)
    assert scan is not None
    delete_all(store, deletion_request(DeletionScope.USER))
    with store.database.system_transaction() as connection:
        entries = str([*connection.execute(select(deletion_ledger))])
        assert connection.execute(select(purges)).all() == []
    assert [name for name in (TENANT, USER, scan.scan_id, "contoso", "A test asked.") if name in entries] == []


def test_a_receipt_is_its_customers_own_under_every_key_that_is_left(store: Store) -> None:
    customer(store)
    ended = delete_all(store)
    rotated = Receipts(store.database, Pseudonyms(lambda: ("a newer key", "a key")))
    assert rotated.of_customer(TENANT) == [ended]
    assert rotated.get_of_customer(TENANT, ended.receipt_id) == ended
    assert rotated.get_of_customer(OTHER_TENANT, ended.receipt_id) is None
    without = Receipts(store.database, Pseudonyms(lambda: ("a newer key",)))
    assert without.of_customer(TENANT) == []
    assert without.get(ended.receipt_id) == ended


def test_receipts_of_the_first_release_are_found_before_and_after_they_move_to_the_ledger(store: Store) -> None:
    customer(store)
    running = store.deletions.ask(deletion_request())
    with store.database.transaction(TENANT) as connection:
        values = {**vars(running), "scan_ids_json": json.dumps(running.scan_ids), "counts_json": '{"costs": 7}'}
        values |= {"receipt_id": "before", "state": "done", "rows_deleted": 7, "purged_at": NOW}
        connection.execute(insert(purges).values({name: values[name] for name in values if name in purges.c}))
    before = store.receipts.get("before")
    assert before is not None
    assert (before.is_done, before.rows, before.scan_count) == (True, 7, 1)
    assert store.receipts.move_finished() == 1
    assert store.receipts.get("before") == before
    assert store.receipts.move_finished() == 0
    assert {receipt.receipt_id for receipt in store.receipts.of_customer(TENANT)} == {"before", running.receipt_id}
    assert store.deletions.get("before") is None


@pytest.mark.parametrize("change", [delete(deletion_ledger), update(deletion_ledger).values(rows_deleted=0)])
def test_no_entry_of_the_ledger_is_changed_or_deleted(store: Store, change: Delete | Update) -> None:
    needs_sqlite()  # On SQL Server a permission refuses, to every principal but the owner, as whom tests run.
    customer(store)
    ended = delete_all(store)
    with pytest.raises(IntegrityError, match="append-only"), store.database.system_transaction() as connection:
        connection.execute(change)
    assert store.receipts.get(ended.receipt_id) == ended


def test_a_batch_stays_below_the_locks_at_which_sql_server_locks_the_table() -> None:
    assert BATCH_ROWS < 5_000
