"""Write tables as CSV that is safe to open in a spreadsheet.

Spreadsheets run a cell that starts with one of SIGNS as a formula, also after invisible characters. Where the
list separator is a semicolon, the text after one is a cell too. Such signs are preceded by an apostrophe; numbers stay
as they are.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
"""What a formula begins with; the middle four are the full-width forms of the others."""

INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
"""Byte order mark and characters without width: a spreadsheet drops or hides them."""

FORMULA_START = re.compile(
    rf"\A(?=[\t\r\n])|\A(?=[{INVISIBLE}]*[{SIGNS}])|(?:(?<=;)|(?<=[^\t\r\n]\t))(?=[\s\"'{INVISIBLE}]*[{SIGNS}])"
)
"""The places in a text before which an apostrophe is put."""

CSV_TYPE = "text/csv; charset=utf-8"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table as RFC 4180 CSV with CRLF line ends; None becomes an empty cell."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def cell(value: object) -> str:
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
            return FORMULA_START.sub("'", str(value))
