"""The waste in the estate and its costs, known because it was generated."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, localcontext

from simulator.estate.advice import RIGHT_SIZE, advice
from simulator.estate.estate import Estate, month_of
from simulator.estate.generated_waste import GENERATED_WASTE, is_waste
from simulator.estate.grouping import accepted_groupings, grouped
from simulator.estate.records import resource_record
from simulator.estate.recurring_waste import recurring
from simulator.estate.resources import Resource
from simulator.estate.subscriptions import CostAccess, Subscription

READABLE_COSTS = (CostAccess.FULL, CostAccess.TWO_GROUPINGS)
ONLY_WITH_METERS = ("log_ingestion_without_commitment",)
ONLY_WITH_COSTS = ("disks_of_deallocated_machines", "dev_machines_running_all_hours", *ONLY_WITH_METERS)
"""Rules that find nothing where no cost can be read."""

OF_METERS = ("paid_clusters_in_dev",)
"""Rules whose savings are a part of the bill, known by its meters: here the only one."""

SAVING = (
    "unattached_disks", "disks_of_deallocated_machines", "old_snapshots", "snapshots_of_deleted_disks",
    "stopped_machines", "unused_public_ips", "public_ips_on_orphan_interfaces", "idle_load_balancers",
    "idle_application_gateways", "unused_network_gateways", "unused_nat_gateways", "unused_ddos_plans",
    "disconnected_private_endpoints", "empty_app_service_plans", "empty_elastic_pools", "plans_with_stopped_apps",
    "stopped_database_servers", "unlinked_private_dns_zones", "traffic_manager_without_endpoints",
    "unprovisioned_expressroute_circuits", "empty_dedicated_hosts", "unused_capacity_reservations",
    "unused_front_door_waf_policies", "endpoints_of_deleted_targets", "unused_ip_prefixes", "paid_clusters_in_dev",
    "empty_app_service_environments", "databases_named_as_copies", "stopped_managed_instances", "stopped_clusters",
    "empty_capacity_pools",
)  # fmt: skip
"""Rules that claim what the resource was billed; the others show it."""

NOT_IN_DEV_TEST = ("hybrid_benefit_windows", "hybrid_benefit_sql", "hybrid_benefit_sql_databases")
RIGHT_SIZING = "advisor_right_sizing"
MACHINES = "Microsoft.Compute/virtualMachines"

Waste = tuple[str, str, Decimal | None, str | None]
"""(rule, resource id in lower case, what a month of it costs, currency); a resource that costs nothing has neither."""


def waste(estate: Estate, subscription: Subscription, as_of: date) -> Iterator[Waste]:
    """What the rules have to find in this subscription: one for each resource and currency."""
    has_costs = subscription.cost_access in READABLE_COSTS
    has_meters = subscription.cost_access is CostAccess.FULL
    costs = last_month(estate, subscription, as_of) if has_costs else {}
    for resource in estate.resources(subscription, month_of(as_of)):
        resource_id = resource.resource_id.lower()
        own = costs.get(resource_id, {})
        for rule in rules_of(resource, as_of):
            if rule in ONLY_WITH_COSTS and not (has_costs and resource.exists_in(month_of(as_of) - 1)):
                continue
            if rule in ONLY_WITH_METERS and not has_meters:
                continue
            is_known = rule in SAVING and (has_meters or rule not in OF_METERS)
            yield from _amounts(rule, resource_id, own if is_known else {})
    if subscription.knows_advisor:
        yield from _right_sizing(estate, subscription, as_of)


def rules_of(resource: Resource, as_of: date) -> set[str]:
    """The rules that have to find it: what its pattern was made for, and what ordinary resources have too."""
    found = set(recurring(resource_record(resource, as_of)))
    if resource.kind.type == MACHINES and not resource.meters:
        found.discard("dev_machines_running_all_hours")
    if resource.placed:
        found |= {resource.placed.part.rule} if resource.placed.part.rule else set()
    elif is_waste(resource):
        found.add(GENERATED_WASTE[resource.kind.alias][0])
    return found - {*NOT_IN_DEV_TEST} if "DevTest" in resource.subscription.quota_id else found


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
