"""Collect Azure's reservation recommendations for one subscription.

https://learn.microsoft.com/rest/api/consumption/reservation-recommendations/list

Savings are per look-back window, not per month or year. One and three years, Single and
Shared are alternatives for one saving: nothing is summed here.
"""

from collections.abc import Iterator, Mapping

from collectors.base import Collector, Row, StepContext
from collectors.payloads import currency, days, items, lenient_amount, member, region, text
from shared.arm.catalogue import RESERVATIONS
from shared.arm.request import ArmRequest, Json
from shared.core.errors import UnexpectedPayload

RESOURCE_TYPES = (
    "VirtualMachines",
    "SQLDatabases",
    "PostgreSQL",
    "ManagedDisk",
    "MySQL",
    "RedHat",
    "RedisCache",
    "CosmosDB",
    "SqlDataWarehouse",
    "SUSELinux",
    "AppService",
    "BlockBlob",
    "AzureDataExplorer",
    "VMwareCloudSimple",
    "MariaDB",
)
"""Retired services come last: Azure may refuse them one day, and the report then lists them as not read.

https://learn.microsoft.com/azure/mariadb/migrate/whats-happening-to-mariadb
"""
SCOPES = ("Single", "Shared")
LOOK_BACK = "Last30Days"
LOOK_BACK_WORDS = "last 30 days"

COLUMNS = (
    "sub_account_id",
    "kind",
    "benefit_scope",
    "resource_type",
    "sku_name",
    "region_id",
    "term",
    "look_back_days",
    "recommended_quantity",
    "cost_without_benefit",
    "cost_with_benefit",
    "net_savings",
    "currency",
)


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return one request per resource type and scope: the API takes one of each."""
    return tuple(_request(context, kind, scope) for kind in RESOURCE_TYPES for scope in SCOPES)


def _request(context: StepContext, kind: str, scope: str) -> ArmRequest:
    wanted = (
        f"properties/scope eq '{scope}' and properties/resourceType eq '{kind}' "
        f"and properties/lookBackPeriod eq '{LOOK_BACK}'"
    )
    title = f"{kind}, {scope.lower()} scope, {LOOK_BACK_WORDS}"
    return ArmRequest(RESERVATIONS.endpoint, context.subscription_id, {"$filter": wanted}, title=title)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterator[Row]:
    """Yield one row per recommendation of either kind; None (204) gives no rows.

    "legacy" amounts are numbers without a currency, "modern" ones are {currency, value};
    unreadable amounts are None.
    """
    for item in items(payload, "reservation recommendations"):
        kind, properties = item.get("kind"), member(item, "properties")
        if kind not in ("legacy", "modern") or not properties:
            raise UnexpectedPayload("a reservation recommendation is of an unknown kind")
        yield _row(context, kind, item, properties)


def _row(context: StepContext, kind: str, item: Mapping[str, Json], properties: Mapping[str, Json]) -> Row:
    savings = properties.get("netSavings")
    return (
        context.subscription_id,
        kind,
        text(properties.get("scope"), 40),
        text(properties.get("resourceType"), 80),
        text(item.get("sku") or properties.get("skuName"), 120),
        region(item.get("location") or properties.get("location")),
        text(properties.get("term"), 10),
        days(properties.get("lookBackPeriod")),
        lenient_amount(properties.get("recommendedQuantity")),
        lenient_amount(properties.get("costWithNoReservedInstances")),
        lenient_amount(properties.get("totalCostWithReservedInstances")),
        lenient_amount(savings),
        currency(savings.get("currency")) if isinstance(savings, dict) else None,
    )


COLLECTOR = Collector(
    kind=RESERVATIONS,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
)
