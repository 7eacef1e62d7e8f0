"""Labels and formatting of activity log entries for customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.audit import Action, ActorKind, Outcome
from shared.core.models import Session
from shared.sql.ledgers.audit import AuditEntry

ACTION_LABELS: Mapping[Action, str] = {
    Action.CONSENT_GIVEN: "Signed in and gave consent",
    Action.SIGNED_IN: "Signed in to read",
    Action.SIGN_IN_REFUSED: "A sign-in was refused",
    Action.SIGNED_OUT: "Signed out",
    Action.CONSENT_LOST: "Azure no longer accepted the sign-in",
    Action.DISCONNECTED: "Disconnected",
    Action.MAIL_ADDRESS_ENTERED: "Entered an email address for notifications",
    Action.MAIL_ADDRESS_CONFIRMED: "Confirmed the email address for notifications",
    Action.SCAN_STARTED: "Started a scan",
    Action.SCAN_ENDED: "A scan ended",
    Action.DATA_DOWNLOADED: "Downloaded the data",
    Action.REPORT_EXPORTED: "Downloaded the report",
    Action.API_TOKEN_CREATED: "Created an API token",
    Action.API_TOKEN_REVOKED: "Revoked an API token",
    Action.EXPORT_REQUESTED: "Asked for a file to be built",
    Action.DELETION_REQUESTED: "Requested a deletion",
    Action.DELETION_FINISHED: "A deletion finished",
    Action.DELETION_TOLD: "Notified by email that a deletion finished",
    Action.RETENTION_NOTICE: "Notified by email that the data will be deleted",
    Action.OPERATOR_SIGNED_IN: "A reviewer signed in",
    Action.OPERATOR_SIGNED_OUT: "A reviewer signed out",
    Action.OPERATOR_REFUSED: "A reviewer's sign-in was refused",
    Action.REVIEW_CLAIMED: "Claimed the review",
    Action.REVIEW_HANDED_OVER: "Handed the review over",
    Action.DEAD_LETTER_REPLAYED: "Replayed a failed message",
    Action.REPULL: "Read a step of the scan again",
    Action.QUERY: "Ran a query",
    Action.METRICS_FETCHED: "Fetched metrics",
    Action.FINDING_CREATED: "Wrote a finding",
    Action.FINDING_EDITED: "Edited a finding",
    Action.FINDING_DELETED: "Deleted a finding",
    Action.FINDINGS_PUBLISHED: "Published the findings",
    Action.FINDING_ACCEPTED: "Accepted a finding",
    Action.FINDING_DISMISSED: "Dismissed a finding",
    Action.FINDING_DONE: "Marked a finding as done",
    Action.FINDING_REOPENED: "Undid a decision about a finding",
    Action.FINDING_PLANNED: "Planned a finding: owner, due date or note",
    Action.AUDIT_EXTRACTED: "Exported this log",
    Action.DATA_EXTRACTED: "Exported the data",
    Action.CUSTOMER_SIGNED_OUT: "Signed all users out",
}

ACTOR_LABELS: Mapping[ActorKind, str] = {
    ActorKind.CUSTOMER: "You and your colleagues",
    ActorKind.OPERATOR: "Our reviewers",
    ActorKind.SYSTEM: "The system",
}

OUTCOME_LABELS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.REQUESTED: ("requested", "busy"),
    Outcome.DONE: ("done", "good"),
    Outcome.REFUSED: ("refused", "warn"),
    Outcome.FAILED: ("failed", "bad"),
}
"""The label of each outcome, with its CSS class."""


@dataclass(frozen=True)
class AuditLine:
    """An entry as the page shows it; `scan_id` is set if there is a scan to open."""

    at: datetime
    actor: str
    action: str
    outcome: str
    tone: str
    reason: str | None
    details: tuple[tuple[str, str], ...]
    scan_id: str | None


def line_of(entry: AuditEntry, session: Session) -> AuditLine:
    """Return the entry with labels in place of codes."""
    outcome, tone = OUTCOME_LABELS[entry.outcome]
    return AuditLine(
        at=entry.occurred_at,
        actor=actor_name(entry, session),
        action=ACTION_LABELS[entry.action],
        outcome=outcome,
        tone=tone,
        reason=entry.reason,
        details=tuple((name.replace("_", " "), detail(value)) for name, value in entry.details.items()),
        scan_id=entry.subject_id if entry.subject_kind == "scan" else None,
    )


def actor_name(entry: AuditEntry, session: Session) -> str:
    """Return the actor's name and role."""
    if entry.actor.kind is ActorKind.SYSTEM:
        return "System"
    name = entry.actor.name or "Unknown user"
    if entry.actor.kind is ActorKind.OPERATOR:
        return f"{name} (reviewer at Caleta)"
    return f"{name} (you)" if entry.actor.object_id == session.user_object_id else name


def detail(value: object) -> str:
    """Return a detail as text; for a long list, its length."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) if len(value) <= 5 else f"{len(value):,}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "none" if value is None else str(value)
