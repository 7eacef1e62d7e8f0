"""Looking for resources in a scan's inventory."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from shared.sql.collected.inventory import PAGE_ROWS, InventoryRow, InventorySearch
from shared.wiring import Services
from web.desk.access import desk_scan, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.layout import desk_page
from web.http.messages import Request, Response

FIELDS = {"q": "text", "type": "resource_type", "subscription": "sub_account_id", "region": "region_id"}
"""Of an address: what it is in a search."""


def desk_inventory(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/inventory."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    pages, key = services.inventory_pages, (scan.tenant_id, scan.scan_id)
    search, page = search_of(request.query), page_of(request.query)
    found, count = pages.find(*key, search, page)
    return desk_page(
        "desk/inventory.html",
        services,
        who,
        scan,
        "/inventory",
        search=search,
        found=found,
        facts=facts,
        count=count,
        page=page,
        pages=-(-count // PAGE_ROWS),
        link=address(request.query, f"/desk/scans/{scan.scan_id}/inventory"),
        types=pages.choices(*key, "resource_type"),
        regions=pages.choices(*key, "region_id"),
        subscriptions=subscription_names(services, scan),
    )


def search_of(query: Mapping[str, str]) -> InventorySearch:
    """The search of an address."""
    return InventorySearch(**{meant: query[name].strip() for name, meant in FIELDS.items() if name in query})


def address(query: Mapping[str, str], base: str) -> str:
    """The address of this search, ready for a page's number."""
    kept = {name: query[name] for name in FIELDS if name in query}
    return f"{base}?{urlencode({**kept, 'page': ''})}"


def facts(resource: InventoryRow) -> list[tuple[str, str]]:
    """What the scan knows of a resource besides its name and place."""
    found = {"SKU": resource.sku_json, "Tags": resource.tags_json, "Properties": resource.properties_json}
    read = [(title, json.loads(text)) for title, text in found.items() if text]
    return [(title, _words(value)) for title, value in read if value]


def sku_of(resource: InventoryRow) -> str:
    """Its SKU in words; empty where Azure gave none."""
    return _words(json.loads(resource.sku_json)) if resource.sku_json else ""


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(member)}" for name, member in value.items())
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
