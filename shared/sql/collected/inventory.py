"""Looking for resources in a scan's inventory, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from shared.core.models import ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import has_anywhere
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.tables import inventory


@dataclass(frozen=True)
class InventoryRow:
    """One resource; the id is in lower case, the JSON as Azure gave it."""

    sub_account_id: str
    resource_id: str
    resource_name: str
    resource_type: str
    resource_group: str | None
    region_id: str | None
    kind: str | None
    sku_json: str | None
    tags_json: str | None
    properties_json: str | None


INVENTORY_ROW = [inventory.c[name] for name in InventoryRow.__dataclass_fields__]
"""The columns that it is made of."""

PAGE_ROWS = 50

ROWS_AT_ONCE = 2_000
"""Rows in memory while all of them are read."""

IDS_AT_ONCE = 1_000
"""SQL Server takes 2,100 parameters to a statement."""


@dataclass(frozen=True)
class InventorySearch:
    """What is looked for: `text` in the id, the tags, the SKU or the properties; the rest exactly. Empty: anything."""

    text: str = ""
    resource_type: str = ""
    sub_account_id: str = ""
    region_id: str = ""


_SEARCHED = ("resource_id", "sku_json", "tags_json", "properties_json")


class InventoryPages:
    """Reads the inventory of a scan."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def find(
        self, scan_key: ScanKey, search: InventorySearch, page: int = 0, rows_shown: int = PAGE_ROWS
    ) -> tuple[list[InventoryRow], int]:
        """The page of this number, from 0, by name; and how many there are in all."""
        where = _where(scan_key, search)
        total = func.count().over().label("total")
        listing = select(*INVENTORY_ROW, total).where(where).order_by(inventory.c.resource_name, inventory.c.row_id)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            rows = connection.execute(listing.limit(rows_shown).offset(page * rows_shown), bounds).all()
            if page and not rows:  # Beyond the last page there is no row to say how many there are.
                return [], connection.execute(
                    select(func.count()).select_from(inventory).where(where), bounds
                ).scalar_one()
        return [InventoryRow(*row[:-1]) for row in rows], rows[0].total if rows else 0

    def each(self, scan_key: ScanKey) -> Iterator[InventoryRow]:
        """Yield every resource in the order in which they were read, for files."""
        statement = select(*INVENTORY_ROW).where(rows_of_scan(inventory, scan_key)).order_by(inventory.c.row_id)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options={"yield_per": ROWS_AT_ONCE}):
                yield InventoryRow(*row)

    @whole_transaction
    def named(self, scan_key: ScanKey, resource_ids: Sequence[str]) -> list[InventoryRow]:
        """Those of these ids (lower case) that the scan has found, each once."""
        statement = select(*INVENTORY_ROW).where(rows_of_scan(inventory, scan_key)).order_by(inventory.c.row_id)
        found: dict[str, InventoryRow] = {}
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for start in range(0, len(resource_ids), IDS_AT_ONCE):
                chosen = any_of(inventory.c.resource_id, resource_ids[start : start + IDS_AT_ONCE])
                rows = connection.execute(statement.where(chosen), bounds).mappings()
                found |= {row["resource_id"]: InventoryRow(**row) for row in rows}
        return list(found.values())

    @whole_transaction
    def of_names(self, scan_key: ScanKey, names: Sequence[str]) -> list[InventoryRow]:
        """Those whose names, in whichever case, are among these (lower case)."""
        name = func.lower(inventory.c.resource_name)
        statement = select(*INVENTORY_ROW).where(rows_of_scan(inventory, scan_key)).order_by(inventory.c.row_id)
        found: list[InventoryRow] = []
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for start in range(0, len(names), IDS_AT_ONCE):
                chosen = any_of(name, names[start : start + IDS_AT_ONCE])
                found += [InventoryRow(**row) for row in connection.execute(statement.where(chosen), bounds).mappings()]
        return found

    @whole_transaction
    def choices(self, scan_key: ScanKey, column: str) -> list[tuple[str, int]]:
        """The values of `resource_type`, `sub_account_id` or `region_id`, with how many resources have each."""
        value: ColumnElement[Any] = inventory.c[column]
        statement = (
            select(value, func.count())
            .where(rows_of_scan(inventory, scan_key), value.is_not(None))
            .group_by(value)
            .order_by(value)
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            return [(row[0], row[1]) for row in connection.execute(statement, bounds)]


def _where(scan_key: ScanKey, search: InventorySearch) -> ColumnElement[bool]:
    conditions = [rows_of_scan(inventory, scan_key)]
    if search.text:
        conditions.append(or_(*(has_anywhere(inventory.c[name], search.text) for name in _SEARCHED)))
    exactly = {name: getattr(search, name) for name in ("resource_type", "sub_account_id", "region_id")}
    return and_(*conditions, *(inventory.c[name] == wanted for name, wanted in exactly.items() if wanted))
