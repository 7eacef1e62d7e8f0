"""Downloads of one scan: the report as an Excel workbook; its findings and its coverage as CSV."""

from collections.abc import Sequence

from shared.core.audit import Action, Subject
from shared.core.coverage import Coverage, coverage
from shared.core.errors import Conflict, NotFound
from shared.core.limits import DOWNLOADS
from shared.core.models import Scan, Session, Step
from shared.sql.collected.cost_totals import TOP_RESOURCES
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import check_not_cross_site, require_session
from web.http.audit import record_action
from web.http.messages import Request, Response
from web.rendering.csv_export import CSV_TYPE, csv_text
from web.rendering.findings import PublishedFindings, review
from web.rendering.report_sections import DIMENSIONS
from web.rendering.report_tables import (
    cost_tables,
    coverage_table,
    finding_table,
    resource_table,
    savings_table,
    summary_table,
)
from web.rendering.workbook import XLSX_TYPE, Table, workbook


def report_workbook(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/report.xlsx: summary, savings, costs by month, top resources and coverage."""
    session, scan, steps = _finished_scan(request, services)
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    published, read = _published(services, scan, steps), coverage(steps, scan.left_out_json)
    _record(services, session, scan, "report.xlsx")
    body = workbook(_tables(services, scan, read, published), "Azure cost review", scan.requested_at)
    return _file(body, XLSX_TYPE, scan, "report.xlsx")


def findings_csv(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/findings.csv: a row for each resource of each published finding."""
    session, scan, steps = _finished_scan(request, services)
    published = _published(services, scan, steps)
    if published is None:
        raise NotFound("The findings are not published yet", "We will email you when they are. Then try again.")
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    _record(services, session, scan, "findings.csv")
    table = savings_table(published, coverage(steps).subscription_names)
    return _csv_file(table, scan, "findings.csv")


def coverage_csv(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/coverage.csv: what was read of each subscription, and why the rest was not."""
    session, scan, steps = _finished_scan(request, services)
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    _record(services, session, scan, "coverage.csv")
    return _csv_file(coverage_table(coverage(steps, scan.left_out_json), scan), scan, "coverage.csv")


def _csv_file(table: Table, scan: Scan, name: str) -> Response:
    text = csv_text([column.title for column in table.columns], table.rows)
    return _file(f"\ufeff{text}".encode(), CSV_TYPE, scan, name)


def _finished_scan(request: Request, services: Services) -> tuple[Session, Scan, list[Step]]:
    """Return the session, its own scan and the scan's steps; raises Conflict while the scan is running."""
    session = require_session(request, services)
    check_not_cross_site(request)
    scan = own_scan(request, services, session)
    if not scan.status.is_final:
        raise Conflict("This scan is still running", "Wait until all data has been read, then download again.")
    return session, scan, services.steps.list(scan.key)


def _published(services: Services, scan: Scan, steps: Sequence[Step]) -> PublishedFindings | None:
    """Return the published review, if there is one."""
    is_published = services.reviews.get(scan.key).published_at is not None
    return review(services.database, scan, steps) if is_published else None


def _tables(services: Services, scan: Scan, read: Coverage, published: PublishedFindings | None) -> list[Table]:
    subscriptions, costs = read.subscription_names, services.cost_totals
    totals = costs.by_dimension(scan.key, DIMENSIONS)
    savings = [finding_table(published), savings_table(published, subscriptions)] if published else []
    return [
        summary_table(scan, read, totals["service"], published),
        *savings,
        *cost_tables(totals, subscriptions),
        resource_table(costs.by_resource(scan.key).top(TOP_RESOURCES), subscriptions),
        coverage_table(read, scan),
    ]


def _record(services: Services, session: Session, scan: Scan, name: str) -> None:
    record_action(
        services, session, Action.REPORT_EXPORTED, subject=Subject("scan", scan.scan_id), details={"file": name}
    )


def _file(body: bytes, content_type: str, scan: Scan, name: str) -> Response:
    """Return the download; its name has the date of the scan, so that two scans do not overwrite each other."""
    headers = {"Content-Disposition": f'attachment; filename="azure-cost-review-{scan.requested_at:%Y-%m-%d}-{name}"'}
    return Response(body=body, content_type=content_type, headers=headers)
