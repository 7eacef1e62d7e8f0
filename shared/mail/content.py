"""The text of each mail. No mail contains costs, resources or customer names: those stay behind the sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from shared.core.deletions import DeletionReason, DeletionScope, Receipt
from shared.core.formats import day, moment, month
from shared.core.mail import MailKind
from shared.core.models import Scan, ScanStatus
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    MAIL_CONFIRMATION_HOURS,
    RETENTION_MONTHS,
    REVIEW_WINDOW_HOURS,
    deletion_due_on,
)
from shared.core.review_window import review_window

DELETED_DATA = {
    DeletionScope.FINDINGS: "the findings of your Azure cost reviews and your decisions about them",
    DeletionScope.SCAN: "one scan of your Azure costs and everything calculated from it",
    DeletionScope.USER: "all data that we stored about you: your scans, findings and consent",
    DeletionScope.CUSTOMER: "all data that we stored about your organisation: scans, findings and consents",
}
COUNTED_SCAN = "most recent scan that read data"
REASONS = {
    DeletionReason.RETENTION: f"{RETENTION_MONTHS} months have passed since your organisation's {COUNTED_SCAN}.",
    DeletionReason.CUSTOMER: "You requested this on our site.",
    DeletionReason.OPERATOR: "The deletion was requested by email.",
}

GREETING = "Hello,"
SIGNATURE = "Caleta Cost Review"
STYLE = "font:16px/1.5 sans-serif;max-width:36em"


@dataclass(frozen=True)
class MailContent:
    """The subject, the paragraphs and the one link of a mail."""

    subject: str
    paragraphs: tuple[str, ...]
    link_text: str
    link: str

    @property
    def html(self) -> str:
        """Return the HTML body. All text is escaped, and nothing external is loaded, so that opens are not tracked."""
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in (GREETING, *self.paragraphs))
        link = f'<p><a href="{escape(self.link)}">{escape(self.link_text)}</a><br>{escape(self.link)}</p>'
        head = f'<meta charset="utf-8"><title>{escape(self.subject)}</title>'
        body = f"{paragraphs}{link}<p>{SIGNATURE}</p>"
        return f'<!doctype html><html lang="en-GB"><head>{head}</head><body style="{STYLE}">{body}</body></html>'


def scan_mail(kind: MailKind, scan: Scan, base_url: str) -> MailContent:
    """Return the mail of this kind about the scan."""
    return SCAN_MAILS[kind](scan, base_url)


def _report_ready(scan: Scan, base_url: str) -> MailContent:
    missing = f" {scan.status_reason}" if scan.status_reason else ""
    return MailContent(
        "Your Azure cost report is ready",
        (
            f"We have read your Azure costs from {_period(scan)}, and your report is ready.{missing}",
            "Our reviewers check it next. We will email you again when they publish their findings.",
            f"We keep your data for {RETENTION_MONTHS} months after your organisation's {COUNTED_SCAN}.",
            "You can delete it at any time.",
        ),
        "Open the report",
        f"{base_url}/scans/{scan.scan_id}",
    )


def _nothing_read(scan: Scan, base_url: str) -> MailContent:
    return MailContent(
        "We could not read your Azure costs",
        (
            f"We tried to read your Azure costs from {_period(scan)}. {scan.status_reason or 'No data could be read.'}",
            "The scan page shows what went wrong for each subscription and which roles to grant.",
        ),
        "Open the scan",
        f"{base_url}/scans/{scan.scan_id}",
    )


def _sign_in_needed(scan: Scan, base_url: str) -> MailContent:
    reason = (scan.status_reason if scan.status is ScanStatus.BLOCKED else None) or ""
    return MailContent(
        "Sign in again to continue your Azure cost review",
        (
            f"Microsoft no longer lets us read your Azure subscriptions. {reason}".strip(),
            "We have deleted the token that we stored.",
            "To continue, sign in again and start a new scan. Otherwise, you do not need to do anything.",
        ),
        "Sign in",
        f"{base_url}/",
    )


def _new_scan(scan: Scan, base_url: str) -> MailContent:
    return MailContent(
        "A scan is ready for review",
        (
            f"Scan {scan.scan_id} of tenant {scan.tenant_id} has finished. Its review is due by {_due_by(scan)}.",
            scan.status_reason or "All data was read.",
        ),
        "Open the review desk",
        f"{base_url}/desk/scans/{scan.scan_id}",
    )


def _deletion_due(scan: Scan, base_url: str) -> MailContent:
    due = deletion_due_on(scan.requested_at.date())
    return MailContent(
        f"We will delete your Azure cost review data on {day(due)}",
        (
            f"On {day(due)} we delete all data that we store about your organisation.",
            f"That is {RETENTION_MONTHS} months after its {COUNTED_SCAN}. A new scan extends the date.",
            "You do not need to do anything. To keep a copy, download your data before that date.",
        ),
        "Open your data",
        f"{base_url}/data",
    )


def _review_due(scan: Scan, base_url: str) -> MailContent:
    return MailContent(
        f"A review is due by {_due_by(scan)}",
        (
            f"The review of scan {scan.scan_id} of tenant {scan.tenant_id} is not published yet.",
            f"Its {REVIEW_WINDOW_HOURS}-hour review window ends on {_due_by(scan)}.",
            "After that, no more data can be read for it.",
        ),
        "Open the scan at the review desk",
        f"{base_url}/desk/scans/{scan.scan_id}",
    )


def _due_by(scan: Scan) -> str:
    """Return the end of the scan's review window."""
    return moment(review_window(scan, None, scan.requested_at).closes_at or scan.requested_at)


def _review_published(scan: Scan, base_url: str) -> MailContent:
    return MailContent(
        "Your Azure cost review findings are ready",
        (
            f"Our reviewers have checked your Azure costs from {_period(scan)} and published their findings.",
            "Each finding shows the savings, the evidence and what to do.",
            "You can accept it, dismiss it or mark it as done.",
        ),
        "Read the findings",
        f"{base_url}/scans/{scan.scan_id}/savings",
    )


def _period(scan: Scan) -> str:
    return f"{month(scan.period_start)} to {month(scan.period.months[-1])}"


SCAN_MAILS: dict[MailKind, Callable[[Scan, str], MailContent]] = {
    MailKind.REPORT_READY: _report_ready,
    MailKind.NOTHING_READ: _nothing_read,
    MailKind.SIGN_IN_NEEDED: _sign_in_needed,
    MailKind.NEW_SCAN: _new_scan,
    MailKind.REVIEW_DUE: _review_due,
    MailKind.REVIEW_PUBLISHED: _review_published,
    MailKind.DELETION_DUE: _deletion_due,
}


def address_mail(base_url: str, code: str) -> MailContent:
    """Return the mail that asks whether an address is right; `code` belongs to its link."""
    return MailContent(
        "Confirm your email address for Caleta Cost Review",
        (
            "A user of Caleta Cost Review asked us to send notifications to this address.",
            f"To confirm it, open the link within {MAIL_CONFIRMATION_HOURS} hours and sign in as that user.",
            "If it was not you, do nothing: we will not send notifications to this address.",
        ),
        "Confirm this address",
        f"{base_url}/mail-address/{code}",
    )


def deletion_mail(deletion: Receipt, base_url: str) -> MailContent:
    """Return the mail that confirms a finished deletion."""
    backups_until = deletion.worked_at + timedelta(days=BACKUP_RETENTION_DAYS)
    return MailContent(
        "Your data has been deleted",
        (
            f"On {day(deletion.worked_at)} we deleted {DELETED_DATA[deletion.scope]}. {REASONS[deletion.reason]}",
            f"Backups that still contain the data expire on {day(backups_until)}.",
            f"We keep the activity log (who did what and when) for {AUDIT_MONTHS} months.",
            f"Your receipt number is {deletion.receipt_id}. Keep this email: we send it only once.",
        ),
        "Open the receipt",
        f"{base_url}/data/receipts/{deletion.receipt_id}",
    )
