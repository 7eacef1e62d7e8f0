"""Choosing resources of the scan whose metrics are to be fetched: on demand, and within the review window alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from shared.arm.metric_catalogue import METRICS
from shared.core.audit import Action
from shared.core.errors import BadRequest
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.sql.collected.inventory import InventoryRow, InventorySearch
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.inventory import sku_of
from web.desk.job_requests import Wish, ask, check_readable
from web.desk.layout import desk_page, refusal_now
from web.http.messages import Request, Response

CHOICES_SHOWN = 40
"""Each is a field of the form, which may have 50."""

MOST_IN_A_CALL = 50
PICK = "resource_"
DAYS = ("7", "30", "90")
"""Azure keeps metrics for 93 days."""


def desk_metrics(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/metrics: which resources there are to choose from."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    inventory, key = services.inventory_pages, (scan.tenant_id, scan.scan_id)
    types = [(name, count) for name, count in inventory.choices(*key, "resource_type") if name in METRICS]
    chosen_type = request.query.get("type") or next((name for name, _ in types), "")
    page, text = page_of(request.query), request.query.get("q", "").strip()
    search = InventorySearch(text=text, resource_type=chosen_type)
    found, count = inventory.find(*key, search, page, CHOICES_SHOWN) if chosen_type in METRICS else ([], 0)
    return desk_page(
        "desk/metrics.html",
        services,
        who,
        scan,
        "/metrics",
        refusal=refusal_now(scan, services.reviews.get(*key), services),
        types=types,
        chosen_type=chosen_type,
        text=text,
        metrics=METRICS.get(chosen_type, ()),
        found=found,
        sku_of=sku_of,
        count=count,
        page=page,
        pages=-(-count // CHOICES_SHOWN),
        link=f"/desk/scans/{scan.scan_id}/metrics?{urlencode({'type': chosen_type, 'q': text, 'page': ''})}",
        pick=PICK,
        days=DAYS,
        subscriptions=subscription_names(services, scan),
    )


def desk_metrics_fetch(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/metrics. Refused, in words, outside the window and for strangers' resources."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    check_readable(services, scan)
    resources = _resources(request, services, scan)
    days = request.form.get("days", DAYS[1])
    if days not in DAYS:
        raise BadRequest("There is no such time span", "Choose one of the list.")
    until = services.clock.now().replace(minute=0, second=0, microsecond=0)
    calls = calls_for(resources)
    parameters = {
        "calls": calls,
        "from": (until - timedelta(days=int(days))).isoformat(),
        "until": until.isoformat(),
    }
    names = ", ".join(resource.resource_name for resource in resources)
    details = {"resources": "\n".join(resource.resource_id for resource in resources), "days": days}
    wish = Wish(JobKind.METRICS, Action.METRICS_FETCHED, f"Metrics of {names}", parameters, len(calls), details)
    return ask(services, scan, who, wish, reason_of(request))


def calls_for(resources: Sequence[InventoryRow]) -> list[dict[str, Any]]:
    """As few calls as Azure allows: each is of one type and one region of one subscription."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for resource in resources:
        key = (resource.sub_account_id, resource.region_id or "", resource.resource_type)
        together.setdefault(key, []).append(resource.resource_id)
    return [
        {"subscription": subscription, "region": region, "type": kind, "resources": ids[first : first + MOST_IN_A_CALL]}
        for (subscription, region, kind), ids in together.items()
        for first in range(0, len(ids), MOST_IN_A_CALL)
    ]


def _resources(request: Request, services: Services, scan: Scan) -> list[InventoryRow]:
    """The chosen ones; raises BadRequest for none, and for any that is not in this scan or has no metrics."""
    chosen = [value.lower() for name, value in request.form.items() if name.startswith(PICK)]
    if not chosen:
        raise BadRequest("No resource was chosen", "Go back and tick at least one.")
    found = services.inventory_pages.named(scan.tenant_id, scan.scan_id, chosen)
    if {resource.resource_id for resource in found} != set(chosen):
        raise BadRequest("A resource is not in this scan", "Metrics are fetched of resources that the scan has found.")
    if not all(resource.resource_type in METRICS and resource.region_id for resource in found):
        raise BadRequest("A resource has no metrics here", "Choose from the list of types.")
    return found
