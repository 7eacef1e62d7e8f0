"""Texts: fitted to their columns, searched, and members of JSON texts read by the database."""

import re
from typing import Any, overload

from sqlalchemy import Column, ColumnElement, String, Unicode, and_, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


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


LAST_SIGN = "\U0010ffff"
LAST_OF_ASCII = "~"


def begins_with(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether the column begins with the text: a range, so that an index of the column finds it."""
    end = LAST_SIGN if isinstance(column.type, Unicode) else LAST_OF_ASCII
    return and_(column >= text, column < text + end)


class domain_of(GenericFunction[str]):  # noqa: N801  it reads as SQL
    """What a user name has behind its @, or all of it without one, in lower case."""

    type = Unicode()
    inherit_cache = True


@compiles(domain_of)
def _substring(element: domain_of, compiler: SQLCompiler, **options: object) -> str:
    name = compiler.process(element.clauses, **options)
    return f"lower(substring({name}, charindex('@', {name}) + 1, 320))"


@compiles(domain_of, "sqlite")
def _substr(element: domain_of, compiler: SQLCompiler, **options: object) -> str:
    name = compiler.process(element.clauses, **options)
    return f"lower(substr({name}, instr({name}, '@') + 1))"


class json_member(GenericFunction[str]):  # noqa: N801  it reads as SQL
    """The text of the member at a path such as `$."cost-centre"`; NULL when there is none."""

    type = Unicode()
    inherit_cache = True


@compiles(json_member)
def _json_value(element: json_member, compiler: SQLCompiler, **options: object) -> str:
    return f"JSON_VALUE({compiler.process(element.clauses, **options)})"


@compiles(json_member, "sqlite")
def _json_extract(element: json_member, compiler: SQLCompiler, **options: object) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)})"


def member_path(name: str) -> str:
    """The path of one member of the outermost object, whatever signs its name has."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'
