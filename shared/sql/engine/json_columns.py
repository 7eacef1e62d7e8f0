"""JSON in new columns: one byte a sign on SQL Server, and refused by both databases if it is none.

json.dumps writes ASCII alone, so varchar holds it, where nvarchar would take two bytes a sign. A collation in UTF-8
would need no escapes, but not every T-SQL server has one.
"""

from sqlalchemy import CheckConstraint, Column, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import column as named
from sqlalchemy.sql.functions import GenericFunction


class is_json(GenericFunction[bool]):  # noqa: N801  it reads as SQL
    """Whether a text is JSON; unknown for NULL, which a constraint lets pass."""

    inherit_cache = True


@compiles(is_json)
def _isjson(element: is_json, compiler: SQLCompiler, **options: object) -> str:
    return f"ISJSON({compiler.process(element.clauses, **options)}) = 1"


@compiles(is_json, "sqlite")
def _json_valid(element: is_json, compiler: SQLCompiler, **options: object) -> str:
    name = compiler.process(element.clauses, **options)
    return f"{name} IS NULL OR json_valid({name})"


def json_column(name: str, *, nullable: bool = True) -> tuple[Column[str], CheckConstraint]:
    """Return a column of JSON and the constraint that it is some."""
    return Column(name, Text, nullable=nullable), CheckConstraint(is_json(named(name)), name=f"{name}_is_json")
