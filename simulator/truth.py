"""What a perfect scan stores, computed by the generator without any paging.

A scan by a person covers the subscriptions of the signed-in tenant that the person
can read. For each:
- costs: the 12 complete calendar months before `as_of`, ActualCost, one row per month,
  currency and the groupings of FULL_GROUPINGS; for a subscription that takes fewer, those of
  the first step of LADDER that it takes. Totals are exact sums of the printed amounts,
  currency by currency.
- amortized_costs: the same months as AmortizedCost, of a subscription whose costs show a commitment
  or a purchase that is not Marketplace's, or which takes fewer groupings than would show it.
- commitments: by currency, what covered usage, eligible usage and unused commitment cost in the amortized view, and
  the shares that follow. Usage of which the query does not say what covers it is in none of them.
- inventory: the resources that exist in the month of `as_of`; the subscription's own
  record is not one of them.
- advisor: all of category Cost, dismissed ones too.
- reservations: every resource type, Single and Shared, look-back Last30Days.
- waste: by rule, [resource id, what a month of it costs, currency] of what the findings have
  to name; of what costs nothing, null and null. lookalikes: by rule, ids of what they must not.
- drafts: how many findings there are, one for each rule that finds something and one for each kind of offer that
  saves; what they save a month by basis and currency, each resource once, offers never added; to 12 decimals.
- offers: of each kind, how many there are when a shared one counts once.
- savings_plans: P1Y and P3Y, Single and Shared, look-back Last30Days, kind SavingsPlan.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, localcontext
from typing import Any

from simulator.arm.caller import Caller
from simulator.arm.gate import may_read
from simulator.commitment_truth import commitments_truth, plain, shows_commitments
from simulator.estate.advice import advice
from simulator.estate.charges import CostRow
from simulator.estate.commitments import SCOPES, SKUS, TERMS, Item, reservations, savings_plans
from simulator.estate.costs import amortized_rows
from simulator.estate.estate import Estate, month_of
from simulator.estate.grouping import GroupedRow, accepted_groupings, grouped
from simulator.estate.subscriptions import CostAccess, Subscription
from simulator.estate.waste import RIGHT_SIZING, look_alikes, waste
from simulator.people import Person

LOOK_BACK = "Last30Days"
MONTHS = 12
REFUSED_COSTS = (CostAccess.OFFER_REFUSED, CostAccess.CHARGES_HIDDEN, CostAccess.NO_OFFER, CostAccess.NO_AIRS)


def truth(estate: Estate, person: Person, tenant_id: str, as_of: date) -> dict[str, Any]:
    """{"rows", "totals", "amortized_totals", "subscriptions": {id: these three}, "months", …} for this person."""
    who = Caller(person, tenant_id)
    mine = [item for item in estate.subscriptions if item.tenant_id == tenant_id and may_read(who, item)]
    parts = {item.subscription_id: _one(estate, item, as_of) for item in mine}
    rows = {name: sum(part["rows"][name] for part in parts.values()) for name in ROW_COUNTS}
    end = month_of(as_of)
    return {
        "rows": rows,
        **{name: _summed(part[name] for part in parts.values()) for name in ("totals", "amortized_totals")},
        "subscriptions": parts,
        "commitments": commitments_truth(estate, mine, as_of),
        "drafts": _drafts(estate, mine, as_of),
        "offers": _offers(estate, mine, as_of),
        "waste": _waste(estate, mine, as_of),
        "lookalikes": _look_alikes(estate, mine, as_of),
        "months": [f"{month // 12}-{month % 12 + 1:02d}-01" for month in range(end - MONTHS, end)],
    }


def _summed(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Exact sums by currency."""
    totals: dict[str, Decimal] = {}
    with localcontext(prec=60):
        for part in parts:
            for currency, amount in part.items():
                totals[currency] = totals.get(currency, Decimal(0)) + Decimal(amount)
    return {currency: plain(amount) for currency, amount in sorted(totals.items())}


def _waste(estate: Estate, subscriptions: list[Subscription], as_of: date) -> dict[str, list[list[str | None]]]:
    found: dict[str, list[list[str | None]]] = {}
    for subscription in subscriptions:
        for rule, resource_id, amount, currency in waste(estate, subscription, as_of):
            found.setdefault(rule, []).append([resource_id, None if amount is None else plain(amount), currency])
    return found


def _drafts(estate: Estate, subscriptions: list[Subscription], as_of: date) -> dict[str, Any]:
    found = [each for subscription in subscriptions for each in waste(estate, subscription, as_of)]
    claimed = {resource_id for rule, resource_id, amount, _ in found if amount is not None and rule != RIGHT_SIZING}
    sums: dict[str, dict[str, Decimal]] = {}
    with localcontext(prec=60):
        for rule, resource_id, amount, currency in found:
            basis = "azure_retail" if rule == RIGHT_SIZING else "billed"
            if amount is not None and currency and not (rule == RIGHT_SIZING and resource_id in claimed):
                own = sums.setdefault(basis, {})
                own[currency] = own.get(currency, Decimal(0)) + amount
    offers = [kind for kind, items in OFFERS.items() if any(items(estate, each, as_of) for each in subscriptions)]
    monthly = {
        basis: {currency: f"{amount.quantize(Decimal('1e-12')):f}" for currency, amount in sorted(own.items())}
        for basis, own in sorted(sums.items())
    }
    return {"count": len({rule for rule, *_ in found}) + len(offers), "monthly_savings": monthly}


def _look_alikes(estate: Estate, subscriptions: list[Subscription], as_of: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for subscription in subscriptions:
        for rule, resource_id in look_alikes(estate, subscription, as_of):
            found.setdefault(rule, []).append(resource_id)
    return found


def _one(estate: Estate, subscription: Subscription, as_of: date) -> dict[str, Any]:
    counted = {name: counter(estate, subscription, as_of) for name, counter in ROW_COUNTS.items() if counter}
    count, totals = _costs(estate, subscription, as_of)
    amortized_count, amortized = _amortized_costs(estate, subscription, as_of)
    return {
        "rows": {"costs": count, "amortized_costs": amortized_count, **counted},
        "totals": {name: plain(amount) for name, amount in totals.items()},
        "amortized_totals": {name: plain(amount) for name, amount in amortized.items()},
    }


def _costs(estate: Estate, subscription: Subscription, as_of: date) -> tuple[int, dict[str, Decimal]]:
    if subscription.cost_access in REFUSED_COSTS:
        return 0, {}
    return _counted(grouped(_actual(estate, subscription, as_of), accepted_groupings(subscription)))


def _amortized_costs(estate: Estate, subscription: Subscription, as_of: date) -> tuple[int, dict[str, Decimal]]:
    if not shows_commitments(subscription, _actual(estate, subscription, as_of)):
        return 0, {}
    months = range(month_of(as_of) - MONTHS, month_of(as_of))
    return _counted(grouped(amortized_rows(estate.seed, subscription, months), accepted_groupings(subscription)))


def _actual(estate: Estate, subscription: Subscription, as_of: date) -> list[CostRow]:
    return estate.cost_rows(subscription, range(month_of(as_of) - MONTHS, month_of(as_of)))


def _counted(rows: Iterable[GroupedRow]) -> tuple[int, dict[str, Decimal]]:
    """How many rows there are, and their sums by currency."""
    count, totals = 0, dict[str, Decimal]()
    with localcontext(prec=60):
        for _, _, currency, amount, _ in rows:
            count += 1
            totals[currency] = totals.get(currency, Decimal(0)) + Decimal(repr(amount))
    return count, totals


def _inventory(estate: Estate, subscription: Subscription, as_of: date) -> int:
    return len(estate.resources(subscription, month_of(as_of)))


def _advisor(estate: Estate, subscription: Subscription, as_of: date) -> int:
    if not subscription.knows_advisor:
        return 0
    moment = datetime.combine(as_of, time(12), UTC).timestamp()
    resources = estate.resources(subscription, month_of(as_of))
    found = advice(estate.seed, subscription, resources, moment)
    return sum(item["properties"]["category"] == "Cost" for item in found)


def _reservation_items(estate: Estate, subscription: Subscription, as_of: date) -> list[Item]:
    wanted = ((kind, scope) for kind in SKUS for scope in SCOPES)
    day = as_of.isoformat()
    return [item for each in wanted for item in reservations(estate.seed, subscription, *each, LOOK_BACK, day)]


def _savings_plan_items(estate: Estate, subscription: Subscription, as_of: date) -> list[Item]:
    wanted = ((scope, term) for scope in SCOPES for term in TERMS)
    day = as_of.isoformat()
    found = [item for each in wanted for item in savings_plans(estate.seed, subscription, *each, LOOK_BACK, day)]
    return [item for item in found if item["kind"] == "SavingsPlan"]


def _reservations(estate: Estate, subscription: Subscription, as_of: date) -> int:
    return len(_reservation_items(estate, subscription, as_of))


def _savings_plans(estate: Estate, subscription: Subscription, as_of: date) -> int:
    return len(_savings_plan_items(estate, subscription, as_of))


OFFERS = {"reservations": _reservation_items, "savings_plans": _savings_plan_items}


def _offers(estate: Estate, subscriptions: list[Subscription], as_of: date) -> dict[str, int]:
    """How many offers there are of each kind: a shared one, answered for each subscription, is one."""
    found: dict[str, int] = {}
    for kind, items in OFFERS.items():
        each = [item for subscription in subscriptions for item in items(estate, subscription, as_of)]
        shared = {_identity(item) for item in each if item["properties"]["scope"] == "Shared"}
        found[kind] = len(shared) + sum(item["properties"]["scope"] == "Single" for item in each)
    return found


def _identity(item: Item) -> str:
    """What an offer is, whichever subscription it was answered for."""
    return json.dumps([item.get("sku"), item.get("location"), item["properties"]], sort_keys=True)


ROW_COUNTS = {
    "costs": None,
    "amortized_costs": None,
    "inventory": _inventory,
    "advisor": _advisor,
    "reservations": _reservations,
    "savings_plans": _savings_plans,
}
