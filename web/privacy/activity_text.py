"""The activity log in a customer's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.audit import Action, ActorKind, Outcome
from shared.core.models import Session
from shared.sql.ledgers.audit import AuditEntry

ACTION_WORDS: Mapping[Action, str] = {
    Action.CONSENT_GIVEN: "Signed in and gave consent",
    Action.SIGN_IN_REFUSED: "A sign-in was refused",
    Action.SIGNED_OUT: "Signed out",
    Action.CONSENT_LOST: "Azure no longer accepted the sign-in",
    Action.DISCONNECTED: "Disconnected",
    Action.SCAN_STARTED: "Started a scan",
    Action.SCAN_ENDED: "A scan ended",
    Action.DATA_DOWNLOADED: "Downloaded the data",
    Action.DELETION_REQUESTED: "Asked for a deletion",
    Action.DELETION_FINISHED: "A deletion was finished",
    Action.DELETION_TOLD: "Told by mail that a deletion is done",
    Action.RETENTION_NOTICE: "Told that the data is about to be deleted",
    Action.OPERATOR_SIGNED_IN: "A reviewer signed in",
    Action.OPERATOR_SIGNED_OUT: "A reviewer signed out",
    Action.OPERATOR_REFUSED: "A reviewer's sign-in was refused",
    Action.REVIEW_TAKEN: "Took the review",
    Action.REVIEW_HANDED_OVER: "Handed the review over",
    Action.DEAD_LETTER_REPLAYED: "Took up again what had failed",
    Action.REPULL: "Read a part of the scan again",
    Action.QUERY: "Ran a query",
    Action.METRICS_FETCHED: "Fetched metrics",
    Action.FINDING_CREATED: "Wrote a finding",
    Action.FINDING_EDITED: "Edited a finding",
    Action.FINDING_DELETED: "Deleted a finding",
    Action.FINDINGS_PUBLISHED: "Published the findings",
    Action.FINDING_ACCEPTED: "Accepted a finding",
    Action.FINDING_DISMISSED: "Dismissed a finding",
    Action.FINDING_DONE: "Marked a finding as done",
    Action.FINDING_REOPENED: "Took back a decision about a finding",
    Action.AUDIT_EXTRACTED: "Took an extract of this log",
    Action.DATA_EXTRACTED: "Took an extract of the data",
}

ACTOR_WORDS: Mapping[ActorKind, str] = {
    ActorKind.CUSTOMER: "You and your colleagues",
    ActorKind.OPERATOR: "Our reviewers",
    ActorKind.SYSTEM: "The program by itself",
}

OUTCOME_WORDS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.REQUESTED: ("asked for", "busy"),
    Outcome.DONE: ("done", "good"),
    Outcome.REFUSED: ("refused", "warn"),
    Outcome.FAILED: ("not reached", "bad"),
}
"""With the stylesheet's class."""


@dataclass(frozen=True)
class AuditLine:
    """An entry as the page shows it; `scan_id` where there is a scan to open."""

    at: datetime
    who: str
    what: str
    outcome: str
    tone: str
    reason: str | None
    details: tuple[tuple[str, str], ...]
    scan_id: str | None


def line_of(entry: AuditEntry, session: Session) -> AuditLine:
    """The entry in words."""
    outcome, tone = OUTCOME_WORDS[entry.outcome]
    return AuditLine(
        at=entry.occurred_at,
        who=who(entry, session),
        what=ACTION_WORDS[entry.action],
        outcome=outcome,
        tone=tone,
        reason=entry.reason,
        details=tuple((name.replace("_", " "), detail(value)) for name, value in entry.details.items()),
        scan_id=entry.subject_id if entry.subject_kind == "scan" else None,
    )


def who(entry: AuditEntry, session: Session) -> str:
    """The actor's name, or what it is."""
    if entry.actor.kind is ActorKind.SYSTEM:
        return "Caleta, the program"
    name = entry.actor.name or "somebody"
    if entry.actor.kind is ActorKind.OPERATOR:
        return f"{name}, reviewer at Caleta"
    return f"{name} (you)" if entry.actor.object_id == session.user_object_id else name


def detail(value: object) -> str:
    """A detail as text; of a long list its length."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) if len(value) <= 5 else f"{len(value):,}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "none" if value is None else str(value)
