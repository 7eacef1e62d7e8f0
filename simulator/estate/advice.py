"""Advisor's recommendations for the resources of one subscription."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from simulator.estate.resources import Resource
from simulator.estate.subscriptions import Subscription

Item = dict[str, Any]

RIGHT_SIZE = ("e10b1381-5f0a-47ff-8c7b-37bd13d7c974", "Right-size or shutdown underutilized virtual machines")
UNATTACHED_DISK = ("48eda464-1485-4dcf-a674-d0905df5054a", "Review disks that are not attached to a VM and evaluate if you still need the disk")  # fmt: skip # noqa: E501
UNUSED_PLAN = ("39a8510f-5017-4d42-8b7d-8a4d1e4d2c6a", "Unused/Empty App Service plan")
RESERVED_VM = ("84b1a508-fc21-49da-979e-96894f1665df", "Consider virtual machine reserved instance to save over your on-demand costs")  # fmt: skip # noqa: E501
SAVINGS_PLAN = ("89515250-1243-43d1-b4e7-f9437cedffd8", "Purchasing a savings plan for compute could unlock lower prices")  # fmt: skip # noqa: E501
MONITORING = ("d1db3318-01ff-16de-29eb-28b344515626", "Install monitoring agent on your virtual machines")


def advice(seed: int, subscription: Subscription, resources: tuple[Resource, ...], now: float) -> list[Item]:
    """All recommendations of all categories, in an order that does not change within a day."""
    updated = datetime.fromtimestamp(now, UTC).replace(hour=4, minute=16, second=40, microsecond=928294) - timedelta(1)
    stamp = updated.strftime("%Y-%m-%dT%H:%M:%S.%f") + "4Z"
    found = [*_for_resources(seed, subscription, resources), *_for_subscription(seed, subscription)]
    return [{**item, "properties": {**item["properties"], "lastUpdated": stamp}} for item in found]


def _item(scope: str, about: tuple[str, str], category: str, impact: str, extra: Item, mark: str) -> Item:
    type_id, problem = about
    name = str(uuid5(NAMESPACE_URL, f"{scope}/{type_id}/{mark}"))
    properties = {
        "category": category,
        "impact": impact,
        "recommendationTypeId": type_id,
        "shortDescription": {"problem": problem, "solution": problem},
        **extra,
    }
    item_id = f"{scope}/providers/Microsoft.Advisor/recommendations/{name}"
    return {"properties": properties, "id": item_id, "type": "Microsoft.Advisor/recommendations", "name": name}


def _for_resources(seed: int, subscription: Subscription, resources: tuple[Resource, ...]) -> Iterator[Item]:
    for resource in resources:
        draw = random.Random(f"{seed}/advice/{subscription.index}/{resource.index}")  # noqa: S311 - sample data
        match resource.kind.alias:
            case "vm" if draw.random() < 0.35:
                yield _right_size(resource, draw)
            case "vm":
                yield _item(resource.resource_id, MONITORING, "Security", "High", _impacted(resource), "")
            case "disk" if draw.random() < 0.25:
                yield _item(resource.resource_id, UNATTACHED_DISK, "Cost", "Medium", _disk(resource), "")
            case "plan" if draw.random() < 0.4:
                yield _unused_plan(resource)


def _impacted(resource: Resource) -> Item:
    return {"impactedField": resource.kind.type, "impactedValue": resource.name.lower()}


def _right_size(resource: Resource, draw: random.Random) -> Item:
    """Half of them carry an amount; some were dismissed; their group is at times in upper case."""
    month = resource.meters[0][1] * draw.uniform(0.2, 0.6)
    extra = _impacted(resource)
    metadata = {"resourceId": resource.resource_id.lower(), "source": resource.resource_id.lower()}
    extended = {
        "MaxCpuP95": str(draw.randrange(1, 20)),
        "MaxMemoryP95": str(draw.randrange(5, 50)),
        "currentSku": resource.sku,
        "targetSku": "Standard_B2s",
        "recommendationType": draw.choice(("SkuChange", "Shutdown")),
        "regionId": resource.region,
        "lookbackPeriod": "7",
    }
    if draw.random() < 0.5:
        extended |= _amounts(month, resource.currency)
    if draw.random() < 0.2:
        extra["suppressionIds"] = [str(uuid5(NAMESPACE_URL, f"suppressed/{resource.resource_id}"))]
    extra |= {"extendedProperties": extended, "resourceMetadata": metadata}
    scope = resource.resource_id.replace(resource.resource_group, resource.resource_group.upper())
    return _item(scope, RIGHT_SIZE, "Cost", "High", extra, "")


def _disk(resource: Resource) -> Item:
    """Internal keys only, or no extended properties at all."""
    extra = {**_impacted(resource), "resourceMetadata": {"resourceId": resource.resource_id.lower()}}
    if resource.index % 2:
        extra["extendedProperties"] = {"_skuToken": str(resource.sku), "_meterIdToken": ""}
    return extra


def _unused_plan(resource: Resource) -> Item:
    """The impacted field names another type, in upper case, as recorded."""
    extended = {"serverFarmSkuName": str(resource.sku), **_amounts(resource.meters[0][1], resource.currency)}
    extra = {
        "impactedField": "MICROSOFT.WEB/SITES",
        "impactedValue": resource.name.lower(),
        "extendedProperties": extended,
        "resourceMetadata": {"resourceId": resource.resource_id},
    }
    return _item(resource.resource_id, UNUSED_PLAN, "Cost", "Medium", extra, "")


def _amounts(month: float, currency: str) -> dict[str, str]:
    """Amounts as text; the month is a twelfth of the year, rounded down."""
    year = int(month * 12)
    return {"savingsAmount": str(year // 12), "annualSavingsAmount": str(year), "savingsCurrency": currency}


def _for_subscription(seed: int, subscription: Subscription) -> Iterator[Item]:
    """One saving as many alternatives: look-back of 7, 30 and 60 days, one and three years."""
    draw = random.Random(f"{seed}/advice/{subscription.index}")  # noqa: S311 - sample data
    for number in range(draw.randrange(1, 4)):
        sku, region = (
            draw.choice(("Standard_D4s_v5", "Standard_E4s_v5", "Standard_B4ms")),
            draw.choice(("uksouth", "ukwest")),
        )
        base = draw.uniform(20, 200)
        for look_back in ("7", "30", "60"):
            for term, factor in (("P1Y", 1.0), ("P3Y", 1.6)):
                amounts = _amounts(base * factor * draw.uniform(0.9, 1.1), subscription.currency)
                extended = {
                    "reservedResourceType": "virtualmachines", "subId": subscription.subscription_id, "scope": "Single",
                    "sku": sku, "term": term, "qty": "1.0", "region": region, "lookbackPeriod": look_back,
                    "displayQty": "1.0", "targetResourceCount": "1", "location": region, "vmSize": sku,
                    "displaySKU": sku, **amounts,
                }  # fmt: skip
                yield _subscription_item(subscription, RESERVED_VM, extended, f"{number}/{look_back}/{term}")
    for term, commitment in (("P3Y", "0.097"), ("P1Y", "0.111")):
        extended = {
            "subId": subscription.subscription_id, "sku": "Compute_Savings_Plan", "scope": "Single",
            "commitment": commitment, "term": term, "lookbackPeriod": "30",
            **_amounts(draw.uniform(30, 90), subscription.currency),
        }  # fmt: skip
        yield _subscription_item(subscription, SAVINGS_PLAN, extended, term)


def _subscription_item(subscription: Subscription, about: tuple[str, str], extended: dict[str, str], mark: str) -> Item:
    extra = {
        "impactedField": "Microsoft.Subscriptions/subscriptions",
        "impactedValue": subscription.subscription_id,
        "extendedProperties": extended,
        "resourceMetadata": {"resourceId": subscription.scope},
    }
    return _item(subscription.scope, about, "Cost", "High", extra, mark)
