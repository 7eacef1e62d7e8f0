"""A deletion waits for who is writing about a scan, so that nothing is added that it would not find."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.models import Scan
from shared.core.operators import Operator, Role
from shared.sql.deletion.retention_notices import RetentionNotices
from shared.sql.reviews.reviews import Reviews
from tests.unit.shared.sql.deleting import left
from tests.unit.shared.sql.store import NOW, TENANT, USER, Store

WAIT_SECONDS = 0.3
"""How long a deletion that does not wait would have to get through: it takes some hundredths of it."""

OPERATOR = Operator(USER, "rita@caleta.example", frozenset({Role.REVIEWER}), NOW, NOW, NOW)


def write_review(store: Store, scan: Scan) -> object:
    event = AuditEvent(NOW, TENANT, SYSTEM, Action.DELETION_REQUESTED)
    return Reviews(store.database).publish(scan.key, OPERATOR, NOW, event)


def write_notice(store: Store, _scan: Scan) -> object:
    return RetentionNotices(store.database).write(TENANT, date(2027, 11, 24), NOW)


WRITERS = [
    ("shared.sql.reviews.reviews.record", write_review),
    ("shared.sql.deletion.retention_notices.record", write_notice),
]


@pytest.mark.parametrize(("last_step", "write"), WRITERS)
def test_a_deletion_waits_for_a_writer_that_has_found_the_scan(
    store: Store, monkeypatch: pytest.MonkeyPatch, last_step: str, write: Callable[[Store, Scan], object]
) -> None:
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    scan = store.scan()
    waited: list[bool] = []
    with ThreadPoolExecutor(1) as deleting:
        begun: list[Future[None]] = []

        def delete_meanwhile(*_: object) -> None:
            begun.append(deleting.submit(store.delete_customer))
            try:
                begun[0].result(WAIT_SECONDS)
            except TimeoutError:
                waited.append(True)

        monkeypatch.setattr(last_step, delete_meanwhile)
        assert write(store, scan)
        begun[0].result()
    assert waited == [True]
    assert set(left(store).values()) == {0}


@pytest.mark.parametrize("write", [write for _, write in WRITERS])
def test_a_writer_that_comes_after_the_deletion_writes_nothing(
    store: Store, write: Callable[[Store, Scan], object]
) -> None:
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    scan = store.scan()
    store.delete_customer()
    assert not write(store, scan)
    assert set(left(store).values()) == {0}
