"""Pages of cost rows as Azure answers them: in no order, ids in mixed case, regions, meters and charge types mixed.

The rows of a step lie in all of its pages: a resource's months and meters do not stand together. A resource has three
meters in each of twelve months. Costs and metered quantities have a float's digits, hours are whole or quarters.
"""

import json
import random
from collections.abc import Iterator

from collectors.costs import GROUPINGS
from shared.arm.endpoints import QUERY_COSTS
from tests.support.arm_replay import ARM, PERIOD, SUBSCRIPTION

PAGE_ROWS = 5_000
METERS_OF_A_RESOURCE = 3
ROWS_OF_A_RESOURCE = METERS_OF_A_RESOURCE * len(PERIOD.months)
STRIDE = 611_953
"""A prime: place times this, modulo the number of rows, meets each row once, in no order."""

KINDS = (
    ("Microsoft.Compute/virtualMachines", "vm", (
        ("Virtual Machines", "Dv3/DSv3 Series", "D2 v3/D2s v3"),
        ("Virtual Machines Licenses", "Windows Server Burst", "2 vCPU VM License"),
        ("Bandwidth", "Rtn Preference: MGN", "Standard Data Transfer Out"),
    )),
    ("Microsoft.Compute/disks", "disk", (
        ("Storage", "Premium SSD Managed Disks", "P10 LRS Disk"),
        ("Storage", "Standard HDD Managed Disks", "S4 LRS Disk Operations"),
        ("Storage", "Standard SSD Managed Disks", "E10 LRS Disk"),
    )),
    ("Microsoft.Storage/storageAccounts", "st", (
        ("Storage", "Tiered Block Blob", "Hot LRS Data Stored"),
        ("Storage", "Tiered Block Blob", "Hot LRS Write Operations"),
        ("Bandwidth", "", "Intra Continent Data Transfer Out"),
    )),
    ("Microsoft.Web/serverFarms", "plan", (
        ("Azure App Service", "Premium v3 Plan", "P1 v3 App"),
        ("Azure App Service", "Premium v3 Plan - Linux", "P1 v3 App"),
        ("Azure Monitor", "", "Metrics ingestion"),
    )),
    ("Microsoft.OperationalInsights/workspaces", "log", (
        ("Log Analytics", "", "Pay-as-you-go Data Ingestion"),
        ("Log Analytics", "", "Analytics Logs Data Retention"),
        ("Sentinel", "", "Pay-as-you-go Analysis"),
    )),
)  # fmt: skip
REGIONS = ("UK South", "UK West", "North Europe", "West Europe", "East US", "Southeast Asia", "Unassigned")
CHARGE_TYPES = ("Usage", "Purchase", "Refund", "Tax", "RoundingAdjustment", "UnusedReservation")
PRICING_MODELS = ("OnDemand", "Reservation", "SavingsPlan", "Spot")
NAMES = ("totalCost", "totalQuantity", "BillingMonth", *GROUPINGS, "Currency")
NUMBERS = ("totalCost", "totalQuantity")


def cost_pages(rows: int, arm: str = ARM) -> Iterator[bytes]:
    """Yield so many rows in full pages, each with the link to the next; the same bytes at every run."""
    count = rows // PAGE_ROWS
    for number in range(count):
        yield _page(number, rows, arm, is_last=number == count - 1)


def _page(number: int, rows: int, arm: str, *, is_last: bool) -> bytes:
    chance = random.Random(number)  # noqa: S311 - the same bytes at every run
    columns = [{"name": name, "type": "Number" if name in NUMBERS else "String"} for name in NAMES]
    places = range(number * PAGE_ROWS, (number + 1) * PAGE_ROWS)
    written = [_row(chance, place * STRIDE % rows) for place in places]
    link = None if is_last else next_link(number + 1, arm)
    properties = {"nextLink": link, "columns": columns, "rows": written}
    return json.dumps({"id": f"{number}", "type": "Microsoft.CostManagement/query", "properties": properties}).encode()


def _row(chance: random.Random, place: int) -> list[object]:
    resource, line = divmod(place, ROWS_OF_A_RESOURCE)
    month, meter = divmod(line, METERS_OF_A_RESOURCE)
    kind, prefix, meters = KINDS[resource % len(KINDS)]
    is_refund = chance.random() < 0.01
    charge_type = CHARGE_TYPES[0] if not is_refund else chance.choice(CHARGE_TYPES)
    return [
        chance.lognormvariate(1, 3) * (-1 if charge_type == "Refund" else 1),
        chance.choice((744, 720.25, 365.5)) if meter == 0 else chance.lognormvariate(3, 2),
        f"{PERIOD.months[month]}T00:00:00",
        "" if chance.random() < 0.01 else _resource_id(chance, kind, f"{prefix}-{resource:06}", resource % 60),
        *meters[meter],
        REGIONS[resource % len(REGIONS)],
        charge_type,
        PRICING_MODELS[0 if chance.random() < 0.8 else resource % len(PRICING_MODELS)],
        "Azure" if chance.random() < 0.99 else "Marketplace",
        "UsageBased" if charge_type == "Usage" else "OneTime",
        "GBP",
    ]


def _resource_id(chance: random.Random, kind: str, name: str, group: int) -> str:
    """In one of the cases in which Azure's services write the same id."""
    usual = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-{group:03}-Production/providers/{kind}/{name}"
    draw = chance.random()
    if draw < 0.5:
        return usual.lower()
    return usual.replace("resourceGroups/rg", "resourcegroups/RG") if draw < 0.75 else usual


def next_link(number: int, arm: str = ARM) -> str:
    path = QUERY_COSTS.path.format(subscription_id=SUBSCRIPTION)
    return f"{arm}{path}?api-version={QUERY_COSTS.api_version}&$top={PAGE_ROWS}&$skiptoken={number:032}"
