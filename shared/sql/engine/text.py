"""Texts made to fit their columns, and looked for within them."""

import re
from typing import Any, overload

from sqlalchemy import Column, ColumnElement, String, func


@overload
def fit(column: Column[Any], value: str) -> str: ...
@overload
def fit(column: Column[Any], value: None) -> None: ...
@overload
def fit(column: Column[Any], value: str | None) -> str | None: ...
def fit(column: Column[Any], value: str | None) -> str | None:
    """The text, cut with an ellipsis if the column is shorter. For sentences only: a cut key would be another key."""
    length = column.type.length if isinstance(column.type, String) else None
    if value is None or length is None or units(value) <= length:
        return value
    kept = value.encode("utf-16-le", "surrogatepass")[: 2 * (length - 1)]
    return kept.decode("utf-16-le", "ignore") + "…"


def units(text: str) -> int:
    """The length as SQL Server counts it, by units of UTF-16: a sign beyond the first 65,536 has two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def has_anywhere(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether the column has the text somewhere, in whichever case, sign by sign.

    SQL Server's LIKE has one more special sign than SQLite's: `[` begins a set. SQLite knows
    the cases of ASCII only.
    """
    escaped = re.sub(r"([%_\[/])", r"/\1", text.lower())
    return func.lower(column).like(f"%{escaped}%", escape="/")
