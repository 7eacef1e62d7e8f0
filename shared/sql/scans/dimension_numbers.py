"""The numbers that a step's cost rows have for what they share: each value is stored once a step.

A number is made of the page that a value first came on and its place there, so none has to be asked for. What is
known is kept by the worker between the pages of its step; another worker reads it from the database.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, select

from shared.core.models import Step
from shared.core.page_rows import CodedColumns, Row
from shared.sql.engine.bulk_insert import insert_columns
from shared.sql.engine.types import tenant_hash
from shared.sql.scans.row_keys import ROWS_PER_PAGE, first_row_id, rows_of_step
from shared.sql.schema.cost_tables import COST_DIMENSIONS
from shared.sql.schema.metadata import own_columns

Numbers = dict[Row, int]

MAX_KNOWN = 200_000
"""Values of a step kept in memory. Of a step with more, later pages store some values again: no sum changes by it."""


class DimensionNumbers:
    """What one step has stored of the dimension tables: true while its lease and its count of pages are the same."""

    def __init__(self) -> None:
        self._as_of: tuple[int, str | None, int] | None = None
        self._known: dict[str, Numbers] = {}

    def of(self, connection: Connection, step: Step) -> Mapping[str, Numbers]:
        """Return the numbers by the cost rows' column, as they are before the step's next page."""
        if self._as_of != _position(step):
            self._known = {number: _stored(connection, step, table) for number, table in COST_DIMENSIONS.items()}
            self._as_of = _position(step)
        return self._known

    def added(self, added: Mapping[str, Numbers], step: Step) -> None:
        """Note what the page added, once its transaction is committed; `step` is the one that it made."""
        for number, values in added.items():
            known = self._known[number]
            if len(known) + len(values) > MAX_KNOWN:
                known.clear()
            known.update(values)
        self._as_of = _position(step)


def _position(step: Step) -> tuple[int, str | None, int]:
    return step.step_id, step.lease_id, step.pages


def _stored(connection: Connection, step: Step, table: Table) -> Numbers:
    first = first_row_id(step.step_id, 0)
    if not step.pages:
        return {}
    columns = [table.c[name] for name in own_columns(table)]
    statement = select(table.c.row_id, *columns).where(rows_of_step(table, step.tenant_id, step.step_id))
    return {tuple(value): row_id - first for row_id, *value in connection.execute(statement)}


def numbered(given: CodedColumns, known: Numbers, page_number: int) -> tuple[list[int], Numbers]:
    """Return each row's number, and the values that are new with theirs."""
    numbers: list[int] = []
    new: Numbers = {}
    next_number = page_number * ROWS_PER_PAGE
    for value in given.values:
        number = known.get(value)
        if number is None and (number := new.get(value)) is None:
            number = new[value] = next_number
            next_number += 1
        numbers.append(number)
    return [numbers[code] for code in given.codes], new


def insert_values(connection: Connection, step: Step, table: Table, values: Numbers) -> None:
    """Store values in a dimension table."""
    first = first_row_id(step.step_id, 0)
    columns = dict(zip(own_columns(table), zip(*values, strict=True), strict=True)) if values else {}
    shared = {"tenant_id": tenant_hash(step.tenant_id), "scan_id": step.scan_id}
    varying = {"row_id": [first + number for number in values.values()], **columns}
    insert_columns(connection, table, shared, varying, len(values))
