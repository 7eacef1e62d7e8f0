"""What was collected, as pages and programs read it: recommendations, and counts and sums of rows."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Select, Table, func, literal, select, union_all

from shared.core.alternatives import each_shared_once
from shared.core.models import ScanKey
from shared.core.money import MONTHS_IN_YEAR
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.tables import COLLECTED_TABLES, advisor, inventory, reservations, savings_plans


@dataclass(frozen=True)
class AdvisorRecommendation:
    """One of Advisor's cost recommendations; savings in `savings_currency`."""

    sub_account_id: str
    recommendation_id: str
    recommendation_type_id: str | None
    resource_id: str | None
    impact: str | None
    impacted_field: str | None
    impacted_value: str | None
    problem: str | None
    solution: str | None
    monthly_savings: Decimal | None
    annual_savings: Decimal | None
    savings_currency: str | None
    term: str | None
    look_back_days: int | None
    benefit_scope: str | None
    is_suppressed: bool
    last_updated: str | None
    extended_properties_json: str | None

    @property
    def monthly(self) -> Decimal | None:
        """Return a twelfth of the yearly savings; the monthly ones, which Azure rounds, if it gives only those."""
        return self.monthly_savings if self.annual_savings is None else self.annual_savings / MONTHS_IN_YEAR


@dataclass(frozen=True)
class ReservationRecommendation:
    """One reservation that Azure's estimate says would pay; amounts are over `look_back_days`, in `currency`."""

    sub_account_id: str
    kind: str
    benefit_scope: str | None
    resource_type: str | None
    sku_name: str | None
    region_id: str | None
    term: str | None
    look_back_days: int | None
    recommended_quantity: Decimal | None
    cost_without_benefit: Decimal | None
    cost_with_benefit: Decimal | None
    net_savings: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class SavingsPlanRecommendation:
    """One savings plan that Azure's estimate says would pay; amounts are over `look_back_days`, in `currency`."""

    sub_account_id: str
    benefit_scope: str | None
    term: str | None
    look_back_days: int | None
    sku_name: str | None
    hourly_commitment: Decimal | None
    cost_without_benefit: Decimal | None
    cost_with_benefit: Decimal | None
    net_savings: Decimal | None
    average_utilization_percent: Decimal | None
    coverage_percent: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class InventoryCount:
    """How many resources there are of a type in a region; None: global, or not said."""

    resource_type: str
    region_id: str | None
    resources: int


T = TypeVar("T")


class Recommendations:
    """Reads what the collectors stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def advisor(self, scan_key: ScanKey) -> list[AdvisorRecommendation]:
        return self._rows(scan_key, advisor, AdvisorRecommendation)

    def reservations(self, scan_key: ScanKey) -> list[ReservationRecommendation]:
        """Return the reservation offers, each shared one once."""
        return each_shared_once(self._rows(scan_key, reservations, ReservationRecommendation))

    def savings_plans(self, scan_key: ScanKey) -> list[SavingsPlanRecommendation]:
        """Return the savings plan offers, each shared one once."""
        return each_shared_once(self._rows(scan_key, savings_plans, SavingsPlanRecommendation))

    @whole_transaction
    def inventory_counts(self, scan_key: ScanKey) -> list[InventoryCount]:
        """The inventory by type and region."""
        keys = (inventory.c.resource_type, inventory.c.region_id)
        counted = select(*keys, func.count().label("resources"))
        statement = counted.where(rows_of_scan(inventory, scan_key))
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            found = connection.execute(statement.group_by(*keys).order_by(*keys), bounds)
            return [InventoryCount(**row) for row in found.mappings()]

    @whole_transaction
    def row_counts(self, scan_key: ScanKey) -> dict[str, int]:
        """Stored rows by collected table."""
        counts = union_all(*(_counted(table, scan_key) for table in COLLECTED_TABLES))
        with self._database.reading(scan_key.tenant_id) as connection:
            found = connection.execute(counts, row_bounds(connection, scan_key))
            return {name: count for name, count in found}  # noqa: C416  a row is no pair to mypy

    @whole_transaction
    def cost_sums(self, scan_key: ScanKey) -> dict[str, Decimal]:
        """The sum of all cost rows by currency, straight from the rows."""
        lines = cost_lines(scan_key)
        statement = select(lines.c.billing_currency, exact_sum(lines.c.billed_cost).label("billed_cost"))
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            found = connection.execute(statement.group_by(lines.c.billing_currency), bounds)
            return {row.billing_currency: row.billed_cost for row in found}

    @whole_transaction
    def _rows(self, scan_key: ScanKey, table: Table, kind: type[T]) -> list[T]:
        """All rows of one collector in the order in which they came; the dataclass's fields name the columns."""
        columns = [table.c[field.name] for field in fields(kind)]  # type: ignore[arg-type]
        statement = select(*columns).where(rows_of_scan(table, scan_key)).order_by(table.c.row_id)
        with self._database.reading(scan_key.tenant_id) as connection:
            found = connection.execute(statement, row_bounds(connection, scan_key))
            return [kind(**row) for row in found.mappings()]


def _counted(table: Table, scan_key: ScanKey) -> Select[str, int]:
    return select(literal(table.name), func.count()).where(rows_of_scan(table, scan_key))
