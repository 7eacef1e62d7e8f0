"""After “Delete everything” a search through every store finds only what the table of stores declares."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from collectors.registry import all_queues
from local.queue import LocalQueue
from shared.core.stores import KEPT_AFTER_DELETION, StoreKind, keeps_after_deletion
from shared.identity.session_records import SESSIONS_TABLE
from shared.identity.vault import TokenVault
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import metadata
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, TENANT, USER
from tests.support.entra_double import KEY
from tests.unit.web.privacy.records import stored_records
from web.customer.mail_address import mail_address_confirm
from web.customer.scans import scan_start
from web.privacy.activity import audit_csv
from web.privacy.data_rights import data_delete, data_delete_confirm

EVERYTHING = {"what": "everything"}
NAME = "owner@contoso.example"


@pytest.fixture
def deleted(visit: Visit, caplog: pytest.LogCaptureFixture) -> tuple[Visit, frozenset[str]]:
    """A customer who has scanned, downloaded and deleted everything, and the words that identify them."""
    with caplog.at_level(logging.DEBUG):
        visit.consent()
        scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
        visit.parts.time.sleep(3600)
        assert visit.visit(scan_start, "POST").status == 303
        assert visit.visit(audit_csv).status == 200
        visit.sign_in()
        assert visit.visit(data_delete, "POST", form=EVERYTHING).status == 303
    return visit, frozenset({TENANT, USER, scan.scan_id, NAME, FIRST})


def tells(text: str, words: frozenset[str]) -> bool:
    return any(word in text for word in words)


def test_sql_keeps_only_what_is_declared(deleted: tuple[Visit, frozenset[str]]) -> None:
    visit, words = deleted
    found = set()
    with visit.parts.database.system_transaction() as connection:
        for table in metadata.sorted_tables:
            rows = [repr(tuple(row)) for row in connection.execute(select(table))]
            found |= {table.name for row in rows if tells(row, words)}
    assert found == {"audit_events"} <= keeps_after_deletion(StoreKind.SQL)


def test_table_storage_keeps_only_what_is_declared_and_no_session(deleted: tuple[Visit, frozenset[str]]) -> None:
    visit, words = deleted
    records = stored_records(visit.tables)
    telling = {table for table, record in records if tells(record, words)} - {SESSIONS_TABLE}
    assert telling == {"purges"} <= keeps_after_deletion(StoreKind.TABLES)
    assert not [record for table, record in records if table == SESSIONS_TABLE and NAME in record]


def test_messages_and_log_lines_hold_identifiers_alone(
    deleted: tuple[Visit, frozenset[str]], caplog: pytest.LogCaptureFixture
) -> None:
    visit, _ = deleted
    bodies = " ".join(str(message.body) for _, message in visit.parts.outbox.sent)
    lines = " ".join(record.getMessage() for record in caplog.get_records("setup"))
    for text in (bodies, lines):
        assert NAME not in text
        assert "contoso" not in text
    assert TENANT in bodies
    assert TENANT in lines  # The pages state both.


def test_the_page_before_the_deletion_names_all_that_stays(visit: Visit) -> None:
    visit.consent()
    page = visit.visit(data_delete_confirm, query=EVERYTHING).body.decode()
    assert [sentence for sentence in KEPT_AFTER_DELETION if sentence not in page] == []


SECRET_DISK = "disk-of-the-payroll"
ADDRESS = "costs@contoso.example"


def files(folder: Path) -> dict[str, bytes]:
    """All files of the app's data folder, raw: databases, write-ahead logs, queue, tables, exports, logs."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def holding(folder: Path, word: str) -> set[str]:
    """The files with this word in their raw bytes, as SQLite and JSON write it."""
    return {name for name, content in files(folder).items() if word.encode() in content}


def used_and_deleted(tmp_path: Path) -> tuple[Visit, str]:
    """An app with a queue of its own that stored much, and then deleted everything of its customer; its scan's id."""
    visit = Visit(tmp_path)
    visit.parts.vault = TokenVault((KEY,))
    visit.parts.queues = queue = LocalQueue(tmp_path / "queue.db", all_queues(), visit.parts.clock)
    visit.consent()
    rows = [cost_row(FIRST, str(number), resource=f"{SECRET_DISK}-{number}") for number in range(500)]
    scan = finished_scan(visit.parts, rows, FIRST)
    code = visit.parts.mail_confirmations.start(TENANT, USER, ADDRESS)
    visit.visit(mail_address_confirm, "POST", code=code)
    visit.parts.time.sleep(3600)
    assert visit.visit(scan_start, "POST").status == 303
    assert holding(tmp_path, SECRET_DISK)
    assert holding(tmp_path, ADDRESS)
    visit.sign_in()
    assert visit.visit(data_delete, "POST", form=EVERYTHING).status == 303
    queue.close()
    return visit, scan.scan_id


def test_no_raw_page_of_a_file_keeps_what_was_deleted(tmp_path: Path) -> None:
    """The write-ahead logs end with the process, as when the app is stopped."""
    visit, scan_id = used_and_deleted(tmp_path)
    visit.close()
    assert {word: holding(tmp_path, word) for word in (SECRET_DISK, ADDRESS, FIRST)} == {
        SECRET_DISK: set(),
        ADDRESS: set(),
        FIRST: set(),
    }
    declared = {"caleta.db", "tables.db", "queue.db"}  # The activity log, the log of deletions, and messages.
    for word in (TENANT, USER, scan_id):
        assert holding(tmp_path, word) <= declared
    assert holding(tmp_path, NAME) == {"caleta.db"}


def test_the_name_is_in_as_many_raw_places_as_the_activity_log_has_entries(tmp_path: Path) -> None:
    visit, _ = used_and_deleted(tmp_path)
    with visit.parts.database.system_transaction() as connection:
        entries = sum(repr(tuple(row)).count(NAME) for row in connection.execute(select(audit_events)))
    visit.close()
    assert files(tmp_path)["caleta.db"].count(NAME.encode()) == entries > 0
