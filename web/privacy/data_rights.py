"""What is held about the signed-in user, and how it is deleted."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from shared.arm.quota_state import QUOTAS_KEPT_MINUTES
from shared.core.deletions import Deletion, DeletionScope
from shared.core.errors import BadRequest, NotFound
from shared.core.models import Scan, Session
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS, RETENTION_MONTHS
from shared.deletion.service import delete_findings, delete_scan, delete_user
from shared.identity.sessions import SESSION_HOURS
from shared.sql.deletion.holdings import ScanHolding
from shared.wiring import Services
from web.http.access import SESSION_COOKIE, check_same_origin, delete_cookie, require_session
from web.http.acts import actor_of
from web.http.messages import Request, Response, redirect
from web.privacy.data_text import by_kind
from web.privacy.download import holder_of, parts_of
from web.rendering.labels import SCAN_ID, STATUS_WORDS
from web.rendering.pages import render

RECEIPT_ID = SCAN_ID


class What(StrEnum):
    """What a form may ask to be deleted."""

    EVERYTHING = "everything"
    SCAN = "scan"
    FINDINGS = "findings"


@dataclass(frozen=True)
class ScanLine:
    """A scan on the page."""

    scan: Scan
    records: int
    has_findings: bool


def data_page(request: Request, services: Services) -> Response:
    """GET /data: counts, days, downloads, deletion."""
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
        answer_bytes=sum(holding.answer_bytes for holding in holdings),
        status_words=STATUS_WORDS,
        due=services.retention_due.of(tenant_id),
        activity=services.audit_log.count_of_user(tenant_id, user_object_id),
        parts=len(parts_of(services, holder_of(session))),
        retention_months=RETENTION_MONTHS,
        audit_months=AUDIT_MONTHS,
        session_hours=SESSION_HOURS,
        quota_minutes=QUOTAS_KEPT_MINUTES,
        backup_days=BACKUP_RETENTION_DAYS,
    )


def totals(holdings: list[ScanHolding], *, has_consent: bool) -> Counter[str]:
    """How many records there are, by table."""
    found: Counter[str] = Counter({"connections": 1} if has_consent else {})
    for holding in holdings:
        found.update(holding.rows)
    return found


def line_of(holding: ScanHolding) -> ScanLine:
    """One scan for the page."""
    has_findings = any(count for table, count in holding.rows.items() if table.startswith("finding"))
    return ScanLine(holding.scan, sum(holding.rows.values()), has_findings)


def data_delete_confirm(request: Request, services: Services) -> Response:
    """GET /data/delete: says what will be gone, and asks."""
    session = require_session(request, services)
    what, scan = chosen(request.query.get("what"), request.query.get("scan"), services, session)
    return render(
        "privacy/data_delete.html",
        session=session,
        what=what,
        scan=scan,
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
    )


def data_delete(request: Request, services: Services) -> Response:
    """POST /data/delete: deletes, and shows the receipt. Who deletes everything is signed out everywhere."""
    check_same_origin(request, services)
    session = require_session(request, services)
    what, scan = chosen(request.form.get("what"), request.form.get("scan"), services, session)
    deletion = delete(what, scan, services, session)
    receipt = redirect(f"/data/receipts/{deletion.receipt_id}")
    if what is What.EVERYTHING:
        return replace(receipt, cookies=(delete_cookie(SESSION_COOKIE, services),))
    return receipt


def delete(what: What, scan: Scan | None, services: Services, session: Session) -> Deletion:
    """The deletion that was asked for, as far as it has come."""
    actor = actor_of(session)
    if scan is None:
        return delete_user(services, session, actor)
    if what is What.FINDINGS:
        return delete_findings(services, session, actor, scan.scan_id)
    return delete_scan(services, session, actor, scan.scan_id)


def chosen(what: str | None, scan_id: str | None, services: Services, session: Session) -> tuple[What, Scan | None]:
    """What the form asks for, and the user's own scan that it is about; raises BadRequest or NotFound."""
    try:
        wanted = What(what or "")
    except ValueError:
        raise BadRequest("It is not clear what to delete", "Open the page “Your data” and choose there.") from None
    if wanted is What.EVERYTHING:
        return wanted, None
    scan = services.scans.get(session.tenant_id, scan_id) if scan_id and SCAN_ID.fullmatch(scan_id) else None
    if scan is None or scan.user_object_id != session.user_object_id:
        raise NotFound("There is no such scan", "Your own scans are listed under “Your scans”.")
    return wanted, scan


def data_receipt(request: Request, services: Services) -> Response:
    """GET /data/receipts/{receipt_id}: for whoever has the number, since nobody is signed in after the deletion."""
    receipt_id = request.route.get("receipt_id", "")
    deletion = services.deletions.get(receipt_id) if RECEIPT_ID.fullmatch(receipt_id) else None
    if deletion is None:
        raise NotFound("There is no such receipt", "Check the number, or write to us.")
    return render(
        "privacy/data_receipt.html",
        deletion=deletion,
        kinds=by_kind(deletion.counts),
        is_everything=deletion.scope in (DeletionScope.USER, DeletionScope.CUSTOMER),
        backups_until=backups_until(deletion),
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
    )


def backups_until(deletion: Deletion) -> date | None:
    """The last day on which a backup may hold it still; None until it is done."""
    if not deletion.is_done:
        return None
    return (deletion.worked_at + timedelta(days=BACKUP_RETENTION_DAYS)).date()
