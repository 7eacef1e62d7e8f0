"""What the mails say. None holds a cost, a resource or a name of the customer's: those stay behind the sign-in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.core.mail import MailKind
from shared.core.models import Scan, ScanStatus
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    RETENTION_MONTHS,
    REVIEW_WINDOW_HOURS,
    deletion_due_on,
)
from shared.core.review_window import review_window

WHAT = {
    DeletionScope.FINDINGS: "the findings of your Azure cost reviews, and what was decided about them",
    DeletionScope.SCAN: "one scan of your Azure costs, and all that came of it",
    DeletionScope.USER: "everything that we held about you: your scans, the findings, your consent",
    DeletionScope.CUSTOMER: "everything that we held of your organisation: scans, findings, consents",
}
WHY = {
    DeletionReason.RETENTION: f"{RETENTION_MONTHS} months have passed since the most recent scan.",
    DeletionReason.CUSTOMER: "You asked for it on our site.",
    DeletionReason.OPERATOR: "It was asked for by mail.",
}

GREETING = "Hello,"
SIGNATURE = "Caleta Cost Review"
STYLE = "font:16px/1.5 sans-serif;max-width:36em"


@dataclass(frozen=True)
class Letter:
    """A mail's words: paragraphs, and one address to go to."""

    subject: str
    paragraphs: tuple[str, ...]
    link_text: str
    link: str

    @property
    def html(self) -> str:
        """The body. Everything is escaped; nothing is loaded from anywhere, so that opening it tells nobody."""
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in (GREETING, *self.paragraphs))
        link = f'<p><a href="{escape(self.link)}">{escape(self.link_text)}</a><br>{escape(self.link)}</p>'
        head = f'<meta charset="utf-8"><title>{escape(self.subject)}</title>'
        body = f"{paragraphs}{link}<p>{SIGNATURE}</p>"
        return f'<!doctype html><html lang="en-GB"><head>{head}</head><body style="{STYLE}">{body}</body></html>'


def letter(kind: MailKind, scan: Scan, base_url: str) -> Letter:
    """The words of this mail about this scan."""
    return LETTERS[kind](scan, base_url)


def _report_ready(scan: Scan, base_url: str) -> Letter:
    missing = f" {scan.status_reason}" if scan.status_reason else ""
    return Letter(
        "Your Azure cost review is ready to look at",
        (
            f"We have read your Azure costs {_period(scan)}, and the report is ready.{missing}",
            "Our reviewers look at it next. When they publish what they have found, we write to you again.",
            f"We keep what we read for {RETENTION_MONTHS} months after your latest scan.",
            "You can have it deleted at any time.",
        ),
        "Open the report",
        f"{base_url}/scans/{scan.scan_id}/report",
    )


def _nothing_read(scan: Scan, base_url: str) -> Letter:
    return Letter(
        "Your Azure cost review could not be made",
        (
            f"We tried to read your Azure costs {_period(scan)}. {scan.status_reason or 'Nothing could be read.'}",
            "The page of this scan says, subscription by subscription, what was in the way and what to grant.",
        ),
        "See what was in the way",
        f"{base_url}/scans/{scan.scan_id}",
    )


def _sign_in_needed(scan: Scan, base_url: str) -> Letter:
    reason = (scan.status_reason if scan.status is ScanStatus.BLOCKED else None) or ""
    return Letter(
        "Please sign in again for your Azure cost review",
        (
            f"Microsoft no longer lets us read your Azure for you. {reason}".strip(),
            "We have deleted the access that we had stored.",
            "If you want the review, sign in again and start a new scan; if you do not, there is nothing to do.",
        ),
        "Sign in",
        f"{base_url}/",
    )


def _new_scan(scan: Scan, base_url: str) -> Letter:
    return Letter(
        "A scan is ready for review",
        (
            f"Scan {scan.scan_id} of tenant {scan.tenant_id} has been read; its review is due by {_due_by(scan)}.",
            scan.status_reason or "Everything that was asked for was read.",
        ),
        "Open the review desk",
        f"{base_url}/desk/scans/{scan.scan_id}",
    )


def _deletion_due(scan: Scan, base_url: str) -> Letter:
    due = deletion_due_on(scan.requested_at.date())
    return Letter(
        "Your Azure cost review is about to be deleted",
        (
            f"On {due.day} {due:%B %Y} we delete what we hold of your organisation.",
            f"{RETENTION_MONTHS} months will have passed since its most recent scan.",
            "There is nothing to do. To keep a copy, download it before that day; a new scan moves the day.",
        ),
        "Your data",
        f"{base_url}/data",
    )


def _review_due(scan: Scan, base_url: str) -> Letter:
    return Letter(
        f"A review is due by {_due_by(scan)}",
        (
            f"The review of scan {scan.scan_id} of tenant {scan.tenant_id} is not published yet.",
            f"Its {REVIEW_WINDOW_HOURS} hours are over at {_due_by(scan)}; after that nothing more can be read for it.",
        ),
        "Open the scan at the desk",
        f"{base_url}/desk/scans/{scan.scan_id}",
    )


def _due_by(scan: Scan) -> str:
    """The end of the review window of a scan that has one."""
    closes_at = review_window(scan, None, scan.requested_at).closes_at or scan.requested_at
    return f"{closes_at:%H:%M} UTC on {closes_at.day} {closes_at:%B}"


def _review_published(scan: Scan, base_url: str) -> Letter:
    return Letter(
        "The findings of your Azure cost review",
        (
            f"Our reviewers have looked at your Azure costs {_period(scan)} and published what they found.",
            "For each you see what it saves, what we saw and what to do; accept it, dismiss it or mark it done.",
        ),
        "Read the findings",
        f"{base_url}/scans/{scan.scan_id}/findings",
    )


def _period(scan: Scan) -> str:
    return f"from {scan.period_start:%B %Y} to the end of {scan.period.months[-1]:%B %Y}"


LETTERS: dict[MailKind, Callable[[Scan, str], Letter]] = {
    MailKind.REPORT_READY: _report_ready,
    MailKind.NOTHING_READ: _nothing_read,
    MailKind.SIGN_IN_NEEDED: _sign_in_needed,
    MailKind.NEW_SCAN: _new_scan,
    MailKind.REVIEW_DUE: _review_due,
    MailKind.REVIEW_PUBLISHED: _review_published,
    MailKind.DELETION_DUE: _deletion_due,
}


def deletion_done(deletion: Deletion, base_url: str) -> Letter:
    """The words for this deletion, which is done."""
    done, gone = deletion.worked_at, deletion.worked_at + timedelta(days=BACKUP_RETENTION_DAYS)
    return Letter(
        "Your data at Caleta Cost Review is deleted",
        (
            f"On {done.day} {done:%B %Y} we deleted {WHAT[deletion.scope]}. {WHY[deletion.reason]}",
            f"Backups that still hold it are gone after {gone.day} {gone:%B %Y}.",
            f"The activity log, which says who did what and when, is kept for {AUDIT_MONTHS} months.",
            f"The number of your receipt is {deletion.receipt_id}. Keep this mail: it is sent only once.",
        ),
        "Open the receipt",
        f"{base_url}/data/receipts/{deletion.receipt_id}",
    )
