"""What a scan read: inventory, Azure's recommendations, and what is missing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.azure_names import type_name
from shared.core.coverage import coverage
from shared.core.models import Scan
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.messages import Request, Response
from web.rendering.bar_lists import region_name
from web.rendering.recommendations import extended_properties
from web.rendering.report_sections import advice, coverage_by_kind, kinds_read
from web.rendering.steps import all_lines


@dataclass(frozen=True)
class Inventory:
    """The number of resources, by type and by location."""

    resources: int
    by_type: list[tuple[str, int]]
    by_location: list[tuple[str, int]]


def scan_inventory(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/inventory."""
    session, scan = finished_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    return scan_page(
        "customer/inventory.html",
        session,
        scan,
        "/inventory",
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
        inventory=inventory(services, scan),
    )


def scan_recommendations(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/recommendations."""
    session, scan = finished_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    return scan_page(
        "customer/recommendations.html",
        session,
        scan,
        "/recommendations",
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
        subscriptions=read.subscription_names,
        extended=extended_properties,
        advice=advice(services, scan),
    )


def scan_coverage(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/coverage."""
    session, scan = finished_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    return scan_page(
        "customer/coverage.html",
        session,
        scan,
        "/coverage",
        coverage=read,
        coverage_by_kind=coverage_by_kind(read),
        lines=all_lines(read.subscriptions, scan.finished_at or scan.requested_at),
    )


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
