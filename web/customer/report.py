"""The report of one scan: coverage, costs, recommendations and inventory."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.core.azure_names import type_name
from shared.core.coverage import coverage
from shared.core.formats import subscription
from shared.core.models import Scan
from shared.core.price_basis import at_public_prices, is_open
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import require_session
from web.http.messages import Request, Response
from web.rendering.bar_lists import region_name
from web.rendering.cost_gaps import cost_gaps
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render
from web.rendering.recommendations import (
    extended_properties,
)
from web.rendering.report_sections import advice, coverage_by_kind, kinds_read, sections


@dataclass(frozen=True)
class Inventory:
    """The number of resources, by type and by location."""

    resources: int
    by_type: list[tuple[str, int]]
    by_location: list[tuple[str, int]]


def scan_report(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/report."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    subscriptions = read.subscription_names
    return render(
        "customer/report.html",
        session=session,
        scan=scan,
        status_labels=STATUS_LABELS,
        coverage=read,
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
        cost_gaps=cost_gaps(read),
        subscriptions=subscriptions,
        sections=sections(services, scan, subscriptions),
        extended=extended_properties,
        partner_subscriptions=partner_subscriptions(services, scan, subscriptions),
        is_open=is_open(scan.period.months[-1], scan.requested_at.date()),
        advice=advice(services, scan),
        inventory=inventory(services, scan),
    )


def partner_subscriptions(services: Services, scan: Scan, subscriptions: Mapping[str, str]) -> list[str]:
    """Return the names of the subscriptions whose costs are at public prices because a partner invoices them."""
    found = at_public_prices(services.subscriptions.quota_ids(scan.key))
    return sorted(subscription(each, subscriptions) for each in found)


def inventory(services: Services, scan: Scan) -> Inventory:
    """Return the inventory counts of the scan."""
    counts = services.recommendations.inventory_counts(scan.key)
    return Inventory(
        resources=sum(count.resources for count in counts),
        by_type=largest_first((type_name(count.resource_type), count.resources) for count in counts),
        by_location=largest_first((region_name(count.region_id)[0], count.resources) for count in counts),
    )


def largest_first(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Add the counts by name and return them largest first."""
    added: Counter[str] = Counter()
    for name, count in counts:
        added[name] += count
    return sorted(added.items(), key=lambda item: (-item[1], item[0]))
