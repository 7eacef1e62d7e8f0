"""The kinds of mail and their delivery states."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """Why a mail is sent. Each is sent once per scan; DELETION_DONE once per deletion to each user concerned."""

    REPORT_READY = "report_ready"
    NOTHING_READ = "nothing_read"
    SIGN_IN_NEEDED = "sign_in_needed"
    NEW_SCAN = "new_scan"
    REVIEW_DUE = "review_due"
    REVIEW_PUBLISHED = "review_published"
    DELETION_DUE = "deletion_due"
    DELETION_DONE = "deletion_done"


class MailState(StrEnum):
    """The state of a mail. The last three are final.

    WAITING: its event has not happened yet. SENDING: the call has started. UNCERTAIN: it is
    unknown whether Graph accepted the mail; it is not resent, because sendMail could send it twice.
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
    """A mail of the outbox. `attempt` counts the calls started; `code` is why the last one failed.

    `scan_id` identifies the subject: a scan, or the receipt of a deletion.
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
    """Return a new mail for the outbox."""
    return Mail(str(uuid.uuid4()), tenant_id, scan_id, mail.kind, mail.recipient, state, None, 0, None, now)
