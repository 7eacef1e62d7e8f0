"""The notice of a step that has ended, for the customer."""

from dataclasses import dataclass

from collectors.base import Collector
from collectors.scan.outcomes import End
from shared.core.models import StepStatus
from shared.core.partly_read import PARTLY_READ, sentence
from shared.core.set_aside import set_aside_sentence


@dataclass(frozen=True)
class ReadSoFar:
    """What a step has read. `requests` is their number; the others are the step's members of the same names."""

    rows: int
    requests: int
    simplified: int
    unread_json: str | None
    rows_set_aside: int = 0
    set_aside_json: str | None = None


def end_of(collector: Collector, read: ReadSoFar) -> End:
    """Return the end of a step whose last page was read. Failed if nothing but unreadable rows came."""
    if read.rows_set_aside > 1 and not read.rows:
        why = set_aside_sentence(read.rows_set_aside, 0, read.set_aside_json)
        reason = f"Azure's response had an unexpected format. {why}"
        return End(StepStatus.FAILED, "UnexpectedPayload", reason, alert="unexpected-payload")
    return End(StepStatus.SUCCEEDED, *completion_notice(collector, read))


def completion_notice(collector: Collector, read: ReadSoFar) -> tuple[str | None, str | None]:
    """Return code and sentences about a step read to its end, what is missing first; (None, None) if all is well."""
    notices = []
    if read.unread_json:
        notices.append((PARTLY_READ, sentence(read.unread_json, read.requests)))
    if read.rows_set_aside:
        notices.append((PARTLY_READ, set_aside_sentence(read.rows_set_aside, read.rows, read.set_aside_json)))
    elif collector.empty_notice and not read.rows:
        notices.append(("NoRows", collector.empty_notice))
    if read.simplified and not (collector.empty_notice and not read.rows):
        notices.append(("Simplified", collector.simplified_notices[read.simplified - 1]))
    return (notices[0][0], " ".join(text for _, text in notices)) if notices else (None, None)


def reason_with_row_count(end: End, rows: int) -> str | None:
    """Return the reason; for a step that broke off, with its stored rows, which totals count."""
    if end.status is StepStatus.SUCCEEDED or not rows:
        return end.reason
    return f"{end.reason} Rows read before that are counted: {rows:,}."
