"""Write tables as CSV that is safe to open in a spreadsheet.

Spreadsheets run a cell that starts with one of SIGNS as a formula, also after invisible characters. Where the
list separator is a semicolon, the text after one is a cell too. Such signs are preceded by an apostrophe; numbers stay
as they are.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice

SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
"""What a formula begins with; the middle four are the full-width forms of the others."""

INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
"""Byte order mark and characters without width: a spreadsheet drops or hides them."""

FORMULA_START = re.compile(
    rf"\A(?=[\t\r\n])|\A(?=[{INVISIBLE}]*[{SIGNS}])|(?:(?<=;)|(?<=[^\t\r\n]\t))(?=[\s\"'{INVISIBLE}]*[{SIGNS}])"
)
"""The places in a text before which an apostrophe is put."""

CSV_TYPE = "text/csv; charset=utf-8"


BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes a CSV file for one in the computer's own character set."""

ROWS_AT_ONCE = 2_000

NAMES_KEPT = 65_536
"""Texts of a file that are made safe once: names repeat. They are kept for that file alone."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table as RFC 4180 CSV with CRLF line ends; None becomes an empty cell."""
    return "".join(csv_parts(header, rows))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the same text in parts of some thousand rows, so that a file of any length needs little memory."""
    left, safe = iter(rows), lru_cache(maxsize=NAMES_KEPT)(safe_text)
    part: list[Sequence[object]] = [header, *islice(left, ROWS_AT_ONCE)]
    while part:
        written = io.StringIO(newline="")
        csv.writer(written).writerows([cell(value, safe) for value in row] for row in part)
        yield written.getvalue()
        part = list(islice(left, ROWS_AT_ONCE))


def cell(value: object, safe: Callable[[str], str]) -> str:
    """Return one value as text."""
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return str(value)
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case _:
            return safe(str(value))


def safe_text(text: str) -> str:
    """Return the text with an apostrophe before each formula."""
    return FORMULA_START.sub("'", text)
