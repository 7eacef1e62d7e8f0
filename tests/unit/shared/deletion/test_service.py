from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.audit import customer
from shared.core.errors import BadMessage
from shared.core.messages import DeletionMessage
from shared.core.models import Session
from shared.deletion.service import continue_deletion, delete_scan, delete_user, run_deletion
from shared.messaging.queues import DELETIONS
from shared.sql.deletion.receipts import receipt_of
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.clock import START
from tests.support.collecting import FIRST, OTHER_TENANT, SECOND, TENANT, USER

SESSION = Session(TENANT, USER, "owner@contoso.example", START, START)
ACTOR = customer(USER, "owner@contoso.example")


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    made = Visit(tmp_path)
    yield made
    made.close()


def test_what_fits_into_the_time_needs_no_message(visit: Visit) -> None:
    finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    assert delete_user(visit.parts, SESSION, ACTOR).is_done
    assert visit.parts.outbox.of(DELETIONS.name) == []


def test_a_message_is_for_its_own_customer_only(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    deletion = delete_scan(visit.parts, SESSION, ACTOR, scan.scan_id)
    for tenant_id, receipt_id in ((OTHER_TENANT, deletion.receipt_id), (TENANT, SECOND)):
        continue_deletion(visit.parts, DeletionMessage(tenant_id=tenant_id, receipt_id=receipt_id).encode())
    assert visit.parts.deletions.get(deletion.receipt_id) == deletion


def test_a_message_that_comes_again_changes_nothing(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    deletion = delete_scan(visit.parts, SESSION, ACTOR, scan.scan_id)
    (message,) = visit.parts.outbox.of(DELETIONS.name)
    continue_deletion(visit.parts, message.body)
    ended = visit.parts.receipts.get(deletion.receipt_id)
    continue_deletion(visit.parts, message.body)
    assert visit.parts.receipts.get(deletion.receipt_id) == ended
    assert receipt_of(run_deletion(visit.parts, deletion, 60), visit.parts.pseudonyms) == ended
    assert len(visit.parts.outbox.of(DELETIONS.name)) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b'{"tenant_id": "x", "receipt_id": "y"}'])
def test_a_message_that_cannot_be_understood_is_refused(visit: Visit, body: bytes) -> None:
    with pytest.raises(BadMessage):
        continue_deletion(visit.parts, body)


def test_a_disturbed_queue_leaves_the_deletion_on_the_ledger(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    visit.parts.outbox.refuses = ConnectionError()
    with pytest.raises(ConnectionError):
        delete_scan(visit.parts, SESSION, ACTOR, scan.scan_id)
    (left,) = visit.parts.deletions.unfinished()
    assert left.scan_ids == (scan.scan_id,)
