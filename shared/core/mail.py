"""What mails there are, and where each stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """Why a mail is sent. Each goes once for a scan; DELETION_DONE once for a deletion to each who is concerned."""

    REPORT_READY = "report_ready"
    NOTHING_READ = "nothing_read"
    SIGN_IN_NEEDED = "sign_in_needed"
    NEW_SCAN = "new_scan"
    REVIEW_DUE = "review_due"
    REVIEW_PUBLISHED = "review_published"
    DELETION_DUE = "deletion_due"
    DELETION_DONE = "deletion_done"


class MailState(StrEnum):
    """Where a mail stands. The last three are ends.

    WAITING: what it tells of has not happened yet. SENDING: the call was begun. UNCERTAIN:
    whether Graph took the mail is not known; it is not sent again, for sendMail would send
    it twice.
    """

    WAITING = "waiting"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class NewMail:
    """A mail to be sent."""

    kind: MailKind
    recipient: str


@dataclass(frozen=True)
class Mail:
    """A mail of the outbox. `attempt` counts the calls that were begun; `code` is why the last one failed.

    `scan_id` is what it is about: a scan, or the receipt's number of a deletion.
    """

    mail_id: str
    tenant_id: str
    scan_id: str
    kind: MailKind
    recipient: str
    state: MailState
    code: str | None
    attempt: int
    not_before: datetime | None
    changed_at: datetime


def new_mail(tenant_id: str, scan_id: str, mail: NewMail, state: MailState, now: datetime) -> Mail:
    """The mail as it is first written down."""
    return Mail(str(uuid.uuid4()), tenant_id, scan_id, mail.kind, mail.recipient, state, None, 0, None, now)
