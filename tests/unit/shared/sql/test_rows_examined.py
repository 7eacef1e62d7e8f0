"""What a read examines does not grow with the number of other customers: counted in steps of SQLite's machine."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import and_, event, not_, update

from shared.core.periods import AUDIT_MONTHS, add_months
from shared.core.review_window import REVIEWABLE
from shared.sql.collected.inventory import InventoryPages, InventorySearch
from shared.sql.deletion.purge_runs import PurgeRuns
from shared.sql.engine.engine import Database
from shared.sql.reviews.customers import Customers
from shared.sql.reviews.due_reviews import DueReviews
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.review_queue import ReviewQueue
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import scans
from tests.support.databases import empty_database, needs_sqlite
from tests.unit.shared.sql.deleting import customer
from tests.unit.shared.sql.store import NOW, OTHER_USER, TENANT, USER, Store

pytestmark = pytest.mark.slow

OTHERS = 49
OURS = "contoso"
END_OF_INDEX = 8
"""Steps that are saved where the last row found is also the last of its index, by a search in several indexes; of each
of the other 49 customers a row costs some ten."""
TODAY = add_months(NOW.date(), AUDIT_MONTHS)
LATER = NOW + timedelta(days=5)
"""When the other customers came: none of their entries is old, and their review windows stay open."""

Read = Callable[[Store], object]


def of_queue(show: QueueFilter, search: str = "") -> Read:
    return lambda store: ReviewQueue(store.database).list(show, search, USER, NOW + timedelta(hours=30), limit=1)


def of_queue_counts(store: Store) -> object:
    return ReviewQueue(store.database).counts(USER, NOW + timedelta(hours=30))


def of_customer_search(text: str) -> Read:
    return lambda store: Customers(store.database).find(text)


def of_old_entries(store: Store) -> object:
    """The last batch of the night, which finds nothing that may be deleted."""
    return store.audit.delete_before(datetime.combine(add_months(TODAY, -AUDIT_MONTHS), time.min, UTC))


def of_due_reviews(store: Store) -> object:
    return DueReviews(store.database).find(NOW + timedelta(hours=23))


def of_inventory(store: Store) -> object:
    scan = store.scans.latest(TENANT, USER)
    assert scan is not None
    return InventoryPages(store.database).find(scan.key, InventorySearch(text="-"))


READS: dict[str, Read] = {
    **{f"the queue, {show}": of_queue(show) for show in QueueFilter},
    "the queue's counts": of_queue_counts,
    "the queue, searched by domain": of_queue(QueueFilter.ALL, OURS),
    "the queue, searched by tenant": of_queue(QueueFilter.ALL, TENANT),
    "the customer search by domain": of_customer_search(OURS),
    "the customer search by tenant": of_customer_search(TENANT),
    "the night's last batch of the log": of_old_entries,
    "the reviews that are due": of_due_reviews,
    "the inventory's search": of_inventory,
}


@contextmanager
def counting(database: Database) -> Iterator[Counter[str]]:
    """The steps of SQLite's machine within the block."""
    steps: Counter[str] = Counter()

    def begin(connection: Any, *_: object) -> None:  # noqa: ANN401  SQLite's own
        connection.connection.driver_connection.set_progress_handler(lambda: steps.update(["steps"]), 1)

    event.listen(database._engine, "begin", begin)
    try:
        yield steps
    finally:
        event.remove(database._engine, "begin", begin)


def measured(folder: Path, others: int, read: Read) -> tuple[object, int]:
    database = empty_database(folder / f"{others}.db")
    store = Store(database)
    customer(store)
    store.scan(user=OTHER_USER, at=LATER + timedelta(days=1))
    for number in range(others):
        customer(store, f"55555555-5555-4555-8555-{number:012}", LATER, domain=f"fabrikam{number}.example")
    with database.system_transaction() as connection:
        connection.execute(update(scans).values(status=next(iter(REVIEWABLE)), finished_at=scans.c.requested_at))
        connection.execute(update(reviews).where(reviews.c.tenant_id != TENANT).values(published_at=LATER))
        is_ours = and_(scans.c.tenant_id == TENANT, scans.c.user_object_id == USER)
        connection.execute(update(scans).where(not_(is_ours)).values(review_published_at=scans.c.requested_at))
        connection.execute(update(reviews).where(reviews.c.tenant_id == TENANT).values(published_at=None))
    PurgeRuns(database).begin(TODAY, NOW)
    read(store)  # A new connection reads the schema first.
    with counting(database) as steps:
        found = read(store)
    database.dispose()
    return found, steps["steps"]


@pytest.mark.parametrize("name", READS)
def test_fifty_customers_cost_a_read_what_one_costs(tmp_path: Path, name: str) -> None:
    needs_sqlite()
    _, one = measured(tmp_path, 0, READS[name])
    _, fifty = measured(tmp_path, OTHERS, READS[name])
    assert one > 10
    assert fifty - one <= END_OF_INDEX
