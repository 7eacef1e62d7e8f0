from sqlalchemy import event, select

from shared.sql.scans.row_keys import (
    END_ROW,
    FIRST_ROW,
    PAGES_PER_STEP,
    ROWS_PER_PAGE,
    first_row_id,
    row_bounds,
    rows_of_scan,
)
from shared.sql.schema.cost_tables import cost_resources
from tests.unit.shared.sql.store import Store, cost


def test_a_key_tells_step_page_and_row() -> None:
    assert first_row_id(42, 3) + 17 == 42_00003_00017


def test_the_last_row_of_a_step_comes_before_the_first_of_the_next() -> None:
    assert first_row_id(7, PAGES_PER_STEP - 1) + ROWS_PER_PAGE == first_row_id(8, 0)


def test_nine_hundred_million_steps_fit_into_a_bigint() -> None:
    assert first_row_id(900_000_000, 0) < 2**63


def test_the_bounds_of_a_scan_are_parameters_that_a_transaction_asks_for_once(store: Store) -> None:
    """As a subquery they hide from SQL Server how many rows there are: it reads as for a share of the whole table."""
    scan = store.scan_with(cost("1"), cost("2", resource="/b"))
    sent: list[tuple[str, object]] = []
    event.listen(
        store.database._readers,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, parameters, *_: sent.append((statement, parameters)),
    )
    statement = select(cost_resources.c.row_id).where(rows_of_scan(cost_resources, scan.key))
    with store.database.reading(scan.tenant_id) as connection:
        for _ in range(2):
            found = connection.execute(statement, row_bounds(connection, scan.key)).scalars().all()
    texts = [text for text, _ in sent if "row_id" in text]
    assert len(texts) == 2
    assert "steps" not in " ".join(texts)
    assert len([text for text, _ in sent if "steps" in text]) == 1
    (step,) = store.steps.list(scan.key)
    first = first_row_id(step.step_id, 0)
    assert found == [first, first + 1]


def test_a_scan_without_steps_has_no_rows(store: Store) -> None:
    store.scan_with(cost("1"))
    scan = store.scan()
    with store.database.reading(scan.tenant_id) as connection:
        assert row_bounds(connection, scan.key) == {FIRST_ROW: 0, END_ROW: 0}
