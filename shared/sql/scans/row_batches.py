"""Collected rows made ready for the driver, column by column: part of the hot path of a scan."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import InvalidOperation
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Column, Date, Dialect, String, Table

from shared.core.errors import UnexpectedPayload
from shared.sql.engine.text import units
from shared.sql.engine.types import LARGEST_MONEY, Money, money_text, round_money
from shared.sql.scans.row_keys import ROWS_PER_PAGE

ROWS_PER_BATCH = 300
"""Rows looked at together: few enough that Python's garbage collector, which wakes at 700 new
tuples, sleeps through a page."""

Convert = Callable[[Any], Any]
DriverColumns = list[list[Any]]


def driver_columns(
    table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]], dialect: Dialect
) -> DriverColumns:
    """The rows as columns of what the driver takes; raises UnexpectedPayload for what a column cannot hold.

    Works on columns rather than rows: `map`, `zip` and `extend` do in C what a loop would do
    value by value.
    """
    fields = [table.c[name] for name in columns]
    converters = [_converter(field, dialect) for field in fields]
    found: DriverColumns = [[] for _ in fields]
    source = iter(rows)
    while batch := list(islice(source, ROWS_PER_BATCH)):
        for column, field, converter, values in zip(found, fields, converters, zip(*batch, strict=True), strict=True):
            column.extend(_converted(field, converter, values))
    if len(found[0]) > ROWS_PER_PAGE:
        raise UnexpectedPayload(f"{table.name}: a page of {len(found[0])} rows")
    return found


def _converted(field: Column[Any], converter: Convert | None, values: tuple[Any, ...]) -> Iterable[Any]:
    if isinstance(field.type, String):
        _check_lengths(field, values)
    if isinstance(field.type, Money):
        _check_amounts(field, values)
    if converter is None:
        return values
    if field.nullable:
        return [None if value is None else converter(value) for value in values]
    return map(converter, values)


def _check_lengths(field: Column[Any], values: tuple[Any, ...]) -> None:
    """SQL Server would refuse the page, quoting the text; SQLite would keep it. Neither is right."""
    length = field.type.length if isinstance(field.type, String) else None
    texts = set(filter(None, values))
    longest = max(map(len, texts), default=0)
    if length is not None and length < 2 * longest:
        longest = max(map(units, texts))
    if length is not None and longest > length:
        raise UnexpectedPayload(f"{field.table.name}.{field.name}: a text of {longest} characters, {length} expected")


def _check_amounts(field: Column[Any], values: tuple[Any, ...]) -> None:
    amounts = [value for value in values if value is not None] if field.nullable else values
    try:
        is_plausible = not amounts or (max(amounts) < LARGEST_MONEY and min(amounts) > -LARGEST_MONEY)
    except InvalidOperation:  # One of them is not a number: it compares with none.
        is_plausible = False
    if not is_plausible:
        raise UnexpectedPayload(f"{field.table.name}.{field.name}: an amount that no bill has")


def _converter(field: Column[Any], dialect: Dialect) -> Convert | None:
    """What the driver cannot take as it is. Registering adapters with sqlite3 would change it for the whole process."""
    if isinstance(field.type, Money):
        return money_text if dialect.name == "sqlite" else round_money
    if isinstance(field.type, Date) and dialect.name == "sqlite":
        return cache(date.isoformat)  # A page has a dozen months in its thousands of rows.
    return None
