"""Audit events: who did what, when, to which customer, why, and with which outcome.

An event is written in the transaction of the action (`shared.sql.ledgers.audit.record`). For an
action outside the database it is written before the action, with a second event for the outcome.
So an action that cannot be recorded does not happen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.redaction import redact

Detail = str | int | bool | None | Sequence[str]
"""The type of a detail: identifiers, counts, words, the text of a query. Never a secret or a customer's figures."""

MAX_DETAILS_CHARACTERS = 16_000


class ActorKind(StrEnum):
    """Who acts: the customer's user, our operator, or the app itself."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    SYSTEM = "system"


class Action(StrEnum):
    """Every audited action. A new one needs a text in `web/privacy/activity_text.py`."""

    CONSENT_GIVEN = "consent_given"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    CONSENT_LOST = "consent_lost"
    DISCONNECTED = "disconnected"
    MAIL_ADDRESS_ENTERED = "mail_address_entered"
    MAIL_ADDRESS_CONFIRMED = "mail_address_confirmed"
    SCAN_STARTED = "scan_started"
    SCAN_ENDED = "scan_ended"
    DATA_DOWNLOADED = "data_downloaded"
    REPORT_EXPORTED = "report_exported"
    API_TOKEN_CREATED = "api_token_created"  # noqa: S105  a name
    API_TOKEN_REVOKED = "api_token_revoked"  # noqa: S105  a name
    EXPORT_REQUESTED = "export_requested"
    DELETION_REQUESTED = "deletion_requested"
    DELETION_FINISHED = "deletion_finished"
    DELETION_TOLD = "deletion_told"
    RETENTION_NOTICE = "retention_notice"
    OPERATOR_SIGNED_IN = "operator_signed_in"
    OPERATOR_SIGNED_OUT = "operator_signed_out"
    OPERATOR_REFUSED = "operator_refused"
    REVIEW_CLAIMED = "review_claimed"
    REVIEW_HANDED_OVER = "review_handed_over"
    DEAD_LETTER_REPLAYED = "dead_letter_replayed"
    REPULL = "repull"
    QUERY = "query"
    METRICS_FETCHED = "metrics_fetched"
    FINDING_CREATED = "finding_created"
    FINDING_EDITED = "finding_edited"
    FINDING_DELETED = "finding_deleted"
    FINDINGS_PUBLISHED = "findings_published"
    FINDING_ACCEPTED = "finding_accepted"
    FINDING_DISMISSED = "finding_dismissed"
    FINDING_DONE = "finding_done"
    FINDING_REOPENED = "finding_reopened"
    FINDING_PLANNED = "finding_planned"
    AUDIT_EXTRACTED = "audit_extracted"
    DATA_EXTRACTED = "data_extracted"
    CUSTOMER_SIGNED_OUT = "customer_signed_out"


class Outcome(StrEnum):
    """The outcome; REQUESTED if a later event records it."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Actor:
    """Who acted. `object_id` and `name` come from Entra; the app itself has neither."""

    kind: ActorKind
    object_id: str | None = None
    name: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM)


def customer(user_object_id: str, username: str | None = None) -> Actor:
    """A customer's signed-in user."""
    return Actor(ActorKind.CUSTOMER, user_object_id, username)


def operator(object_id: str, name: str) -> Actor:
    """Our operator, signed in to our own tenant."""
    return Actor(ActorKind.OPERATOR, object_id, name)


@dataclass(frozen=True)
class Subject:
    """The object of the action: a `scan`, a `finding`, a `deletion` …, by its id."""

    kind: str
    subject_id: str


@dataclass(frozen=True)
class AuditEvent:
    """One entry.

    `tenant_id` is None if no customer is known, as for a refused sign-in.
    `user_object_id` is the data subject, None for the whole customer. Users can read events
    about themselves and about the whole customer.
    """

    occurred_at: datetime
    tenant_id: str | None
    actor: Actor
    action: Action
    outcome: Outcome = Outcome.DONE
    user_object_id: str | None = None
    subject: Subject | None = None
    reason: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    def details_json(self) -> str | None:
        """Return the details as JSON without anything that looks like a secret. Raises ValueError if too long."""
        if not self.details:
            return None
        text = json.dumps({name: _clean(value) for name, value in self.details.items()}, ensure_ascii=False)
        if len(text) > MAX_DETAILS_CHARACTERS:
            raise ValueError(f"the details of {self.action} have {len(text)} characters")
        return text


def _clean(value: Detail) -> str | int | bool | list[str] | None:
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, int):
        return value
    return [redact(part) for part in value]
