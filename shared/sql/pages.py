"""Raw pages and the rows that came of them."""

import gzip
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert

from shared.arm.request import ArmPage
from shared.core.models import Step
from shared.sql.row_batches import DriverRow, insert_statement
from shared.sql.tables import raw_pages

GZIP_LEVEL = 1
"""A third of the time of the default level for a fifth more bytes; T-SQL's DECOMPRESS reads either."""


def raw_page(step: Step, page: ArmPage, received_at: datetime) -> dict[str, Any]:
    """The page as it came, compressed."""
    return {
        "tenant_id": step.tenant_id,
        "scan_id": step.scan_id,
        "step_id": step.step_id,
        "page_number": step.pages,
        "status": page.status,
        "body_gzip": gzip.compress(page.body, GZIP_LEVEL, mtime=0),
        "received_at": received_at,
    }


def insert_page(
    connection: Connection,
    page: dict[str, Any],
    table: Table,
    columns: Sequence[str],
    batches: Iterable[list[DriverRow]],
) -> None:
    """Stores a raw page, and its rows by the driver's bulk path."""
    connection.execute(insert(raw_pages).values(page))
    statement = insert_statement(table, columns, connection.dialect)
    for batch in batches:
        connection.exec_driver_sql(statement, batch)


def delete_pages(connection: Connection, step: Step, table: Table) -> None:
    """Deletes what the step has stored."""
    for stored in (table, raw_pages):
        connection.execute(
            delete(stored).where(
                stored.c.tenant_id == step.tenant_id,
                stored.c.scan_id == step.scan_id,
                stored.c.step_id == step.step_id,
            )
        )
