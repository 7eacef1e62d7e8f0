"""Collect the inventory of one subscription from Resource Graph.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data

Resource Graph silently leaves out what the signed-in user may not read. So each query
also asks for the subscription's own record: without it, an empty inventory proves nothing.
"""

from collections.abc import Iterator, Mapping

from collectors.base import Collector, Items, Row, StepContext
from collectors.payloads import compact, region, text
from collectors.scrubbing import scrub, scrubbed_page
from shared.arm.catalogue import INVENTORY
from shared.arm.request import ArmPage, ArmRequest, Json
from shared.core.errors import PermissionMissing, UnexpectedPayload
from shared.core.inventory_properties import PROPERTIES

PAGE_SIZE = 1000
SMALL_PAGE_SIZE = 100
SUBSCRIPTION_TYPE = "microsoft.resources/subscriptions"

COLUMNS = (
    "sub_account_id",
    "resource_id",
    "resource_name",
    "resource_type",
    "resource_group",
    "region_id",
    "kind",
    "sku_json",
    "tags_json",
    "properties_json",
)


def _packed(properties: Mapping[str, str]) -> str:
    return ", ".join(f"'{name}', {expression}" for name, expression in properties.items())


def _query(selected: str) -> str:
    """Return a query sorted by id, which is unique, so that pages neither overlap nor leave gaps."""
    return (
        "resourcecontainers\n"
        f"| where type =~ '{SUBSCRIPTION_TYPE}'\n"
        "| project id, name, type\n"
        "| union (resources\n"
        f"| project id, name, type = tolower(type), kind, location, resourceGroup, sku, tags{selected})\n"
        "| order by id asc"
    )


def _selected_by_type() -> str:
    branches = "".join(f"    type =~ '{kind}', bag_pack({_packed(leaves)}),\n" for kind, leaves in PROPERTIES.items())
    return f", selected = case(\n{branches}    dynamic(null))"


QUERY = _query(_selected_by_type())
SIMPLIFIED_QUERY = _query("")


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return one query, scoped to the subscription: without a scope, delegated subscriptions would be read."""
    return (
        ArmRequest(
            INVENTORY.endpoint,
            context.subscription_id,
            body={
                "subscriptions": [context.subscription_id],
                "query": SIMPLIFIED_QUERY if context.simplified else QUERY,
                "options": {
                    "resultFormat": "objectArray",
                    "$top": SMALL_PAGE_SIZE if context.simplified else PAGE_SIZE,
                },
            },
        ),
    )


def rows(context: StepContext, payload: Json, is_first_page: bool) -> Iterator[Row]:
    """Yield one row per resource; the subscription's own record proves access and is not a row.

    Raises PermissionMissing if that record is not on the first page, UnexpectedPayload for an
    unknown format, truncated data or a resource of another subscription.
    """
    records = _records(payload)
    if is_first_page and not any(_is_subscription(record) for record in records):
        raise PermissionMissing(
            INVENTORY.endpoint.role, f"/subscriptions/{context.subscription_id}", "NoSubscriptionRead"
        )
    for record in records:
        if not _is_subscription(record):
            yield _row(context, record)


def _is_subscription(record: Mapping[str, Json]) -> bool:
    return str(record.get("type")).lower() == SUBSCRIPTION_TYPE


def _records(payload: Json) -> list[dict[str, Json]]:
    """Return the page's objects, in either of Resource Graph's two formats."""
    if not isinstance(payload, dict):
        raise UnexpectedPayload("Resource Graph's response is not an object")
    if str(payload.get("resultTruncated")).lower() == "true" and not payload.get("$skipToken"):
        raise UnexpectedPayload("Resource Graph truncated its response and gave no token for the rest")
    if payload.get("facets"):
        raise UnexpectedPayload("Resource Graph's response holds facets that were not requested")
    records = _objects(payload.get("data"))
    if payload.get("count") != len(records):
        raise UnexpectedPayload("Resource Graph's response holds another number of records than its count")
    return records


def _objects(data: Json) -> list[dict[str, Json]]:
    records = _table(data) if isinstance(data, dict) else data
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnexpectedPayload("Resource Graph's data is neither a list of objects nor a table")
    return records


def _table(data: dict[str, Json]) -> list[dict[str, Json]]:
    try:
        names = [column["name"] for column in data["columns"]]
        return [dict(zip(names, row, strict=True)) for row in data["rows"]]
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedPayload("Resource Graph's table is malformed") from error


def _row(context: StepContext, record: Mapping[str, Json]) -> Row:
    resource_id, name, kind_of_resource = (record.get(member) for member in ("id", "name", "type"))
    if not (isinstance(resource_id, str) and isinstance(name, str) and isinstance(kind_of_resource, str)):
        raise UnexpectedPayload("a resource has no id, name or type")
    if not resource_id.lower().startswith(f"/subscriptions/{context.subscription_id.lower()}/"):
        raise UnexpectedPayload("Resource Graph returned a resource of another subscription")
    kind = kind_of_resource.lower()
    group = text(record.get("resourceGroup"), 90)
    return (
        context.subscription_id,
        resource_id.lower(),
        name,
        kind,
        group.lower() if group else None,
        region(record.get("location")),
        text(record.get("kind"), 200),
        _stored(record.get("sku")),
        _stored(record.get("tags")),
        _stored(_selected(kind, record.get("selected"))),
    )


def _selected(kind: str, properties: Json) -> Json:
    """Return only the properties listed for the type that have a value, whatever the response holds."""
    if not isinstance(properties, dict):
        return None
    return {name: properties[name] for name in PROPERTIES.get(kind, ()) if properties.get(name) not in (None, "")}


def _stored(value: Json) -> str | None:
    return compact(scrub(value)) if value else None


def storable(page: ArmPage) -> ArmPage:
    """Return the page with tags, SKUs and properties scrubbed."""
    return scrubbed_page(page, scrub)


def _items(payload: Json) -> list[Json]:
    data = payload.get("data") if isinstance(payload, dict) else None
    found = data.get("rows") if isinstance(data, dict) else data
    if not isinstance(found, list):
        raise UnexpectedPayload("Resource Graph's data is neither a list of objects nor a table")
    return found


def _alone(payload: Json, items: list[Json]) -> Json:
    """Return the page with these items; a count that was wrong stays wrong by as many."""
    data, count = payload["data"], payload.get("count")
    left_out = len(_items(payload)) - len(items)
    shown = {**data, "rows": items} if isinstance(data, dict) else items
    return {**payload, "data": shown, "count": count - left_out if isinstance(count, int) else count}


def _counted(payload: Json) -> int | None:
    """Return how many resources Azure counts in all pages; the subscription's own record is not one."""
    total = payload.get("totalRecords") if isinstance(payload, dict) else None
    return total - 1 if type(total) is int else None


COLLECTOR = Collector(
    kind=INVENTORY,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
    simplified_notices=("Azure accepted only the simpler query: resources here are listed without their properties.",),
    storable=storable,
    items=Items(_items, _alone),
    counted=_counted,
)
