"""What save_page stores."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from collectors.costs import COLLECTOR
from shared.arm.request import ArmPage
from shared.core.errors import LeaseLost, UnexpectedPayload
from shared.core.models import Step
from shared.sql.collected.cost_lines import full_rows
from shared.sql.engine.types import tenant_hash
from shared.sql.scans.pages import collected_table
from shared.sql.scans.row_keys import ROWS_PER_PAGE, first_row_id
from shared.sql.schema.cost_tables import COST_DIMENSIONS
from shared.sql.schema.tables import COLLECTED_TABLES, costs, raw_pages
from tests.unit.shared.sql.store import COST_COLUMNS, LEASE, NOW, OTHER_TENANT, PAGE, TENANT, Store, cost

DIMENSIONS = tuple(COST_DIMENSIONS.values())


def stored_rows(store: Store) -> list[tuple[int, Decimal]]:
    with store.database.reading(TENANT) as connection:
        found = connection.execute(select(costs.c.row_id, costs.c.billed_cost).order_by(costs.c.row_id))
        return [(row.row_id, row.billed_cost) for row in found]


def stored_pages(store: Store) -> list[tuple[int, int, bytes]]:
    with store.database.reading(TENANT) as connection:
        found = connection.execute(select(raw_pages).order_by(raw_pages.c.page_number))
        return [(row.page_number, row.status, gzip.decompress(row.body_gzip)) for row in found]


def nothing_stored(store: Store) -> bool:
    return not stored_rows(store) and not stored_pages(store)


def current(store: Store, step: Step) -> Step:
    found = store.steps.get(step.tenant_id, step.step_id)
    assert found is not None
    return found


def test_the_page_is_kept_as_it_came_beside_its_rows(store: Store) -> None:
    body = '{"properties": {"rows": [["£"]]}}'.encode()
    step = store.save(store.claimed(), [cost("1.50"), cost("-2")], ArmPage(200, body, None, None))
    first = first_row_id(step.step_id, 0)
    assert stored_pages(store) == [(0, 200, body)]
    assert stored_rows(store) == [(first, Decimal("1.50")), (first + 1, Decimal(-2))]


def test_the_step_moves_on_with_its_page_and_its_lease_is_extended(store: Store) -> None:
    step = store.claimed()
    later = NOW + timedelta(seconds=LEASE - 1)
    saved = store.steps.save_page(step, PAGE, "costs", COST_COLUMNS, [cost("1")], 3, "next", later, LEASE)
    assert saved == replace(step, pages=1, rows=1, request_index=3, cursor="next", updated_at=later)
    assert store.steps.claim(TENANT, step.step_id, NOW + timedelta(seconds=LEASE), LEASE) is None


def test_each_page_has_a_number_and_its_rows_begin_at_zero(store: Store) -> None:
    step = store.claimed()
    for number in range(3):
        step = store.save(step, [cost(str(number))], ArmPage(200, b"%d" % number, None, None))
    assert [(number, body) for number, _, body in stored_pages(store)] == [(0, b"0"), (1, b"1"), (2, b"2")]
    assert [row_id for row_id, _ in stored_rows(store)] == [first_row_id(step.step_id, page) for page in range(3)]
    assert (step.pages, step.rows) == (3, 3)


def test_a_page_without_content_is_kept_too(store: Store) -> None:
    step = store.save(store.claimed(), [], ArmPage(204, b"", None, None))
    assert (step.pages, step.rows) == (1, 0)
    assert stored_pages(store) == [(0, 204, b"")]


@pytest.mark.parametrize("count", [1, 19, 20, 21, 299, 300, 301, 5_003])
def test_no_row_is_lost_or_doubled_at_any_batch_size(store: Store, count: int) -> None:
    step = store.save(store.claimed(), [cost(str(number)) for number in range(count)])
    first = first_row_id(step.step_id, 0)
    assert stored_rows(store) == [(first + number, Decimal(number)) for number in range(count)]
    assert step.rows == count


@pytest.mark.parametrize("different", [None, 0, 1, 39])
def test_a_column_of_one_value_is_distinguished_from_one_that_is_nearly_so(store: Store, different: int | None) -> None:
    services = ["Other" if number == different else "Storage" for number in range(40)]
    store.save(store.claimed(), [cost("1", service=service, region=None) for service in services])
    with store.database.reading(TENANT) as connection:
        found = connection.execute(full_rows(costs).order_by(costs.c.row_id)).all()
    assert [(row.service_name, row.region_id) for row in found] == [(service, None) for service in services]


def test_a_page_saved_twice_is_stored_once(store: Store) -> None:
    step = store.claimed()
    first = store.save(step, [cost("1")], cursor="next")
    assert store.save(step, [cost("1")], cursor="next") == first
    assert len(stored_rows(store)) == len(stored_pages(store)) == 1


def test_an_error_among_the_rows_comes_out_as_it_is_and_nothing_is_stored(store: Store) -> None:
    step = store.claimed()

    def rows() -> Iterator[tuple[object, ...]]:
        yield from [cost("1")] * 1_000
        raise UnexpectedPayload("the cost answer has no column cost")

    with pytest.raises(UnexpectedPayload, match="no column cost"):
        store.steps.save_page(step, PAGE, "costs", COST_COLUMNS, rows(), 1, None, NOW, LEASE)
    assert nothing_stored(store)
    assert current(store, step) == step


def test_the_page_of_that_error_can_be_kept_without_rows(store: Store) -> None:
    step = store.claimed()
    kept = store.steps.save_page(step, PAGE, "costs", COST_COLUMNS, (), step.request_index, step.cursor, NOW, LEASE)
    assert (kept.pages, kept.rows, kept.request_index) == (1, 0, 0)


def test_without_the_lease_nothing_is_stored(store: Store) -> None:
    step = store.claimed()
    with pytest.raises(LeaseLost):
        store.save(replace(step, lease_id="another worker"), [cost("1")])
    assert nothing_stored(store)


def test_a_step_without_a_lease_cannot_store_pages(store: Store) -> None:
    step = store.step()
    with pytest.raises(LeaseLost):
        store.save(step, [cost("1")])
    assert nothing_stored(store)
    assert current(store, step) == step


def test_a_step_of_another_tenant_cannot_be_stored_into(store: Store) -> None:
    step = store.claimed()
    with pytest.raises(LeaseLost):
        store.save(replace(step, tenant_id=OTHER_TENANT), [cost("1")])
    assert stored_rows(store) == []


@pytest.mark.parametrize(
    "row",
    [
        cost("1", service="x" * 201),
        cost("1", resource="/" + "x" * 1024),
        cost("1", currency="POUND"),
        cost("1", service="😀" * 101),
    ],
)
def test_a_text_too_long_for_its_column_is_refused_without_being_quoted(store: Store, row: tuple[object, ...]) -> None:
    with pytest.raises(UnexpectedPayload, match=r"costs\.\w+: a text of \d+ characters, \d+ expected") as raised:
        store.save(store.claimed(), [cost("1"), row])
    assert "xxx" not in str(raised.value)
    assert stored_pages(store) == []


@pytest.mark.parametrize(
    "amount", ["1E+14", "-100000000000000", "99999999999999999999", "1E+999999", "Infinity", "NaN"]
)
def test_an_amount_too_large_for_any_bill_is_refused(store: Store, amount: str) -> None:
    with pytest.raises(UnexpectedPayload, match=r"costs\.billed_cost"):
        store.save(store.claimed(), [cost("1"), cost(amount)])
    assert stored_rows(store) == []


def test_more_rows_than_a_page_has_numbers_for_are_refused(store: Store) -> None:
    with pytest.raises(UnexpectedPayload, match="a page of 100001 rows"):
        store.save(store.claimed(), [cost("1")] * (ROWS_PER_PAGE + 1))


def test_every_field_of_a_row_is_read_back(store: Store) -> None:
    row = (
        date(2026, 2, 1), Decimal("0.1"), Decimal("-0.25"), "sub", "/é/ü", None, None, "EUR", "Storage", "Premium",
        None, "Refund", "Adjustment", "One-Time", "Committed", "Savings Plan", "Azure",
    )  # fmt: skip
    columns = COLLECTOR.columns
    scan = store.scan()
    store.steps.save_page(store.claimed(scan), PAGE, "costs", columns, [row], 1, None, NOW, LEASE)
    with store.database.reading(TENANT) as connection:
        found = connection.execute(full_rows(costs)).mappings().one()
        owners = {connection.execute(select(table.c.tenant_id, table.c.scan_id)).one() for table in DIMENSIONS}
        assert connection.execute(select(costs.c.tenant_id)).scalar() == tenant_hash(TENANT)
    assert tuple(found[name] for name in columns) == row
    assert owners == {(tenant_hash(TENANT), scan.scan_id)}


@pytest.mark.parametrize("name", [table.name for table in COLLECTED_TABLES])
def test_each_collector_has_its_table(name: str) -> None:
    assert collected_table(name).name == name


@pytest.mark.parametrize("name", ["connections", "metrics", ""])
def test_no_other_table_is_a_collectors(name: str) -> None:
    with pytest.raises(ValueError, match="no collector's table"):
        collected_table(name)
