"""Show and delete the data stored about the signed-in user."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.arm.quota_state import QUOTAS_KEPT_MINUTES
from shared.core.deletions import Deletion, DeletionScope, Receipt
from shared.core.errors import BadRequest, NotFound
from shared.core.models import Scan, ScanKey, Session
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS, EXPORT_HOURS, RETENTION_MONTHS
from shared.core.stores import KEPT_AFTER_DELETION
from shared.deletion.service import delete_findings, delete_scan, delete_user
from shared.exports.exports import WHOLE_DATA
from shared.identity.sessions import SESSION_HOURS
from shared.sql.deletion.holdings import ScanHolding
from shared.sql.scans.scans import Scans
from shared.wiring import Services
from web.http.access import SESSION_COOKIE, check_same_origin, require_session, signed_out
from web.http.audit import customer_actor
from web.http.messages import Request, Response, redirect
from web.privacy.data_text import by_kind
from web.privacy.download import DIRECT_BYTES
from web.rendering.labels import SCAN_ID, STATUS_LABELS
from web.rendering.pages import render

RECEIPT_ID = SCAN_ID


class DeletionTarget(StrEnum):
    """What a form can ask to delete."""

    EVERYTHING = "everything"
    SCAN = "scan"
    FINDINGS = "findings"


@dataclass(frozen=True)
class RequestedDeletion:
    """What the user asks to delete. `scan` is None for everything."""

    target: DeletionTarget
    scan: Scan | None


@dataclass(frozen=True)
class ScanLine:
    """One scan on the page."""

    scan: Scan
    records: int
    has_findings: bool


def data_page(request: Request, services: Services) -> Response:
    """GET /data: stored data, deletion dates, download and deletion."""
    session = require_session(request, services)
    tenant_id, user_object_id = session.tenant_id, session.user_object_id
    holdings = services.holdings.of_user(tenant_id, user_object_id)
    connection = services.connections.get(tenant_id, user_object_id)
    return render(
        "privacy/data.html",
        session=session,
        connection=connection,
        kinds=by_kind(totals(holdings, has_consent=connection is not None)),
        scans=[line_of(holding) for holding in holdings],
        response_bytes=sum(holding.answer_bytes for holding in holdings),
        status_labels=STATUS_LABELS,
        due=services.retention_due.of(tenant_id),
        activity=services.audit_log.count_of_user(tenant_id, user_object_id),
        is_large=len(services.holdings.slices(tenant_id, user_object_id, DIRECT_BYTES)) > 1,
        export=services.exports.latest(tenant_id, user_object_id, WHOLE_DATA),
        export_hours=EXPORT_HOURS,
        retention_months=RETENTION_MONTHS,
        audit_months=AUDIT_MONTHS,
        session_hours=SESSION_HOURS,
        quota_minutes=QUOTAS_KEPT_MINUTES,
        backup_days=BACKUP_RETENTION_DAYS,
    )


def totals(holdings: list[ScanHolding], *, has_consent: bool) -> Counter[str]:
    """Return the number of records by table."""
    found: Counter[str] = Counter({"connections": 1} if has_consent else {})
    for holding in holdings:
        found.update(holding.rows)
    return found


def line_of(holding: ScanHolding) -> ScanLine:
    """Return the line of one scan."""
    has_findings = any(count for table, count in holding.rows.items() if table.startswith("finding"))
    return ScanLine(holding.scan, sum(holding.rows.values()), has_findings)


def data_delete_confirm(request: Request, services: Services) -> Response:
    """GET /data/delete: show what will be deleted and ask to confirm."""
    session = require_session(request, services)
    wanted = deletion_request(request.query, services.scans, session)
    return render(
        "privacy/data_delete.html",
        session=session,
        target=wanted.target,
        scan=wanted.scan,
        kept=KEPT_AFTER_DELETION,
    )


def data_delete(request: Request, services: Services) -> Response:
    """POST /data/delete: delete and redirect to the receipt. Deleting everything signs the user out everywhere."""
    check_same_origin(request, services)
    session = require_session(request, services)
    wanted = deletion_request(request.form, services.scans, session)
    deletion = delete(wanted, services, session)
    receipt = redirect(f"/data/receipts/{deletion.receipt_id}")
    if wanted.target is DeletionTarget.EVERYTHING:
        return signed_out(receipt, SESSION_COOKIE, services)
    return receipt


def delete(wanted: RequestedDeletion, services: Services, session: Session) -> Deletion:
    """Start the requested deletion and return its current state."""
    actor = customer_actor(session)
    if wanted.scan is None:
        return delete_user(services, session, actor)
    if wanted.target is DeletionTarget.FINDINGS:
        return delete_findings(services, session, actor, wanted.scan.scan_id)
    return delete_scan(services, session, actor, wanted.scan.scan_id)


def deletion_request(fields: Mapping[str, str], scans: Scans, session: Session) -> RequestedDeletion:
    """Parse the form or query; raises BadRequest, or NotFound for a scan that is not the user's own."""
    try:
        target = DeletionTarget(fields.get("what", ""))
    except ValueError:
        raise BadRequest("The deletion request is not valid", "Open “Your data” and choose what to delete.") from None
    if target is DeletionTarget.EVERYTHING:
        return RequestedDeletion(target, None)
    scan_id = fields.get("scan", "")
    scan = scans.get(ScanKey(session.tenant_id, scan_id)) if SCAN_ID.fullmatch(scan_id) else None
    if scan is None or scan.user_object_id != session.user_object_id:
        raise NotFound("Scan not found", "Your own scans are listed under “Your scans”.")
    return RequestedDeletion(target, scan)


def data_receipt(request: Request, services: Services) -> Response:
    """GET /data/receipts/{receipt_id}: no sign-in needed, as the user is signed out after the deletion."""
    receipt_id = request.route.get("receipt_id", "")
    deletion = services.receipts.get(receipt_id) if RECEIPT_ID.fullmatch(receipt_id) else None
    if deletion is None:
        raise NotFound("Receipt not found", "Check the receipt number, or email us.")
    return render(
        "privacy/data_receipt.html",
        deletion=deletion,
        kinds=by_kind(deletion.counts),
        is_everything=deletion.scope in (DeletionScope.USER, DeletionScope.CUSTOMER),
        backups_until=backups_until(deletion),
        backup_days=BACKUP_RETENTION_DAYS,
        kept=KEPT_AFTER_DELETION,
    )


def backups_until(deletion: Receipt) -> date | None:
    """Return the last day on which a backup can contain the data; None until the deletion is done."""
    if not deletion.is_done:
        return None
    return (deletion.worked_at + timedelta(days=BACKUP_RETENTION_DAYS)).date()
