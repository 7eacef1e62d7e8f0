"""What the cost rows of a scan say about reservations and savings plans."""

from decimal import Decimal

from sqlalchemy import Integer, and_, func, literal, or_, select

from shared.core.models import ScanKey, Step
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_keys import row_bounds, rows_of_step
from shared.sql.schema.cost_tables import amortized_costs, cost_charges


class Commitments:
    """Reads commitments from cost rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def effective_cost_sums(self, scan_key: ScanKey) -> dict[str, Decimal]:
        """The sum of all amortized rows by currency, straight from the rows."""
        lines = cost_lines(scan_key, amortized_costs)
        keys = (lines.c.billing_currency,)
        statement = select(*keys, exact_sum(lines.c.effective_cost).label("effective_cost")).group_by(*keys)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            return {row.billing_currency: row.effective_cost for row in connection.execute(statement, bounds)}

    @whole_transaction
    def are_shown_by(self, step: Step) -> bool:
        """Whether a row of this step is covered by a commitment, or is a purchase that is not Marketplace's.

        Azure does not mark the purchase of a commitment as one: its pricing model is OnDemand.
        """
        charges = cost_charges.c
        publisher = func.lower(charges.publisher)
        purchase = and_(charges.charge_category == "Purchase", or_(publisher.is_(None), publisher != "marketplace"))
        signs = or_(charges.commitment_discount_type.is_not(None), purchase)
        rows = rows_of_step(cost_charges, step.tenant_id, step.step_id)
        statement = select(literal(1, Integer)).select_from(cost_charges).where(rows, signs).limit(1)
        with self._database.reading(step.tenant_id) as connection:
            return connection.execute(statement).first() is not None
