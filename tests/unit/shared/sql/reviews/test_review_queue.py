"""What is due comes first and is never cut, however many scans there are."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import case, insert, make_url, select

from shared.core.models import ScanKey, ScanStatus
from shared.core.review_window import REVIEWABLE, WindowState, review_window
from shared.sql.reviews.queue_filters import QueueFilter, due_conditions
from shared.sql.reviews.review_queue import QueueEntry, ReviewQueue
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import IS_TO_REVIEW, connections, scans
from tests.unit.shared.sql.store import NOW, PERIOD, Store

RITA, OTHER = "77777777-7777-4777-8777-777777777777", "88888888-8888-4888-8888-888888888888"
STATUSES = (ScanStatus.COLLECTED, ScanStatus.PARTIAL, ScanStatus.FAILED, ScanStatus.COLLECTING, ScanStatus.BLOCKED)
pytestmark = pytest.mark.slow
LATER = NOW + timedelta(hours=600)


def key(number: int) -> ScanKey:
    return ScanKey(f"11111111-0000-4000-8000-{number:012}", f"22222222-0000-4000-8000-{number:012}")


def add(store: Store, number: int) -> None:
    """One customer with a scan, an hour after the one before; each third review is published, each fourth claimed."""
    status, at = STATUSES[number % 5], NOW + timedelta(hours=number)
    tenant_id, scan_id = key(number).tenant_id, key(number).scan_id
    scan = {
        "tenant_id": tenant_id, "scan_id": scan_id, "user_object_id": RITA, "status": status, "requested_at": at,
        "finished_at": at if status.is_final else None, "period_start": PERIOD.start, "period_end": PERIOD.end,
        "review_published_at": at if status in REVIEWABLE and number % 3 == 0 else None,
    }  # fmt: skip
    review = {
        "tenant_id": tenant_id, "scan_id": scan_id, "claimed_by": (RITA, OTHER, None, None)[number % 4],
        "published_at": at if status in REVIEWABLE and number % 3 == 0 else None,
    }  # fmt: skip
    consent = {
        "tenant_id": tenant_id, "user_object_id": RITA, "username": f"owner{number}@contoso.example",
        "state": "active", "version": 1, "consented_at": at,
    }  # fmt: skip
    with store.database.transaction(tenant_id) as connection:
        for table, values in ((scans, scan), (reviews, review), (connections, consent)):
            connection.execute(insert(table).values(values))


@pytest.fixture
def queue(store: Store) -> ReviewQueue:
    for number in range(600):
        add(store, number)
    return ReviewQueue(store.database)


def listed(queue: ReviewQueue, show: QueueFilter, search: str = "", now: datetime = LATER) -> list[QueueEntry]:
    return queue.list(show, search, RITA, now)


def state(entry: QueueEntry) -> WindowState:
    return review_window(entry.scan, entry.review.published_at, LATER).state


def test_of_six_hundred_scans_every_overdue_one_is_listed_first_and_the_longest_overdue_before_all(
    queue: ReviewQueue,
) -> None:
    expected = [key(n).scan_id for n in range(600) if n % 5 in (0, 1) and n % 3]
    entries = listed(queue, QueueFilter.ALL)
    due = [entry for entry in entries if state(entry) in (WindowState.OVER, WindowState.OPEN)]
    assert entries[: len(due)] == due
    assert [entry.scan.scan_id for entry in due] == expected
    assert len(entries) == len(expected) + 120 + 300
    overdue = [entry.scan.scan_id for entry in listed(queue, QueueFilter.OVERDUE)]
    assert overdue == [scan_id for scan_id in expected if scan_id <= key(576).scan_id]


def test_after_what_is_due_come_running_scans_then_the_others_newest_first(
    queue: ReviewQueue,
) -> None:
    others = [
        entry for entry in listed(queue, QueueFilter.ALL) if state(entry) not in (WindowState.OVER, WindowState.OPEN)
    ]
    running = [entry for entry in others if state(entry) is WindowState.NOT_YET]
    ended = others[len(running) :]
    assert others[: len(running)] == running
    assert {state(entry) for entry in ended} == {WindowState.PUBLISHED, WindowState.NEVER}
    for each in (running, ended):
        moments = [entry.scan.requested_at for entry in each]
        assert moments == sorted(moments, reverse=True)


def test_the_counts_count_all_that_is_due_or_running(queue: ReviewQueue) -> None:
    due = [n for n in range(600) if n % 5 in (0, 1) and n % 3]
    assert queue.counts(RITA, LATER) == {
        QueueFilter.OPEN: len(due),
        QueueFilter.MINE: sum(n % 4 == 0 for n in due),
        QueueFilter.UNCLAIMED: sum(n % 4 in (2, 3) for n in due),
        QueueFilter.OVERDUE: sum(n <= 576 for n in due),
        QueueFilter.RUNNING: 120,
    }


@pytest.mark.parametrize("show", list(QueueFilter))
def test_a_list_has_as_many_as_its_count_unless_it_is_cut(queue: ReviewQueue, show: QueueFilter) -> None:
    published = sum(n % 5 in (0, 1) and n % 3 == 0 for n in range(600))
    counts = {**queue.counts(RITA, LATER), QueueFilter.PUBLISHED: published, QueueFilter.ALL: 600}
    most = counts[QueueFilter.OPEN] + counts[QueueFilter.RUNNING] + 300 if show is QueueFilter.ALL else 300
    due = show in (QueueFilter.OPEN, QueueFilter.MINE, QueueFilter.UNCLAIMED, QueueFilter.OVERDUE)
    assert len(listed(queue, show)) == (counts[show] if due else min(counts[show], most))


@pytest.mark.parametrize("search", ["OWNER587@contoso", key(587).scan_id, key(587).tenant_id.upper(), " owner587@ "])
def test_a_search_finds_a_scan_that_no_list_shows_any_more(queue: ReviewQueue, search: str) -> None:
    assert [entry.scan.scan_id for entry in listed(queue, QueueFilter.ALL, search)] == [key(587).scan_id]
    assert listed(queue, QueueFilter.ALL, "100%") == listed(queue, QueueFilter.ALL, "owner_") == []


def test_what_is_to_review_is_what_the_statuses_say() -> None:
    """As text: SQL Server uses an index with a condition only where the query says the same in constants."""
    reviewable = ", ".join(f"'{status}'" for status in REVIEWABLE)
    assert str(IS_TO_REVIEW) == f"status IN ({reviewable}) AND review_published_at IS NULL"


@pytest.mark.parametrize("show", list(due_conditions(RITA, LATER)))
def test_each_condition_can_stand_in_a_case_of_t_sql(show: QueueFilter) -> None:
    counted = case((due_conditions(RITA, LATER)[show], 1), else_=0)
    assert "WHEN 1 THEN" not in str(select(counted).compile(dialect=make_url("mssql+pyodbc://").get_dialect()()))
