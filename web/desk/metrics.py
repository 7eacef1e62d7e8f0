"""Requests the metrics of selected resources: only on demand, and only in the review window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from shared.arm.metric_catalogue import METRICS
from shared.core.audit import Action
from shared.core.errors import BadRequest
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.sql.collected.inventory import InventoryPages, InventoryRow, InventorySearch
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.inventory import sku_of
from web.desk.job_requests import JobRequest, check_readable, request_job
from web.desk.layout import desk_page, read_refusal
from web.http.forms import whole_number
from web.http.messages import Request, Response

RESOURCES_PER_PAGE = 40
"""Each resource is a field of the form, and a form can have 50 fields."""

RESOURCES_PER_CALL = 50
PICK = "resource_"
DAYS = ("7", "30", "90")
MOST_DAYS = 90
"""The periods to choose from. Azure keeps metrics for 93 days."""


@dataclass(frozen=True)
class MetricsCommand:
    """The resources and the period to fetch metrics for, as parsed from the form."""

    resources: Sequence[InventoryRow]
    days: int
    reason: str


def desk_metrics(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/metrics: the resources to choose from."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    inventory, key = services.inventory_pages, scan.key
    types = [(name, count) for name, count in inventory.choices(key, "resource_type") if name in METRICS]
    chosen_type = request.query.get("type") or next((name for name, _ in types), "")
    page, text = page_of(request.query), request.query.get("q", "").strip()
    search = InventorySearch(text=text, resource_type=chosen_type)
    found, count = inventory.find(key, search, page, RESOURCES_PER_PAGE) if chosen_type in METRICS else ([], 0)
    return desk_page(
        "desk/metrics.html",
        services,
        who,
        scan,
        "/metrics",
        refusal=read_refusal(services, scan),
        types=types,
        chosen_type=chosen_type,
        text=text,
        metrics=METRICS.get(chosen_type, ()),
        found=found,
        sku_of=sku_of,
        count=count,
        page=page,
        pages=-(-count // RESOURCES_PER_PAGE),
        link=f"/desk/scans/{scan.scan_id}/metrics?{urlencode({'type': chosen_type, 'q': text, 'page': ''})}",
        pick=PICK,
        days=DAYS,
        subscriptions=subscription_names(services.steps, scan),
    )


def desk_metrics_fetch(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/metrics. Refused outside the review window and for resources outside the scan."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    check_readable(services, scan)
    command = _command(request.form, scan, services.inventory_pages)
    return request_job(services, scan, who, _job_request(command, services.clock.now()), command.reason)


def calls_for(resources: Sequence[InventoryRow]) -> list[dict[str, Any]]:
    """Return the fewest calls Azure allows: each covers one resource type, region and subscription."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for resource in resources:
        key = (resource.sub_account_id, resource.region_id or "", resource.resource_type)
        groups.setdefault(key, []).append(resource.resource_id)
    return [
        {
            "subscription": subscription,
            "region": region,
            "type": kind,
            "resources": ids[first : first + RESOURCES_PER_CALL],
        }
        for (subscription, region, kind), ids in groups.items()
        for first in range(0, len(ids), RESOURCES_PER_CALL)
    ]


def _command(form: Mapping[str, str], scan: Scan, inventory: InventoryPages) -> MetricsCommand:
    """Parse the form; raise BadRequest."""
    resources = _resources(form, scan, inventory)
    days = whole_number(form.get("days", DAYS[1]), MOST_DAYS)
    if str(days) not in DAYS or days is None:
        raise BadRequest("Unknown period", "Choose a period from the list.")
    return MetricsCommand(resources, days, reason_of(form))


def _job_request(command: MetricsCommand, now: datetime) -> JobRequest:
    until = now.replace(minute=0, second=0, microsecond=0)
    calls = calls_for(command.resources)
    parameters = {
        "calls": calls,
        "from": (until - timedelta(days=command.days)).isoformat(),
        "until": until.isoformat(),
    }
    title = f"Metrics of {', '.join(resource.resource_name for resource in command.resources)}"
    ids = "\n".join(resource.resource_id for resource in command.resources)
    details = {"resources": ids, "days": str(command.days)}
    return JobRequest(JobKind.METRICS, Action.METRICS_FETCHED, title, parameters, len(calls), details)


def _resources(form: Mapping[str, str], scan: Scan, inventory: InventoryPages) -> list[InventoryRow]:
    """Return the selected resources; raise BadRequest if there are none, or one is unknown or has no metrics."""
    chosen = [value.lower() for name, value in form.items() if name.startswith(PICK)]
    if not chosen:
        raise BadRequest("No resource is selected", "Go back and select at least one resource.")
    found = inventory.named(scan.key, chosen)
    if {resource.resource_id for resource in found} != set(chosen):
        raise BadRequest("A resource is not in this scan", "Go back and select resources from the list.")
    if not all(resource.resource_type in METRICS and resource.region_id for resource in found):
        raise BadRequest("A resource has no supported metrics", "Go back and select resources from the list.")
    return found
