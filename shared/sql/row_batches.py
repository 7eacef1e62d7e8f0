"""Collected rows on their way into their table, column by column: the hot path of a scan."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import count, islice, repeat
from typing import Any

from sqlalchemy import Column, Date, Dialect, String, Table

from shared.core.errors import UnexpectedPayload
from shared.core.models import Step
from shared.sql.tables import COLLECTED_TABLES, ROW_KEY
from shared.sql.types import Money, money_text, round_money

ROWS_PER_BATCH = 1_000
"""Rows handed to the driver at once: pyodbc's bulk path reserves each column's full width for each row."""

Convert = Callable[[Any], Any]
DriverRow = tuple[Any, ...]

_TABLES = {table.name: table for table in COLLECTED_TABLES}


def collected_table(name: str) -> Table:
    """The table of one collector; raises ValueError for another name."""
    if name not in _TABLES:
        raise ValueError(f"{name} is no collector's table")
    return _TABLES[name]


def insert_statement(table: Table, columns: Sequence[str], dialect: Dialect) -> str:
    """INSERT for rows of the key followed by `columns`; both drivers mark parameters with `?`."""
    names = (*ROW_KEY, *columns)
    quoted = ", ".join(dialect.identifier_preparer.quote(table.c[name].name) for name in names)
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({quoted}) VALUES ({marks})"  # noqa: S608


def driver_batches(
    step: Step, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]], dialect: Dialect
) -> Iterator[list[DriverRow]]:
    """The rows with their key in front, as the driver takes them, in batches.

    Works on columns rather than rows: `map` and `zip` do in C what a loop would do
    field by field. Raises UnexpectedPayload for a text that its column cannot hold.
    """
    fields = [table.c[name] for name in columns]
    converters = [_converter(field, dialect) for field in fields]
    source = iter(rows)
    first = 0
    while batch := list(islice(source, ROWS_PER_BATCH)):
        values = [
            _convert(field, converter, column)
            for field, converter, column in zip(fields, converters, zip(*batch, strict=True), strict=True)
        ]
        key = (repeat(step.tenant_id), repeat(step.scan_id), repeat(step.step_id), repeat(step.pages), count(first))
        yield list(zip(*key, *values, strict=False))
        first += len(batch)


def _convert(field: Column[Any], converter: Convert | None, values: tuple[Any, ...]) -> Iterable[Any]:
    _check_lengths(field, values)
    if converter is None:
        return values
    if None in values:
        return [None if value is None else converter(value) for value in values]
    return map(converter, values)


def _check_lengths(field: Column[Any], values: tuple[Any, ...]) -> None:
    """SQL Server would refuse the page, quoting the text; SQLite would keep it. Neither is right."""
    length = field.type.length if isinstance(field.type, String) else None
    if length is None:
        return
    longest = max(map(len, filter(None, values)), default=0)
    if longest > length:
        raise UnexpectedPayload(f"{field.table.name}.{field.name}: a text of {longest} characters, {length} expected")


def _converter(field: Column[Any], dialect: Dialect) -> Convert | None:
    """What the driver cannot take as it is. Registering adapters with sqlite3 would change it for everybody."""
    if isinstance(field.type, Money):
        return money_text if dialect.name == "sqlite" else round_money
    if isinstance(field.type, Date) and dialect.name == "sqlite":
        return date.isoformat
    return None
