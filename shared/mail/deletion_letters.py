"""What the mail about a finished deletion says: it names nothing of what was deleted."""

from datetime import timedelta

from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS, RETENTION_MONTHS
from shared.mail.letters import Letter

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
