"""Pages of the cost query, as bytes, made one by one."""

import json
import random
from collections.abc import Iterator

from collectors.costs import GROUPINGS
from shared.arm.endpoints import QUERY_COSTS
from tests.support.arm_replay import ARM, PERIOD, SUBSCRIPTION

PAGE_ROWS = 5_000
METERS = (
    ("Virtual Machines", "Dv3/DSv3 Series", "D2 v3/D2s v3"),
    ("Virtual Machines", "Ev5 Series", "E8 v5"),
    ("Storage", "Premium SSD Managed Disks", "P10 LRS Disk"),
    ("Storage", "Tiered Block Blob", "Hot LRS Data Stored"),
    ("Bandwidth", "Rtn Preference: MGN", "Standard Data Transfer Out"),
    ("Log Analytics", "", "Pay-as-you-go Data Ingestion"),
)
NAMES = ("totalCost", "totalQuantity", "BillingMonth", *GROUPINGS, "Currency")
NUMBERS = ("totalCost", "totalQuantity")


def cost_pages(rows: int) -> Iterator[bytes]:
    """So many rows in full pages, each with the link to the next."""
    count = rows // PAGE_ROWS
    for number in range(count):
        yield _page(number, is_last=number == count - 1)


def _page(number: int, *, is_last: bool) -> bytes:
    chance = random.Random(number)  # noqa: S311  the same bytes at every run
    columns = [{"name": name, "type": "Number" if name in NUMBERS else "String"} for name in NAMES]
    rows = [_row(chance, number * PAGE_ROWS + place) for place in range(PAGE_ROWS)]
    properties = {"nextLink": None if is_last else next_link(number + 1), "columns": columns, "rows": rows}
    return json.dumps({"id": f"{number}", "type": "Microsoft.CostManagement/query", "properties": properties}).encode()


def _row(chance: random.Random, place: int) -> list[object]:
    resource, month = divmod(place, 12)
    service, subcategory, meter = METERS[resource % len(METERS)]
    group = f"rg-{resource % 60:03}-production"
    provider = "providers/microsoft.compute/virtualmachines"
    resource_id = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{group}/{provider}/vm-{resource:06}"
    return [
        chance.lognormvariate(1, 3) * (-1 if chance.random() < 0.01 else 1),
        chance.lognormvariate(3, 2),
        f"{PERIOD.months[month]}T00:00:00",
        "" if chance.random() < 0.01 else resource_id,
        service,
        subcategory,
        meter,
        "UK South",
        "Usage",
        "OnDemand",
        "Azure",
        "UsageBased",
        "GBP",
    ]


def next_link(number: int) -> str:
    path = QUERY_COSTS.path.format(subscription_id=SUBSCRIPTION)
    return f"{ARM}{path}?api-version={QUERY_COSTS.api_version}&$top={PAGE_ROWS}&$skiptoken={number:032}"
