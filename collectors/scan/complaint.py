"""What a step that has ended has to say to people."""

from collectors.base import Collector
from collectors.scan.outcomes import End
from shared.core.models import StepStatus
from shared.core.partly_read import PARTLY_READ, sentence


def complaint(
    collector: Collector, rows: int, requests: int, unread_json: str | None, *, simplified: bool
) -> tuple[str | None, str | None]:
    """Of a step read to its end: code and sentences; (None, None) when all is well. What is missing comes first."""
    told = []
    if unread_json:
        told.append((PARTLY_READ, sentence(unread_json, requests)))
    if collector.empty_notice and not rows:
        told.append(("NoRows", collector.empty_notice))
    elif collector.simplified_notice and simplified:
        told.append(("Simplified", collector.simplified_notice))
    return (told[0][0], " ".join(words for _, words in told)) if told else (None, None)


def with_what_was_read(end: End, rows: int) -> str | None:
    """The reason; of a step that broke off, also what it leaves behind, since totals count it."""
    if end.status is StepStatus.SUCCEEDED or not rows:
        return end.reason
    return f"{end.reason} Rows that were read before that are counted: {rows:,}."
