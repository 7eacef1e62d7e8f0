from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Row, Table, delete, insert, select

from retention.reapply import reapply
from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.deletion.log import KEPT_FOR, DeletionLog
from shared.deletion.service import run_deletion
from shared.sql.deletion.deletions import DeletionRequest, Deletions
from shared.sql.engine.engine import Database
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import metadata
from tests.peers.sqlserver.server import DoubledDatabase
from tests.unit.retention.night import Night
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT

Backup = dict[Table, list[dict[str, Any]]]
RESTORED = [table for table in metadata.sorted_tables if table is not audit_events]
"""All but the log that no one may delete from."""


def asked(night: Night, tenant_id: str = TENANT) -> Deletion:
    event = AuditEvent(night.clock.now(), tenant_id, SYSTEM, Action.DELETION_REQUESTED, reason="A test asked.")
    deletion_request = DeletionRequest(tenant_id, DeletionScope.CUSTOMER, DeletionReason.CUSTOMER, event)
    return night.deletions.ask(deletion_request)


def delete_all(night: Night, tenant_id: str = TENANT) -> None:
    run_deletion(night, asked(night, tenant_id), 3600)


def back_up(night: Night) -> Backup:
    with night.database.system_reading() as connection:
        return {table: [_values(table, row) for row in connection.execute(select(*given(table)))] for table in RESTORED}


def given(table: Table) -> list[Column[Any]]:
    """The columns that the database does not make of others."""
    return [column for column in table.c if not column.computed]


def _values(table: Table, row: Row[Any]) -> dict[str, Any]:
    return dict(zip((column.key for column in given(table)), row, strict=True))


def restore(night: Night, backup: Backup) -> None:
    """The database is what it was when it was backed up; Table storage stays as it is."""
    with without_guards(night.database), night.database.system_transaction() as connection:
        for table, rows in backup.items():
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)


@contextmanager
def without_guards(database: Database) -> Iterator[None]:
    """A restore is no statement: SQLite's triggers do not see it."""
    file = database.server.sqlite if isinstance(database, DoubledDatabase) else database
    if file.dialect.name != "sqlite":
        yield
        return
    with file.system_transaction() as connection:
        triggers = [*connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")]
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    with file.system_transaction() as connection:
        for _, statement in triggers:
            connection.exec_driver_sql(statement)


def test_what_a_restore_brings_back_is_deleted_again(night: Night) -> None:
    night.customer()
    night.customer(OTHER_TENANT)
    backup = back_up(night)
    before = night.rows_left(OTHER_TENANT)
    delete_all(night)
    restore(night, backup)
    assert night.rows_left(TENANT) > 0
    assert reapply(night) == 1
    assert (night.rows_left(TENANT), night.rows_left(OTHER_TENANT)) == (0, before)
    assert reapply(night) == 0


def test_without_a_restore_nothing_is_repeated_and_who_came_back_keeps_what_is_new(night: Night) -> None:
    night.customer()
    delete_all(night)
    night.clock.sleep(3600)
    night.customer(at=night.clock.now())
    before = night.rows_left(TENANT)
    assert reapply(night) == 0
    assert night.rows_left(TENANT) == before


def test_a_restore_to_a_moment_after_the_deletion_forgets_nothing(night: Night) -> None:
    night.customer()
    delete_all(night)
    night.customer(at=night.clock.now())
    backup = back_up(night)
    before = night.rows_left(TENANT)
    restore(night, backup)
    assert reapply(night) == 0
    assert night.rows_left(TENANT) == before


def test_the_log_knows_of_a_deletion_before_its_first_row_is_deleted(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.customer()
    deletion = asked(night)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Deletions, "work", die)
    with pytest.raises(KeyboardInterrupt):
        run_deletion(night, deletion, 3600)
    assert [known.receipt_id for known in DeletionLog(night.tables).all()] == [deletion.receipt_id]


def test_a_deletion_is_kept_word_for_word_however_many_scans_it_has(night: Night) -> None:
    night.customer()
    deletion = asked(night)
    scans = tuple(f"{number:08}-0000-4000-8000-000000000000" for number in range(3_000))
    many = Deletion(**{**vars(deletion), "scan_ids": scans, "counts": {}})
    log = DeletionLog(night.tables)
    log.keep(many)
    log.keep(many)
    assert list(log.all()) == [many]


def test_the_log_is_kept_for_as_long_as_a_backup_may_live_and_no_longer(night: Night) -> None:
    night.customer()
    delete_all(night)
    log = DeletionLog(night.tables)
    assert log.delete_expired(NOW + timedelta(days=35)) == 0
    assert log.delete_expired(NOW + KEPT_FOR) == 1
