"""The page of a scan's files, and how large ones are asked for and fetched."""

from shared.core.audit import Action, Subject
from shared.core.errors import BadRequest, NotFound
from shared.core.limits import DOWNLOADS
from shared.core.messages import ExportMessage
from shared.core.models import Session
from shared.core.periods import EXPORT_HOURS
from shared.exports.exports import WHOLE_DATA, Export
from shared.messaging.queues import EXPORTS, OutgoingMessage
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.access import check_not_cross_site, check_same_origin, require_session
from web.http.audit import record_action
from web.http.forms import whole_number
from web.http.messages import Request, Response, redirect
from web.privacy.download import file_name
from web.rendering.scan_files import DIRECT_ROWS, FILE_LABELS, ScanFile, download_name

ZIP_TYPE = "application/zip"


def downloads_page(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/downloads: every file of a scan; large ones with the state of their export."""
    session, scan = finished_scan(request, services)
    owner = (session.tenant_id, session.user_object_id)
    latest = {file: services.exports.latest(*owner, file, scan.scan_id) for file in ScanFile}
    steps = services.steps.list(scan.key)
    rows = {file: file.rows(steps) for file in ScanFile}
    return scan_page(
        "exports/downloads.html",
        session,
        scan,
        "/downloads",
        files=FILE_LABELS,
        rows=rows,
        is_large={file: count > DIRECT_ROWS for file, count in rows.items()},
        latest=latest,
        is_building=any(one is not None and not one.state.is_final for one in latest.values()),
        has_findings=services.reviews.get(scan.key).published_at is not None,
        export_hours=EXPORT_HOURS,
    )


def export_request(request: Request, services: Services) -> Response:
    """POST /scans/{scan_id}/downloads: have a file built."""
    session, scan = finished_scan(request, services)
    check_same_origin(request, services)
    if request.form.get("file", "") not in tuple(ScanFile):
        raise BadRequest("File not found", "Go back and choose a file.")
    file = ScanFile(request.form["file"])
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    record_action(
        services, session, Action.EXPORT_REQUESTED, subject=Subject("scan", scan.scan_id), details={"file": file}
    )
    _queue(services, session, file, scan.scan_id, file.rows(services.steps.list(scan.key)))
    return redirect(f"/scans/{scan.scan_id}/downloads")


def data_export_request(request: Request, services: Services) -> Response:
    """POST /data/download: have all stored data built as ZIP files."""
    session = require_session(request, services)
    check_same_origin(request, services)
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    record_action(services, session, Action.EXPORT_REQUESTED, details={"file": WHOLE_DATA})
    _queue(services, session, WHOLE_DATA)
    return redirect("/data")


def _queue(services: Services, session: Session, file: str, scan_id: str = "", rows: int = 0) -> None:
    """Queue the build. Asking again sends another message: the first may have been lost."""
    export = services.exports.request(session.tenant_id, session.user_object_id, session.username, file, scan_id, rows)
    body = ExportMessage(
        tenant_id=export.tenant_id, user_object_id=export.user_object_id, export_id=export.export_id
    ).encode()
    message_id = f"{export.export_id}:{services.clock.now():%Y%m%d%H%M}"
    services.queues.send(EXPORTS.name, [OutgoingMessage(body, message_id)])


def export_file(request: Request, services: Services) -> Response:
    """GET /exports/{export_id}: one part of a built file; `part` counts from one."""
    session = require_session(request, services)
    check_not_cross_site(request)
    export = services.exports.get(session.tenant_id, session.user_object_id, request.route.get("export_id", ""))
    number = whole_number(request.query.get("part", "1"), export.parts) if export else None
    content = services.exports.content(export, number) if export and number else None
    if export is None or number is None or content is None:
        raise NotFound("File not found", f"Files are kept for {EXPORT_HOURS} hours. Have it built again.")
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    _record_download(services, session, export, number)
    return _response(services, request, export, number, content)


def _record_download(services: Services, session: Session, export: Export, number: int) -> None:
    if export.file == WHOLE_DATA:
        record_action(services, session, Action.DATA_DOWNLOADED, details={"part": number, "parts": export.parts})
        return
    subject = Subject("scan", export.scan_id)
    record_action(services, session, Action.REPORT_EXPORTED, subject=subject, details={"file": export.file})


def _response(services: Services, request: Request, export: Export, number: int, content: bytes) -> Response:
    """Return the file. CSV is stored compressed: browsers unpack it on arrival, others get it as it is."""
    if export.file == WHOLE_DATA:
        name = file_name(services.clock.now(), number, export.parts)
        return Response(body=content, content_type=ZIP_TYPE, headers=_attachment(name))
    file = ScanFile(export.file)
    name = download_name(export.requested_at, file)
    if file is ScanFile.WORKBOOK:
        return Response(body=content, content_type=file.content_type, headers=_attachment(name))
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**_attachment(name), "Content-Encoding": "gzip"}
        return Response(body=content, content_type=file.content_type, headers=headers)
    return Response(body=content, content_type="application/gzip", headers=_attachment(f"{name}.gz"))


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
