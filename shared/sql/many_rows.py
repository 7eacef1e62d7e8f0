"""Many rows to one statement, as pyodbc's bulk path needs them: in portions, and with all digits of an amount.

The driver's module takes an amount apart in the thread's decimal context, whose usual 28
digits would round it without a word; and it reserves each column's full width for each row.
https://github.com/mkleehammer/pyodbc/blob/master/src/params.cpp
"""

from collections.abc import Sequence
from decimal import localcontext
from typing import Any

from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from shared.core.money import EXACT
from shared.sql.engine.bulk_insert import EXECUTIONS_PER_BATCH


def execute_many(cursor: DBAPICursor, statement: str, rows: Sequence[Any], context: ExecutionContext) -> bool:
    """Listens to what an engine is about to do with many rows, and does it in its place."""
    with localcontext(EXACT):
        for start in range(0, len(rows), EXECUTIONS_PER_BATCH):
            portion: Any = rows[start : start + EXECUTIONS_PER_BATCH]
            context.dialect.do_executemany(cursor, statement, portion, context)
    return True
