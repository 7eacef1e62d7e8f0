"""JSON in columns: half the bytes on SQL Server, and refused by both databases if it is none.

https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support#utf8
"""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Dialect, UnicodeText
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import column as named
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from shared.sql.engine.collation import BINARY_UTF8


class JsonText(TypeDecorator[str]):
    """JSON as text: varchar(max) in UTF-8 on SQL Server, where nvarchar takes two bytes a sign."""

    impl = UnicodeText
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "mssql":
            return dialect.type_descriptor(UnicodeText())
        from sqlalchemy.dialects.mssql import VARCHAR

        return dialect.type_descriptor(VARCHAR(None, collation=BINARY_UTF8))


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
    return Column(name, JsonText, nullable=nullable), CheckConstraint(is_json(named(name)), name=f"{name}_is_json")
