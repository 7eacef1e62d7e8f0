"""Lists of values in conditions, of few lengths: SQL Server keeps a plan for each text of a statement.

https://learn.microsoft.com/sql/relational-databases/query-processing-architecture-guide#execution-plan-caching-and-reuse
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement


def any_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether the column has one of the values, whose last one is repeated until they are a power of two.

    A statement takes 2,100 parameters: hand over at most 1,024 values.
    """
    given = list(values)
    missing = (1 << max(len(given) - 1, 0).bit_length()) - len(given)
    return column.in_([*given, *given[-1:] * missing])
