"""The inventory search of a scan."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from shared.sql.collected.inventory import PAGE_ROWS, InventoryRow, InventorySearch
from shared.wiring import Services
from web.desk.access import desk_scan, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.layout import desk_page
from web.http.messages import Request, Response
from web.rendering.azure_values import in_words

FIELDS = {"q": "text", "type": "resource_type", "subscription": "sub_account_id", "region": "region_id"}
"""Query string parameter, and field of the search."""


def desk_inventory(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/inventory."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    pages, key = services.inventory_pages, scan.key
    search, page = search_of(request.query), page_of(request.query)
    found, count = pages.find(key, search, page)
    return desk_page(
        "desk/inventory.html",
        services,
        who,
        scan,
        "/inventory",
        search=search,
        found=found,
        details=details,
        count=count,
        page=page,
        pages=-(-count // PAGE_ROWS),
        link=page_link(request.query, f"/desk/scans/{scan.scan_id}/inventory"),
        types=pages.choices(key, "resource_type"),
        regions=pages.choices(key, "region_id"),
        subscriptions=subscription_names(services.steps, scan),
    )


def search_of(query: Mapping[str, str]) -> InventorySearch:
    """Parse the query string."""
    return InventorySearch(**{field: query[name].strip() for name, field in FIELDS.items() if name in query})


def page_link(query: Mapping[str, str], base: str) -> str:
    """Return the address of this search, without the page number at the end."""
    kept = {name: query[name] for name in FIELDS if name in query}
    return f"{base}?{urlencode({**kept, 'page': ''})}"


def details(resource: InventoryRow) -> list[tuple[str, str]]:
    """Return the SKU, tags and properties of a resource as labels and values."""
    tags = _read(resource.tags_json)
    named = {
        "SKU": sku_of(resource),
        "Tags": ", ".join(f"{name}: {value}" for name, value in tags.items()),
        "Properties": in_words(_read(resource.properties_json)),
    }
    return [(title, text) for title, text in named.items() if text]


def sku_of(resource: InventoryRow) -> str:
    """Return the SKU as text; empty if Azure gives none."""
    return in_words(_read(resource.sku_json))


def _read(stored: str | None) -> dict[str, Any]:
    return json.loads(stored) if stored else {}
