"""Texts made to fit their columns."""

from typing import Any, overload

from sqlalchemy import Column, String


@overload
def fit(column: Column[Any], value: str) -> str: ...
@overload
def fit(column: Column[Any], value: None) -> None: ...
@overload
def fit(column: Column[Any], value: str | None) -> str | None: ...
def fit(column: Column[Any], value: str | None) -> str | None:
    """The text, cut with an ellipsis if the column is shorter. For sentences only: a cut key would be another key."""
    length = column.type.length if isinstance(column.type, String) else None
    if value is None or length is None or len(value) <= length:
        return value
    return value[: length - 1] + "…"
