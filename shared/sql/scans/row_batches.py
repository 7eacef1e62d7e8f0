"""Collected rows made ready for the driver, column by column: part of the hot path of a scan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from functools import cache
from typing import Any

from sqlalchemy import Column, Dialect, String, Table

from shared.core.errors import UnexpectedPayload
from shared.core.page_rows import CodedColumns, PageRows
from shared.sql.engine.text import units
from shared.sql.engine.types import LARGEST_MONEY, Money, Month, money_text, month_number, round_money
from shared.sql.scans.row_keys import ROWS_PER_PAGE
from shared.sql.schema.cost_tables import COST_DIMENSIONS, COST_TABLES
from shared.sql.schema.metadata import own_columns

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class StorableRows:
    """Rows as the driver takes them: columns of the table by name, and what stands in a dimension table instead.

    `coded` is by the column that holds the number: see shared/sql/schema/cost_tables.py.
    """

    table: Table
    count: int
    plain: Mapping[str, Sequence[Any]]
    coded: Mapping[str, CodedColumns]


def storable_rows(
    table: Table, columns: tuple[str, ...], rows: Iterable[Sequence[object]], dialect: Dialect
) -> StorableRows:
    """Return the rows by column; raises UnexpectedPayload for what a column cannot hold.

    Works on columns rather than rows: `map` and `zip` do in C what a loop would do value by value.
    """
    page = rows.named(columns) if isinstance(rows, PageRows) else PageRows.of(columns, map(tuple, rows))
    if len(page) > ROWS_PER_PAGE:
        raise UnexpectedPayload(f"{table.name}: a page of {len(page)} rows")
    dimensions = COST_DIMENSIONS if table in COST_TABLES else {}
    if dimensions and not page.coded:
        page = page.coded_by(own_columns(each) for each in dimensions.values())
    plain = {name: _converted(table.name, table.c[name], values, dialect) for name, values in page.plain.items()}
    coded = {
        number: _coded(table.name, dimension, _of(dimension, page.coded), dialect)
        for number, dimension in dimensions.items()
    }
    return StorableRows(table, len(page), plain, coded)


def _of(dimension: Table, coded: Iterable[CodedColumns]) -> CodedColumns:
    known = set(own_columns(dimension))
    return next(each for each in coded if known.issuperset(each.names))


def _coded(owner: str, dimension: Table, given: CodedColumns, dialect: Dialect) -> CodedColumns:
    """Return the combinations in the order of the dimension's columns; what was not given is None."""
    columns = dict(zip(given.names, zip(*given.values, strict=True), strict=True)) if given.values else {}
    nothing = (None,) * len(given.values)
    names = tuple(own_columns(dimension))
    full = [_converted(owner, dimension.c[name], columns.get(name, nothing), dialect) for name in names]
    return CodedColumns(names, list(zip(*full, strict=True)), given.codes)


def _converted(owner: str, field: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    if isinstance(field.type, String):
        _check_lengths(owner, field, values)
    if isinstance(field.type, Money):
        _check_amounts(owner, field, values)
    converter = _converter(field, dialect)
    if converter is None:
        return values
    if field.nullable:
        return [None if value is None else converter(value) for value in values]
    return list(map(converter, values))


def _check_lengths(owner: str, field: Column[Any], values: Sequence[Any]) -> None:
    """SQL Server would refuse the page, quoting the text; SQLite would keep it. Neither is right."""
    length = field.type.length if isinstance(field.type, String) else None
    texts = set(filter(None, values))
    longest = max(map(len, texts), default=0)
    if length is not None and length < 2 * longest:
        longest = max(map(units, texts))
    if length is not None and longest > length:
        raise UnexpectedPayload(f"{owner}.{field.name}: a text of {longest} characters, {length} expected")


def _check_amounts(owner: str, field: Column[Any], values: Sequence[Any]) -> None:
    amounts = [value for value in values if value is not None] if field.nullable else values
    try:
        is_plausible = not amounts or (max(amounts) < LARGEST_MONEY and min(amounts) > -LARGEST_MONEY)
    except InvalidOperation:  # One of them is not a number: it compares with none.
        is_plausible = False
    if not is_plausible:
        raise UnexpectedPayload(f"{owner}.{field.name}: an amount that no bill has")


def _converter(field: Column[Any], dialect: Dialect) -> Convert | None:
    """What the driver cannot take as it is. Registering adapters with sqlite3 would change it for the whole process."""
    if isinstance(field.type, Money):
        return money_text if dialect.name == "sqlite" else round_money
    if isinstance(field.type, Month):
        return cache(month_number)  # A page has a dozen months in its thousands of rows.
    return None
