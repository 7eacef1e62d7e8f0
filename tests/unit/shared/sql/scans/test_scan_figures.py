"""What the desk's list shows of a scan is kept with it from its end on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from shared.core.audit import SYSTEM, Action, AuditEvent, operator
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.operators import Operator, Role
from shared.sql.findings.publication import FindingPublication
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.repulls import Repulls
from shared.sql.reviews.review_queue import ReviewQueue
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.scan_figures import ScanFigures
from shared.sql.schema.tables import cost_totals, scans, steps
from tests.unit.shared.sql.store import LEASE, NOW, USER, Store, cost

LATER = NOW + timedelta(hours=1)
OPERATOR = Operator(USER, "rita@caleta.example", frozenset({Role.REVIEWER}), NOW, NOW, NOW)
Publish = Callable[[Store, Scan], None]
FIGURES = ScanFigures((("EUR", Decimal(7)), ("GBP", Decimal("0.30"))), 2, 1)


def collected(store: Store) -> Scan:
    """A scan of two subscriptions, of which one failed."""
    scan = store.scan()
    store.step(scan, number=2)
    done = store.save(store.claimed(scan), [cost("0.1"), cost("0.2"), cost("7", currency="EUR")])
    store.steps.complete(done, StepStatus.SUCCEEDED, NOW)
    failed = store.steps.claim(scan.tenant_id, store.step(scan, number=2).step_id, NOW, LEASE)
    assert failed is not None
    store.steps.complete(failed, StepStatus.FAILED, NOW)
    store.totals.compute(scan.key)
    return scan


def listed(store: Store) -> ScanFigures:
    (entry,) = ReviewQueue(store.database).list(QueueFilter.ALL, "", USER, NOW)
    return entry.figures


@pytest.mark.parametrize("status", [ScanStatus.PARTIAL, ScanStatus.FAILED, ScanStatus.BLOCKED])
def test_a_scan_that_ends_keeps_its_figures(store: Store, status: ScanStatus) -> None:
    scan = collected(store)
    assert listed(store) == ScanFigures()
    store.scans.finish(scan.key, status, None, NOW)
    assert listed(store) == FIGURES


def test_a_scan_that_is_cancelled_keeps_its_figures(store: Store) -> None:
    scan = collected(store)
    store.scans.cancel_running(scan.tenant_id, scan.user_object_id, "Disconnected.", NOW)
    assert listed(store) == FIGURES


def test_the_list_reads_neither_steps_nor_totals(store: Store) -> None:
    scan = collected(store)
    store.scans.finish(scan.key, ScanStatus.PARTIAL, None, NOW)
    with store.database.system_transaction() as connection:
        connection.execute(cost_totals.delete())
        connection.execute(steps.delete())
    assert listed(store) == FIGURES


def test_after_a_re_pull_the_figures_are_those_of_the_new_rows(store: Store) -> None:
    scan = collected(store)
    store.scans.finish(scan.key, ScanStatus.PARTIAL, None, NOW)
    with store.database.transaction(scan.tenant_id) as connection:
        connection.execute(update(steps).values(status=StepStatus.SUCCEEDED))
        connection.execute(cost_totals.delete().where(cost_totals.c.billing_currency == "EUR"))
    ended = replace(scan, status=ScanStatus.PARTIAL)
    Repulls(store.database).restate(ended, ScanStatus.COLLECTED, None)
    assert listed(store) == ScanFigures((("GBP", Decimal("0.30")),), 2, 2)


def test_figures_that_are_no_json_are_refused_by_the_database(store: Store) -> None:
    scan = collected(store)
    with pytest.raises(IntegrityError), store.database.transaction(scan.tenant_id) as connection:
        connection.execute(update(scans).values(spend_json="[["))


def by_hand(store: Store, scan: Scan) -> None:
    event = AuditEvent(LATER, scan.tenant_id, SYSTEM, Action.FINDINGS_PUBLISHED)
    assert Reviews(store.database).publish(scan.key, OPERATOR, LATER, event)


def with_findings(store: Store, scan: Scan) -> None:
    actor = operator(OPERATOR.object_id, OPERATOR.username)
    assert FindingPublication(store.database, scan, actor).publish([], [], LATER) == 0


@pytest.mark.parametrize("publish", [by_hand, with_findings])
def test_a_scan_whose_review_is_published_is_not_to_be_reviewed(store: Store, publish: Publish) -> None:
    scan = collected(store)
    store.scans.finish(scan.key, ScanStatus.PARTIAL, None, NOW)
    published_at = select(scans.c.review_published_at)
    with store.database.reading(scan.tenant_id) as connection:
        assert connection.execute(published_at).scalar_one() is None
    publish(store, scan)
    with store.database.reading(scan.tenant_id) as connection:
        assert connection.execute(published_at).scalar_one() == LATER
    queue = ReviewQueue(store.database)
    assert queue.list(QueueFilter.OPEN, "", USER, LATER) == []
    assert len(queue.list(QueueFilter.PUBLISHED, "", USER, LATER)) == 1
