"""Write tables as an Excel workbook. Text is never a formula or a link; amounts are numbers.

Excel stores numbers as binary floating point with 15 significant digits, so amounts can differ from the page's in
digits that no currency has: https://learn.microsoft.com/office/troubleshoot/excel/floating-point-arithmetic-inaccurate-result
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from gzip import GzipFile
from itertools import chain, islice
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL_CHARACTERS = 32_767
"""https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3"""

SHEET_NAME_CHARACTERS = 31
SHEET_ROWS = 1_048_576
"""The same page has both."""


class Kind(StrEnum):
    """What a column holds; the value is Excel's number format."""

    TEXT = "@"
    AMOUNT = "#,##0.00;[Red]-#,##0.00"
    SHARE = "0.0%"
    COUNT = "#,##0"
    MONTH = "mmm yyyy"


@dataclass(frozen=True)
class Column:
    """A column's head, what it holds and its width in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 24


@dataclass(frozen=True)
class Table:
    """One sheet. `note` says above the head what the figures mean. Rows have a value or None for each column.

    Rows are read once. Those that a sheet has no room for are on a second one of the same name with a number.
    """

    name: str
    note: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[object]]


def workbook(tables: Iterable[Table], title: str, created_at: datetime) -> bytes:
    """Return the workbook: each table with a fixed head, filters and a note."""
    buffer = io.BytesIO()
    write_workbook(buffer, tables, title, created_at)
    return buffer.getvalue()


def write_workbook(target: IO[bytes] | GzipFile, tables: Iterable[Table], title: str, created_at: datetime) -> None:
    """Write the same into an open file. Rows go to a temporary file one by one: memory stays flat.

    https://xlsxwriter.readthedocs.io/working_with_memory.html
    """
    texts_stay_texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(target, {"constant_memory": True, **texts_stay_texts}) as book:
        book.set_properties({"title": title, "created": created_at.astimezone(UTC).replace(tzinfo=None)})
        formats = {kind: book.add_format({"num_format": kind.value, "valign": "top"}) for kind in Kind}
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in tables:
            for name, rows in _sheets(table):
                _write(book.add_worksheet(name), table, rows, formats, head)


HEAD_ROW = 2
"""Below the note and an empty row."""


def _sheets(table: Table) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    """Yield the name and the rows of each sheet of the table; there is one at least."""
    left, room = iter(table.rows), SHEET_ROWS - HEAD_ROW - 1
    yield table.name[:SHEET_NAME_CHARACTERS], islice(left, room)
    number = 2
    while (first := next(left, None)) is not None:
        ending = f" ({number})"
        yield table.name[: SHEET_NAME_CHARACTERS - len(ending)] + ending, chain([first], islice(left, room - 1))
        number += 1


def _write(
    sheet: Worksheet, table: Table, rows: Iterator[Sequence[object]], formats: dict[Kind, Format], head: Format
) -> None:
    sheet.write_string(0, 0, table.note)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(HEAD_ROW, number, column.title, head)
    row_number = HEAD_ROW
    for row_number, row in enumerate(rows, HEAD_ROW + 1):
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, row_number, number, value, formats[column.kind])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    if row_number > HEAD_ROW:
        sheet.autofilter(HEAD_ROW, 0, row_number, len(table.columns) - 1)


def _write_cell(sheet: Worksheet, row: int, column: int, value: object, style: Format) -> None:
    """Write text as text, whatever it starts with; None leaves the cell empty."""
    match value:
        case None:
            return
        case Decimal() | int():
            sheet.write_number(row, column, value, style)
        case date():
            sheet.write_datetime(row, column, value, style)
        case _:
            sheet.write_string(row, column, str(value)[:MAX_CELL_CHARACTERS], style)
