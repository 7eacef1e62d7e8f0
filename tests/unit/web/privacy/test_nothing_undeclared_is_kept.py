"""After “Delete everything” a search through every store finds only what the table of stores declares."""

import logging

import pytest
from sqlalchemy import select

from shared.core.stores import KEPT_AFTER_DELETION, StoreKind, keeps_after_deletion
from shared.identity.session_records import SESSIONS_TABLE
from shared.sql.schema.tables import metadata
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, TENANT, USER
from tests.unit.web.privacy.records import stored_records
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
