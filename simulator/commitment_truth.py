"""What a perfect scan says about commitments, computed from the generator's rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from simulator.estate.charges import CostRow
from simulator.estate.costs import amortized_rows
from simulator.estate.estate import Estate, month_of
from simulator.estate.grouping import FULL_GROUPINGS, max_groupings
from simulator.estate.subscriptions import CostAccess, Subscription
from simulator.estate.waste import READABLE_COSTS

MONTHS = 12
ELIGIBLE = (
    *("Virtual Machines", "Azure App Service", "Functions", "Container Instances", "SQL Database", "Azure Cosmos DB"),
    *("Azure Cache for Redis", "SQL Managed Instance", "Azure Database for PostgreSQL", "Azure Database for MySQL"),
)
"""The services of this estate whose usage a commitment can cover."""

COMMITTED = ("Reservation", "SavingsPlan")
Sums = dict[str, Decimal]


def shows_commitments(subscription: Subscription, actual: Iterable[CostRow]) -> bool:
    """Whether its costs are to be read amortized too."""
    if _tells_all(subscription):
        return any(_is_sign(row) for row in actual)
    return subscription.cost_access in READABLE_COSTS


def _tells_all(subscription: Subscription) -> bool:
    return subscription.cost_access is CostAccess.FULL and max_groupings(subscription) >= len(FULL_GROUPINGS)


def _is_sign(row: CostRow) -> bool:
    bought = row.charge_type == "Purchase" and row.publisher != "Marketplace"
    return bought or row.pricing_model in COMMITTED


def commitments_truth(estate: Estate, subscriptions: Sequence[Subscription], as_of: date) -> dict[str, dict[str, Any]]:
    """{currency: {"covered", "eligible", "unused", "coverage", "utilization"}} where there are commitments."""
    months = range(month_of(as_of) - MONTHS, month_of(as_of))
    found: dict[str, Sums] = {}
    with localcontext(prec=60):
        for subscription in filter(_tells_all, subscriptions):
            for row in amortized_rows(estate.seed, subscription, months):
                _add(found.setdefault(row.currency, dict.fromkeys(("covered", "eligible", "unused"), Decimal(0))), row)
    return {currency: _with_shares(own) for currency, own in sorted(found.items()) if own["covered"] or own["unused"]}


def _add(sums: Sums, row: CostRow) -> None:
    amount = Decimal(repr(row.amount))
    if row.charge_type in ("UnusedReservation", "UnusedSavingsPlan"):
        sums["unused"] += amount
    elif row.charge_type == "Usage" and row.publisher != "Marketplace":
        is_covered = row.pricing_model in COMMITTED
        sums["covered"] += amount if is_covered else 0
        sums["eligible"] += amount if is_covered or row.service in ELIGIBLE else 0


def _with_shares(sums: Sums) -> dict[str, Any]:
    paid = sums["covered"] + sums["unused"]
    return {
        **{name: plain(amount) for name, amount in sums.items()},
        "coverage": _percent(sums["covered"], sums["eligible"]),
        "utilization": _percent(sums["covered"], paid),
    }


def _percent(part: Decimal, whole: Decimal) -> str | None:
    return f"{part / whole * 100:.4f}" if whole > 0 else None


def plain(amount: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
