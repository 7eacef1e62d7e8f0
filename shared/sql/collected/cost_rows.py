"""A scan's cost rows one by one, for files: a million of them are never in memory at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from shared.core.models import ScanKey
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.engine.engine import Database
from shared.sql.scans.row_keys import row_bounds

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class CostRow:
    """One cost row: a month's charges of one resource, meter and way of pricing. None: Azure did not say.

    `charge_period_start` is the first of the month; `resource_id` is in lower case.
    """

    sub_account_id: str
    charge_period_start: date
    billed_cost: Decimal
    billing_currency: str
    resource_id: str | None
    resource_group: str | None
    region_id: str | None
    service_name: str
    meter_subcategory: str | None
    meter_name: str | None
    charge_type: str | None
    charge_category: str | None
    charge_frequency: str | None
    pricing_category: str | None
    commitment_discount_type: str | None
    publisher: str | None
    consumed_quantity: Decimal | None


class CostRows:
    """Reads the cost rows of a scan."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def each(self, scan_key: ScanKey) -> Iterator[CostRow]:
        """Yield the rows in the order in which they were read, all of one moment.

        A transient error raises: rows that were handed out cannot be taken back.
        """
        lines = cost_lines(scan_key)
        columns = [lines.c[name] for name in CostRow.__dataclass_fields__]
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            statement = select(*columns).order_by(lines.c.row_id)
            for row in connection.execute(statement, bounds, execution_options={"yield_per": ROWS_AT_ONCE}):
                yield CostRow(*row)
