"""The waste in the estate and its costs, known because it was generated."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, localcontext

from simulator.estate.advice import RIGHT_SIZE, advice
from simulator.estate.estate import Estate, month_of
from simulator.estate.generated_waste import GENERATED_WASTE, is_waste
from simulator.estate.grouping import accepted_groupings, grouped
from simulator.estate.resources import Resource
from simulator.estate.subscriptions import CostAccess, Subscription

READABLE_COSTS = (CostAccess.FULL, CostAccess.TWO_GROUPINGS)
ONLY_WITH_COSTS = ("disks_of_deallocated_machines",)
"""Rules that find nothing where no cost can be read."""

WITHOUT_SAVING = (
    "orphan_network_interfaces", "orphan_security_groups", "hybrid_benefit_windows", "hybrid_benefit_sql",
    "hybrid_benefit_sql_databases", "hybrid_benefit_linux", "premium_snapshots", "old_machine_sizes",
    "multi_region_writes_in_one_region", "long_log_retention", "fixed_capacity_application_gateways",
    "premium_firewalls_without_policy", "empty_route_tables", "empty_availability_sets", "expired_certificates",
    "failed_network_gateways", "failed_caches", "application_gateways_v1", "old_storage_account_kinds",
)  # fmt: skip
NOT_IN_DEV_TEST = ("hybrid_benefit_windows", "hybrid_benefit_sql", "hybrid_benefit_sql_databases")
RIGHT_SIZING = "advisor_right_sizing"

Waste = tuple[str, str, Decimal | None, str | None]
"""(rule, resource id in lower case, what a month of it costs, currency); a resource that costs nothing has neither."""


def waste(estate: Estate, subscription: Subscription, as_of: date) -> Iterator[Waste]:
    """What the rules have to find in this subscription: one for each resource and currency."""
    has_costs = subscription.cost_access in READABLE_COSTS
    costs = last_month(estate, subscription, as_of) if has_costs else {}
    for resource in estate.resources(subscription, month_of(as_of)):
        rule = rule_of(resource)
        if rule and (has_costs or rule not in ONLY_WITH_COSTS):
            own = {} if rule in WITHOUT_SAVING else costs.get(resource.resource_id.lower(), {})
            yield from _amounts(rule, resource.resource_id.lower(), own)
    if subscription.knows_advisor:
        yield from _right_sizing(estate, subscription, as_of)


def rule_of(resource: Resource) -> str | None:
    """The rule that has to find it."""
    if resource.placed:
        rule = resource.placed.part.rule
    else:
        rule = GENERATED_WASTE[resource.kind.alias][0] if is_waste(resource) else None
    is_dev_test = "DevTest" in resource.subscription.quota_id
    return None if is_dev_test and rule in NOT_IN_DEV_TEST else rule


def look_alikes(estate: Estate, subscription: Subscription, as_of: date) -> Iterator[tuple[str, str]]:
    """(rule, id in lower case) of what a careless rule would find wrongly."""
    for resource in estate.resources(subscription, month_of(as_of)):
        if resource.placed and resource.placed.part.looks_like:
            yield resource.placed.part.looks_like, resource.resource_id.lower()


def last_month(estate: Estate, subscription: Subscription, as_of: date) -> dict[str, dict[str, Decimal]]:
    """What each resource cost in the last complete month, by currency: sums of what Cost Management prints."""
    month = month_of(as_of) - 1
    rows = estate.cost_rows(subscription, range(month, month + 1))
    found: dict[str, dict[str, Decimal]] = {}
    with localcontext(prec=60):
        for _, values, currency, amount, _ in grouped(rows, accepted_groupings(subscription)):
            own = found.setdefault(values[0], {})
            own[currency] = own.get(currency, Decimal(0)) + Decimal(repr(amount))
    return found


def _amounts(rule: str, resource_id: str, costs: dict[str, Decimal]) -> Iterator[Waste]:
    saved = [(amount, currency) for currency, amount in sorted(costs.items()) if amount > 0]
    for amount, currency in saved:
        yield rule, resource_id, amount, currency
    if not saved:
        yield rule, resource_id, None, None


def _right_sizing(estate: Estate, subscription: Subscription, as_of: date) -> Iterator[Waste]:
    """Advisor's open advice with Advisor's own amounts, where it names some."""
    moment = datetime.combine(as_of, time(12), UTC).timestamp()
    for item in advice(estate.seed, subscription, estate.resources(subscription, month_of(as_of)), moment):
        properties = item["properties"]
        if properties["recommendationTypeId"] != RIGHT_SIZE[0] or properties.get("suppressionIds"):
            continue
        extended = properties["extendedProperties"]
        amount = Decimal(extended.get("annualSavingsAmount", "0")) / 12
        currency = extended.get("savingsCurrency") if amount > 0 else None
        yield RIGHT_SIZING, properties["resourceMetadata"]["resourceId"].lower(), amount or None, currency
