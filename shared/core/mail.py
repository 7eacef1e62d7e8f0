"""What mails there are, and where each stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """Why a mail is sent. Each goes once for a scan."""

    REPORT_READY = "report_ready"
    NOTHING_READ = "nothing_read"
    SIGN_IN_NEEDED = "sign_in_needed"
    NEW_SCAN = "new_scan"
    REVIEW_PUBLISHED = "review_published"
    DELETION_DUE = "deletion_due"


class MailState(StrEnum):
    """Where a mail stands. The last three are ends.

    SENDING: the call was begun. UNCERTAIN: whether Graph took the mail is not known; it
    is not sent again, for sendMail would send it twice.
    """

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
    """A mail of the outbox. `attempt` counts the calls that were begun; `code` is why the last one failed."""

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
