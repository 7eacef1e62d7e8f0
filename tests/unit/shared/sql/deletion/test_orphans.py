"""A deletion of a whole customer also finds rows whose scan was deleted, and none of who came back."""

from sqlalchemy import insert

from shared.sql.schema.tables import STEP_TABLES, TENANT_TABLES, scans
from tests.unit.shared.sql.deleting import customer, filled, left
from tests.unit.shared.sql.deletion.test_deletions import ONE_DAY, delete_in_batches, deletion_request
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT, Store


def test_the_last_pass_finds_rows_whose_scan_was_deleted(store: Store) -> None:
    customer(store)
    deletion = store.deletions.ask(deletion_request())
    customer(store, OTHER_TENANT)
    others = left(store, OTHER_TENANT)
    late = [table for table in TENANT_TABLES if "scan_id" in table.c and table not in (*STEP_TABLES, scans)]
    with store.database.transaction(TENANT) as connection:
        for table in late:
            row = filled(table, TENANT, "77777777-7777-4777-8777-777777777777")
            numbered = {column.name for column in table.c if column.autoincrement is True}
            connection.execute(insert(table).values({name: row[name] for name in row if name not in numbered}))
    delete_in_batches(store, deletion)
    assert set(left(store).values()) == {0}
    assert left(store, OTHER_TENANT) == others


def test_what_a_customer_who_came_back_has_written_is_no_orphan(store: Store) -> None:
    customer(store)
    deletion = store.deletions.ask(deletion_request())
    customer(store, at=NOW + ONE_DAY)
    delete_in_batches(store, deletion)
    assert all(left(store).values())
