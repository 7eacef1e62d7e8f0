"""Reservation and savings-plan recommendations of one subscription."""

import random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from simulator.estate.subscriptions import Subscription

Item = dict[str, Any]

SKUS = {
    "VirtualMachines": ("Standard_D4s_v5", "Standard_E4s_v5", "Standard_B4ms"),
    "SQLDatabases": ("SQLDB_GP_Compute_Gen5", "SQLDB_BC_Compute_Gen5"),
    "PostgreSQL": ("Postgre_GP_Compute_Gen5",),
    "ManagedDisk": ("P30",),
    "MySQL": (),
    "RedHat": (),
    "MariaDB": (),
    "RedisCache": ("Redis_Cache_Premium_P1",),
    "CosmosDB": ("CosmosDB_100RU",),
    "SqlDataWarehouse": (),
    "SUSELinux": (),
    "AppService": ("P1v3",),
    "BlockBlob": (),
    "AzureDataExplorer": (),
    "VMwareCloudSimple": (),
}
"""Resource types that can be asked for, and what may be recommended; for most there is nothing."""

LOOK_BACK_DAYS = {"Last7Days": 7, "Last30Days": 30, "Last60Days": 60}
SCOPES = ("Single", "Shared")
TERMS = ("P1Y", "P3Y")
TERM_FACTOR = {"P1Y": 0.72, "P3Y": 0.55}


def reservations(
    seed: int, subscription: Subscription, resource_type: str, scope: str, look_back: str, day: str
) -> list[Item]:
    """Recommendations of one type and scope over one look-back window; often none."""
    key = f"{seed}/reservation/{_owner(subscription, scope)}/{resource_type}/{scope}/{look_back}"
    draw = random.Random(key)  # noqa: S311 - sample data
    if subscription.resource_count < 10:
        return []
    found = []
    for sku in SKUS[resource_type]:
        if draw.random() < 0.6:
            cost = draw.uniform(10, 90) * LOOK_BACK_DAYS[look_back]
            for term in TERMS:
                amounts = (cost, cost * TERM_FACTOR[term] * draw.uniform(0.98, 1.02))
                details = _details(subscription, resource_type, sku, scope, term, day)
                make = _modern if subscription.has_modern_agreement else _legacy
                found.append(make(subscription, key, details, sku, look_back, amounts))
    return found


def _owner(subscription: Subscription, scope: str) -> str:
    """Whom an offer is made to: a shared one to the billing scope, though it is answered for each subscription."""
    return str(subscription.index) if scope == "Single" else f"billing-{int(subscription.has_modern_agreement)}"


def _details(subscription: Subscription, resource_type: str, sku: str, scope: str, term: str, day: str) -> Item:
    details: Item = {
        "instanceFlexibilityRatio": 1,
        "instanceFlexibilityGroup": "NA" if "Compute" in sku else "DSv5 Series",
        "normalizedSize": sku,
        "recommendedQuantityNormalized": 1.2,
        "recommendedQuantity": 1,
        "meterId": str(uuid5(NAMESPACE_URL, sku)),
        "term": term,
        "firstUsageDate": f"{day}T00:00:00Z",
        "resourceType": resource_type.lower(),
        "scope": scope,
        "skuProperties": None if "Compute" in sku else [{"name": "Cores", "value": "4"}],
    }
    if scope == "Single":
        details["subscriptionId"] = subscription.subscription_id
    return details


def _envelope(subscription: Subscription, key: str) -> Item:
    """Items share their id, and it lacks the leading slash, as documented."""
    name = str(uuid5(NAMESPACE_URL, key))
    kind = "Microsoft.Consumption/reservationRecommendations"
    item_id = f"subscriptions/{subscription.subscription_id}/providers/{kind}/{name}"
    return {"id": item_id, "name": name, "type": kind}


def _legacy(
    subscription: Subscription, key: str, details: Item, sku: str, look_back: str, amounts: tuple[float, float]
) -> Item:
    without, reserved = amounts
    properties = {
        "lookBackPeriod": look_back,
        **details,
        "costWithNoReservedInstances": without,
        "totalCostWithReservedInstances": reserved,
        "netSavings": without - reserved,
    }
    top = {"location": "uksouth", "sku": sku, "kind": "legacy"}
    return {**_envelope(subscription, key), **top, "properties": properties}


def _modern(
    subscription: Subscription, key: str, details: Item, sku: str, look_back: str, amounts: tuple[float, float]
) -> Item:
    def money(value: float) -> Item:
        return {"currency": subscription.currency, "value": value}

    without, reserved = amounts
    properties = {
        **details,
        "lookBackPeriod": LOOK_BACK_DAYS[look_back],
        "location": "uksouth",
        "skuName": sku,
        "costWithNoReservedInstances": money(without),
        "totalCostWithReservedInstances": money(reserved),
        "netSavings": money(without - reserved),
    }
    return {**_envelope(subscription, key), "kind": "modern", "properties": properties}


def savings_plans(seed: int, subscription: Subscription, scope: str, term: str, look_back: str, day: str) -> list[Item]:
    """At most one savings plan a term and scope; where there is one, a reservation comes along."""
    key = f"{seed}/benefit/{_owner(subscription, scope)}/{scope}/{term}/{look_back}"
    draw = random.Random(key)  # noqa: S311 - sample data
    if subscription.index % 3 == 2 or subscription.resource_count < 10:
        return []
    hours = LOOK_BACK_DAYS[look_back] * 24
    without = draw.uniform(0.4, 3.0) * hours
    plan = _benefit(subscription, key, "SavingsPlan", without, hours, draw)
    plan["properties"] |= _plan_properties(subscription, scope, term, look_back, hours, day)
    if subscription.index % 3:
        return [plan]
    reservation = _benefit(subscription, f"{key}/reservation", "Reservation", without, hours, draw)
    reservation["properties"] |= _plan_properties(subscription, scope, term, look_back, hours, day)
    return [plan, {**reservation, "properties": {**reservation["properties"], "armSkuName": "Standard_D4s_v5"}}]


def _plan_properties(subscription: Subscription, scope: str, term: str, look_back: str, hours: int, day: str) -> Item:
    properties = {
        "firstConsumptionDate": f"{day}T00:00:00+00:00",
        "lastConsumptionDate": f"{day}T23:00:00+00:00",
        "lookBackPeriod": look_back,
        "totalHours": hours,
        "armSkuName": "Compute_Savings_Plan",
        "term": term,
        "commitmentGranularity": "Hourly",
        "currencyCode": subscription.currency,
        "scope": scope,
    }
    return properties if scope == "Shared" else {**properties, "subscriptionId": subscription.subscription_id}


def _benefit(subscription: Subscription, key: str, kind: str, without: float, hours: int, draw: random.Random) -> Item:
    commitment = round(without / hours * 0.6, 3)
    benefit = commitment * hours
    saved = without * draw.uniform(0.1, 0.3)
    name = str(uuid5(NAMESPACE_URL, key))
    provider = "Microsoft.CostManagement/benefitRecommendations"
    return {
        "id": f"{subscription.scope}/providers/{provider}/{name}",
        "name": name,
        "type": provider,
        "kind": kind,
        "properties": {
            "costWithoutBenefit": without,
            "recommendationDetails": {
                "averageUtilizationPercentage": round(draw.uniform(80, 100), 13),
                "benefitCost": benefit,
                "commitmentAmount": commitment,
                "coveragePercentage": round(draw.uniform(40, 90), 13),
                "overageCost": without - saved - benefit,
                "savingsAmount": saved,
                "savingsPercentage": saved / without * 100,
                "totalCost": without - saved,
                "wastageCost": benefit * 0.02,
            },
        },
    }
