"""Many rows at once over SQL Server's double, whose driver binds them as pyodbc does."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

from tests.peers.sqlserver.driver import MAX_ROWS, as_bound
from tests.peers.sqlserver.server import doubled
from tests.unit.shared.sql.store import Store, cost

LONG, REFUND = Decimal("98765432101.123456789012345678901234"), Decimal("-98765432101.123456789012345678901234")
"""35 digits each: more than Python's usual context has room for."""


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    database = doubled(path)
    yield Store(database)
    database.dispose()


def test_the_driver_alone_would_round() -> None:
    assert as_bound(LONG) != LONG
    with localcontext(prec=200):
        assert as_bound(LONG) == LONG


def test_no_digit_of_an_amount_is_lost_on_the_way_in(store: Store) -> None:
    scan = store.scan_with(cost(str(LONG)), cost(str(REFUND), currency="USD"))
    assert store.collected.cost_sums(scan.key) == {"GBP": LONG, "USD": REFUND}
    store.totals.compute(scan.key)
    totals = store.totals.read(scan.key, "service")
    assert {total.billed_cost for total in totals} == {LONG, REFUND}


def test_many_totals_go_in_portions(store: Store) -> None:
    scan = store.scan_with(*(cost("1", service=f"service {number}") for number in range(MAX_ROWS + 1)))
    store.totals.compute(scan.key)
    assert len(store.totals.read(scan.key, "service")) == MAX_ROWS + 1
