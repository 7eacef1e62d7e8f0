"""The customer's own activity log: a page, CSV and JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from shared.core.audit import Action, ActorKind
from shared.core.errors import BadRequest
from shared.core.limits import DOWNLOADS
from shared.core.periods import AUDIT_MONTHS
from shared.sql.ledgers.audit import AuditEntry, AuditFilter
from shared.wiring import Services
from web.http.access import check_not_cross_site, require_session
from web.http.forms import MAX_RECORD_ID, whole_number
from web.http.messages import Request, Response
from web.privacy.activity_text import ACTION_LABELS, ACTOR_LABELS, line_of
from web.rendering.csv_export import CSV_TYPE, csv_text
from web.rendering.pages import render

PAGE_ENTRIES = 50
EXPORT_ENTRIES = 20_000
"""Entries in one file, about ten megabytes. `before` requests earlier ones."""

Member = TypeVar("Member", Action, ActorKind)
FILTER_NAMES = ("action", "actor", "from", "to")

COLUMNS = (
    "event_id",
    "occurred_at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "subject_kind",
    "subject_id",
    "reason",
    "outcome",
    "details",
)


def audit_page(request: Request, services: Services) -> Response:
    """GET /audit: entries about this user and about the whole organisation, newest first."""
    session = require_session(request, services)
    wanted = filter_of(request.query)
    log = services.audit_log
    entries = log.of_user(session.tenant_id, session.user_object_id, wanted, PAGE_ENTRIES + 1)
    shown = entries[:PAGE_ENTRIES]
    filters = {name: request.query[name] for name in FILTER_NAMES if name in request.query}
    return render(
        "privacy/activity.html",
        session=session,
        lines=[line_of(entry, session) for entry in shown],
        filters=filters,
        is_first_page=wanted.before is None,
        filter_query=urlencode(filters),
        older=urlencode({**filters, "before": shown[-1].event_id}) if len(entries) > PAGE_ENTRIES else None,
        actions=ACTION_LABELS,
        actors=ACTOR_LABELS,
        audit_months=AUDIT_MONTHS,
        export_entries=EXPORT_ENTRIES,
    )


def audit_csv(request: Request, services: Services) -> Response:
    """GET /audit.csv: the same entries as CSV."""
    entries, _ = exported(request, services)
    return csv_file(entries, services)


def audit_json(request: Request, services: Services) -> Response:
    """GET /audit.json: the same entries; `before` is null, or the value that requests the next file."""
    return json_file(*exported(request, services), services)


def csv_file(entries: Sequence[AuditEntry], services: Services) -> Response:
    """Return the entries as a CSV file."""
    rows = ([*record_of(entry).values()] for entry in entries)
    return file_of(csv_text(COLUMNS, rows), CSV_TYPE, "csv", services)


def json_file(entries: Sequence[AuditEntry], before: int | None, services: Services) -> Response:
    """Return the entries as a JSON file; `before` requests the next one."""
    document = {
        "entries": [{**record_of(entry), "details": entry.details} for entry in entries],
        "before": before,
    }
    return file_of(json.dumps(document, ensure_ascii=False, indent=1), "application/json", "json", services)


def exported(request: Request, services: Services) -> tuple[list[AuditEntry], int | None]:
    """Return the entries of one file, and the id of the last one if there are more."""
    session = require_session(request, services)
    check_not_cross_site(request)
    wanted = filter_of(request.query)
    services.rate_limits.take(DOWNLOADS, session.user_object_id)
    log = services.audit_log
    entries = log.of_user(session.tenant_id, session.user_object_id, wanted, EXPORT_ENTRIES + 1)
    shown = entries[:EXPORT_ENTRIES]
    return shown, shown[-1].event_id if len(entries) > EXPORT_ENTRIES else None


def record_of(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as a dict with the keys of COLUMNS."""
    return {
        "event_id": entry.event_id,
        "occurred_at": entry.occurred_at.isoformat(),
        "actor_kind": entry.actor.kind.value,
        "actor_id": entry.actor.object_id,
        "actor_name": entry.actor.name,
        "action": entry.action.value,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "reason": entry.reason,
        "outcome": entry.outcome.value,
        "details": json.dumps(entry.details, ensure_ascii=False) if entry.details else None,
    }


def file_of(text: str, content_type: str, ending: str, services: Services) -> Response:
    """Return a file download."""
    name = f"caleta-activity-{services.clock.now():%Y-%m-%d}.{ending}"
    return Response(
        body=text.encode(),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def filter_of(query: Mapping[str, str]) -> AuditFilter:
    """Parse the filter; raises BadRequest. `from` and `to` are days in UTC, both inclusive."""
    last = day_of(query.get("to"))
    return AuditFilter(
        action=member_of(Action, query.get("action")),
        actor=member_of(ActorKind, query.get("actor")),
        since=day_of(query.get("from")),
        until=last + timedelta(days=1) if last else None,
        before=number_of(query.get("before")),
    )


def bad_filter() -> BadRequest:
    """Return the error for a filter that the page's form cannot send."""
    return BadRequest("The filter is not valid", "Open the page “Activity log” and set the filter again.")


def member_of(kind: type[Member], text: str | None) -> Member | None:
    """Return the enum member of this value, or None; raises BadRequest."""
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        raise bad_filter() from None


def day_of(text: str | None) -> datetime | None:
    """Return the start of a day in UTC, or None; raises BadRequest."""
    if text is None:
        return None
    try:
        found = datetime.combine(date.fromisoformat(text), time.min, UTC)
    except ValueError:
        raise bad_filter() from None
    if not 2000 <= found.year <= 2100:
        raise bad_filter()
    return found


def number_of(text: str | None) -> int | None:
    """Return the event id before which to continue, or None; raises BadRequest."""
    if text is None:
        return None
    number = whole_number(text, MAX_RECORD_ID)
    if number is None:
        raise bad_filter()
    return number
