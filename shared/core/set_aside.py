"""The rows of a step that could not be read: counted by reason and raw page, and left out of every total."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

MAX_KEPT = 50
"""How many entries a step keeps; the count of its rows has no limit."""

NOT_SENT = "Azure counted them and did not send them"
ALERTED = "We have been alerted."

MAX_NAMED = 4
"""How many reasons a sentence names."""


@dataclass(frozen=True)
class SetAside:
    """`count` rows that could not be read for the same reason; the step's raw page of this number holds them."""

    page: int
    reason: str
    count: int


def not_sent(counted: int | None, rows: int, set_aside: Iterable[SetAside], page: int) -> list[SetAside]:
    """Return the rows that Azure counted in the whole dataset and never sent; `page` is the last raw page."""
    missing = 0 if counted is None else counted - rows - sum(each.count for each in set_aside)
    return [SetAside(page, NOT_SENT, missing)] if missing > 0 else []


def set_aside_rows(written: str | None) -> tuple[SetAside, ...]:
    """Parse a step's `set_aside_json`."""
    return tuple(SetAside(**each) for each in json.loads(written)) if written else ()


def with_set_aside(written: str | None, more: Iterable[SetAside]) -> str:
    """Return `written` with more entries, up to MAX_KEPT."""
    kept = [*set_aside_rows(written), *more][:MAX_KEPT]
    return json.dumps([asdict(each) for each in kept], ensure_ascii=False)


def set_aside_sentence(count: int, rows: int, written: str | None) -> str:
    """Return `3 of 18,841 rows could not be read and are not counted: a cost is not a number (3). We …`."""
    noun, verb = "row" if count + rows == 1 else "rows", "is" if count == 1 else "are"
    whole = f"{count:,} of {count + rows:,} {noun} could not be read and {verb} not counted"
    by_reason: Counter[str] = Counter()
    for each in set_aside_rows(written):
        by_reason[each.reason] += each.count
    named = [f"{reason} ({number:,})" for reason, number in by_reason.most_common(MAX_NAMED)]
    others = len(by_reason) - len(named)
    return f"{whole}: {'; '.join(named)}{f'; and {others} more reasons' if others > 0 else ''}. {ALERTED}"
