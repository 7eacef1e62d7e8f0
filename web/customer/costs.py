"""The costs of a scan."""

from collections.abc import Mapping

from shared.core.coverage import coverage
from shared.core.formats import subscription
from shared.core.models import Scan
from shared.core.price_basis import at_public_prices, is_open
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.messages import Request, Response
from web.rendering.cost_gaps import cost_gaps
from web.rendering.report_sections import coverage_by_kind, kinds_read, sections


def scan_costs(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/costs."""
    session, scan = finished_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    subscriptions = read.subscription_names
    return scan_page(
        "customer/costs.html",
        session,
        scan,
        "/costs",
        cost_gaps=cost_gaps(read),
        kinds_read=kinds_read(read),
        coverage_by_kind=coverage_by_kind(read),
        sections=sections(services, scan, subscriptions),
        partner_subscriptions=partner_subscriptions(services, scan, subscriptions),
        is_open=is_open(scan.period.months[-1], scan.requested_at.date()),
    )


def partner_subscriptions(services: Services, scan: Scan, subscriptions: Mapping[str, str]) -> list[str]:
    """Return the names of the subscriptions whose costs are at public prices because a partner invoices them."""
    found = at_public_prices(services.subscriptions.quota_ids(scan.key))
    return sorted(subscription(each, subscriptions) for each in found)
