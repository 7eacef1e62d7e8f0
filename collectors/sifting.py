"""Read a page although some of its items cannot be read: those are set aside, the others become rows."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from collectors.base import Collector, Row, StepContext
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from shared.core.set_aside import SetAside

Check = Callable[[Iterable[Row]], object]
"""Raises UnexpectedPayload for rows that the table cannot hold; consumes them."""


@dataclass(frozen=True)
class SiftedPage:
    """The rows of the items that can be read, and why others cannot."""

    rows: list[Row]
    reasons: Counter[str]

    def set_aside(self, page: int) -> tuple[SetAside, ...]:
        """Return the items that cannot be read, for the page of this number."""
        return tuple(SetAside(page, reason, count) for reason, count in self.reasons.most_common())


def sift(collector: Collector, context: StepContext, payload: Json, is_first_page: bool, check: Check) -> SiftedPage:
    """Return the page's rows without the items that cannot be read.

    Raises UnexpectedPayload if the page could not be read without any item either.
    """
    try:
        return _whole(collector, context, payload, is_first_page, check)
    except UnexpectedPayload:
        return _in_part(collector, context, payload, is_first_page, check)


def _whole(collector: Collector, context: StepContext, payload: Json, is_first_page: bool, check: Check) -> SiftedPage:
    rows = list(collector.rows(context, payload, is_first_page))
    check(rows)
    return SiftedPage(rows, Counter())


def _in_part(
    collector: Collector, context: StepContext, payload: Json, is_first_page: bool, check: Check
) -> SiftedPage:
    items = collector.items

    def try_these(some: list[Json]) -> None:
        check(collector.rows(context, items.alone(payload, some), False))

    found = items.of(payload)
    try_these([])
    reasons: Counter[str] = Counter()
    good = _readable(found, try_these, reasons)
    return SiftedPage(list(collector.rows(context, items.alone(payload, good), is_first_page)), reasons)


def _readable(items: list[Json], try_these: Callable[[list[Json]], None], reasons: Counter[str]) -> list[Json]:
    """Return the items that can be read: halves the list until the odd ones stand alone."""
    try:
        try_these(items)
    except UnexpectedPayload as error:
        if len(items) == 1:
            reasons[str(error)] += 1
            return []
        middle = len(items) // 2
        return [*_readable(items[:middle], try_these, reasons), *_readable(items[middle:], try_these, reasons)]
    return items


def consume(rows: Iterable[Row]) -> None:
    """Check nothing but that the rows can be made."""
    deque(rows, maxlen=0)
