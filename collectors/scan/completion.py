"""The notice of a step that has ended, for the customer."""

from collectors.base import Collector
from collectors.scan.outcomes import End
from shared.core.models import StepStatus
from shared.core.partly_read import PARTLY_READ, sentence


def completion_notice(
    collector: Collector, rows: int, requests: int, unread_json: str | None, *, simplified: int
) -> tuple[str | None, str | None]:
    """Return code and sentences about a step read to its end, what is missing first; (None, None) if all is well."""
    notices = []
    if unread_json:
        notices.append((PARTLY_READ, sentence(unread_json, requests)))
    if collector.empty_notice and not rows:
        notices.append(("NoRows", collector.empty_notice))
    elif simplified:
        notices.append(("Simplified", collector.simplified_notices[simplified - 1]))
    return (notices[0][0], " ".join(text for _, text in notices)) if notices else (None, None)


def reason_with_row_count(end: End, rows: int) -> str | None:
    """Return the reason; for a step that broke off, with its stored rows, which totals count."""
    if end.status is StepStatus.SUCCEEDED or not rows:
        return end.reason
    return f"{end.reason} Rows read before that are counted: {rows:,}."
