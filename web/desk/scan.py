"""The overview of a scan: its costs, its coverage and Azure's recommendations."""

from shared.arm.catalogue import COLLECTED
from shared.core.coverage import coverage
from shared.wiring import Services
from web.desk.access import desk_scan, require_operator
from web.desk.layout import desk_page
from web.desk.reviews import colleagues
from web.desk.stored_pages import odd_pages
from web.http.messages import Request, Response
from web.rendering.commitment_section import commitment_section
from web.rendering.cost_gaps import cost_gaps
from web.rendering.recommendations import extended_properties
from web.rendering.report_sections import advice, coverage_by_kind, kinds_read, sections
from web.rendering.steps import all_lines


def desk_scan_page(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}."""
    who = require_operator(request, services)
    reviewers = colleagues(services.known_operators, services.clock.now())
    scan = desk_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    subscriptions = read.subscription_names
    return desk_page(
        "desk/scan.html",
        services,
        who,
        scan,
        "",
        coverage=read,
        coverage_by_kind=coverage_by_kind(read),
        cost_gaps=cost_gaps(read),
        odd_pages=list(odd_pages(read)),
        lines=all_lines(read.subscriptions, services.clock.now()),
        sections=sections(services, scan, subscriptions),
        collected=COLLECTED,
        rows=services.recommendations.row_counts(scan.key),
        reviewers=reviewers,
    )


def desk_recommendations(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/recommendations."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    return desk_page(
        "desk/recommendations.html",
        services,
        who,
        scan,
        "/recommendations",
        advice=advice(services, scan),
        commitments=commitment_section(services, scan.key, read),
        extended=extended_properties,
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
        subscriptions=read.subscription_names,
    )
