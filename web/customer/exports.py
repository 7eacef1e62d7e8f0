"""Downloads of one scan: the report as an Excel workbook; its costs, findings and coverage as CSV."""

import io

from shared.core.audit import Action, Subject
from shared.core.coverage import coverage
from shared.core.errors import NotFound
from shared.core.limits import DOWNLOADS
from shared.core.models import Scan, Session, Step
from shared.wiring import Services
from web.customer.scan_pages import finished_scan
from web.http.access import check_not_cross_site
from web.http.audit import record_action
from web.http.messages import Request, Response, redirect
from web.rendering.csv_export import BYTE_ORDER_MARK, CSV_TYPE, csv_text
from web.rendering.report_tables import coverage_table, savings_table
from web.rendering.scan_files import DIRECT_ROWS, ScanFile, download_name, published_findings, write_scan_file
from web.rendering.workbook import Table


def report_workbook(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/report.xlsx: the report's figures, cost rows, resources, commitments, coverage."""
    return _scan_file(request, services, ScanFile.WORKBOOK)


def costs_csv(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/costs.csv: every cost row by the names of the report."""
    return _scan_file(request, services, ScanFile.COSTS)


def focus_costs_csv(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/costs-focus.csv: every cost row by the names of FOCUS."""
    return _scan_file(request, services, ScanFile.FOCUS_COSTS)


def _scan_file(request: Request, services: Services, file: ScanFile) -> Response:
    """Return a small file at once; a large one is built in the background, where the page of downloads says."""
    session, scan, steps = _finished_scan(request, services)
    if file.rows(steps) > DIRECT_ROWS:
        return redirect(f"/scans/{scan.scan_id}/downloads")
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    _record(services, session, scan, file)
    body = io.BytesIO()
    write_scan_file(services, scan, steps, file, body)
    return _file(body.getvalue(), file.content_type, scan, file)


def findings_csv(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/export/findings.csv: a row for each resource of each published finding."""
    session, scan, steps = _finished_scan(request, services)
    published = published_findings(services, scan)
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
    return _file(f"{BYTE_ORDER_MARK}{text}".encode(), CSV_TYPE, scan, name)


def _finished_scan(request: Request, services: Services) -> tuple[Session, Scan, list[Step]]:
    """Return the session, its own scan and the scan's steps; raises Conflict while the scan is running."""
    check_not_cross_site(request)
    session, scan = finished_scan(request, services)
    return session, scan, services.steps.list(scan.key)


def _record(services: Services, session: Session, scan: Scan, name: str) -> None:
    record_action(
        services, session, Action.REPORT_EXPORTED, subject=Subject("scan", scan.scan_id), details={"file": name}
    )


def _file(body: bytes, content_type: str, scan: Scan, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{download_name(scan.requested_at, name)}"'}
    return Response(body=body, content_type=content_type, headers=headers)
