"""Texts are compared sign by sign, on SQL Server as on SQLite: "Prod" and "prod" are two tags, two names, two keys.

SQL Server's usual collation takes them for one, in keys, in GROUP BY and in conditions alike.
What Azure itself compares without case (ids of resources, groups, types, subscriptions) is
stored in lower case, so that it is compared right either way. One thing SQL Server will not
be told: it passes over blanks at the end of a text.
https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support
"""

from typing import Any

from sqlalchemy import Dialect, TypeClause
from sqlalchemy.dialects.mssql.base import MSTypeCompiler

BINARY = "Latin1_General_100_BIN2"


class BinaryTexts(MSTypeCompiler):
    """Writes the collation into every column of texts; a CAST within a query has none of its own."""

    def visit_VARCHAR(self, type_: Any, **options: Any) -> str:  # noqa: ANN401, N802  as in SQLAlchemy
        return _collated(super().visit_VARCHAR(type_, **options), options)  # type: ignore[no-untyped-call]

    def visit_NVARCHAR(self, type_: Any, **options: Any) -> str:  # noqa: ANN401, N802
        return _collated(super().visit_NVARCHAR(type_, **options), options)  # type: ignore[no-untyped-call]


def compare_sign_by_sign(dialect: Dialect) -> None:
    """Makes every text column that is created through this dialect of SQL Server's compare so."""
    dialect.type_compiler_instance = BinaryTexts(dialect)
    dialect.type_compiler = dialect.type_compiler_instance  # Alembic's name for it


def _collated(words: str, options: dict[str, Any]) -> str:
    return words if isinstance(options.get("type_expression"), TypeClause) else f"{words} COLLATE {BINARY}"
