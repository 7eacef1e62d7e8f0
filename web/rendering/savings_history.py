"""The savings ledger as a page: realized to date beside estimated, by measure and subscription, and each resource."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.core.finding_overlap import Amounts, added
from shared.core.findings import Decision, FindingState, Saving, SavingBasis
from shared.core.formats import unnamed_subscription
from shared.core.savings_ledger import Fate, LedgerLine, counted_once
from web.rendering.labels import MEASURE_LABELS

LINES_SHOWN = 50

FATE_LABELS: Mapping[Fate, tuple[str, str]] = {
    Fate.OPEN: ("Open", "warn"),
    Fate.REMOVED: ("Removed", "good"),
    Fate.REMOVED_STILL_BILLED: ("Removed, last charges pending", ""),
    Fate.NOT_REPORTED: ("No longer affected", "good"),
    Fate.WITHDRAWN: ("No longer recommended", ""),
    Fate.NOT_READ: ("Not read in the latest scan", ""),
    Fate.NOT_LISTED: ("Subscription no longer listed", ""),
}
"""The label of each fate, with its CSS class."""


@dataclass(frozen=True)
class HistoryRow:
    """Sums of one measure or subscription. `estimated` are monthly savings as first reported, `realized` is to date."""

    name: str
    resources: int
    ended: int
    estimated: Amounts
    realized: Amounts


@dataclass(frozen=True)
class HistoryLine:
    """One resource of one finding. `counts`: its amounts are in the totals."""

    line: LedgerLine
    decision: Decision
    counts: bool


@dataclass(frozen=True)
class SavingsHistory:
    """The whole ledger as a user sees it. Amounts are by currency; each resource counts once in the totals.

    `open_monthly` are the latest estimates of what is still open, on `open_bases`; `billed_since` is what that was
    billed since it was first reported.
    """

    realized: Amounts
    estimated: Amounts
    open_monthly: Amounts
    open_bases: frozenset[SavingBasis]
    billed_since: Amounts
    by_measure: tuple[HistoryRow, ...]
    by_subscription: tuple[HistoryRow, ...]
    lines: tuple[HistoryLine, ...]
    left_out: int


def savings_history(
    lines: Sequence[LedgerLine], states: Mapping[str, FindingState], names: Mapping[str, str]
) -> SavingsHistory:
    """Sum the ledger; `names` are the subscriptions' by lower-case id."""
    counted = counted_once(lines)
    in_totals = {one.ledger_id for one in counted}
    is_open = [one for one in counted if one.fate is Fate.OPEN]
    shown = sorted(lines, key=_by_money)
    return SavingsHistory(
        realized=added(one.realized for one in counted),
        estimated=_monthly(one.estimated for one in counted),
        open_monthly=_monthly(one.last_estimated for one in is_open),
        open_bases=frozenset(saving.basis for one in is_open for saving in one.last_estimated),
        billed_since=added(one.billed_since for one in is_open),
        by_measure=_rows(counted, lambda one: MEASURE_LABELS[one.measure]),
        by_subscription=_rows(
            counted, lambda one: names.get(one.sub_account_id.lower()) or unnamed_subscription(one.sub_account_id)
        ),
        lines=tuple(
            HistoryLine(one, _decision(states.get(one.key), one), one.ledger_id in in_totals)
            for one in shown[:LINES_SHOWN]
        ),
        left_out=max(0, len(lines) - LINES_SHOWN),
    )


def _subscription(line: LedgerLine, names: Mapping[str, str]) -> str:
    return names.get(line.sub_account_id.lower()) or unnamed_subscription(line.sub_account_id)


def _decision(state: FindingState | None, line: LedgerLine) -> Decision:
    return Decision.OPEN if state is None else state.about(line.resource_id)


def _rows(lines: Iterable[LedgerLine], name_of: Callable[[LedgerLine], str]) -> tuple[HistoryRow, ...]:
    groups: dict[str, list[LedgerLine]] = {}
    for one in lines:
        groups.setdefault(name_of(one), []).append(one)
    found = [
        HistoryRow(
            name,
            len(some),
            sum(one.fate.has_ended for one in some),
            _monthly(one.estimated for one in some),
            added(one.realized for one in some),
        )
        for name, some in groups.items()
    ]
    return tuple(sorted(found, key=lambda row: (-_largest(row.realized), -_largest(row.estimated), row.name)))


def _monthly(savings: Iterable[Iterable[Saving]]) -> Amounts:
    return added({saving.currency: saving.monthly} for some in savings for saving in some)


def _largest(amounts: Amounts) -> Decimal:
    return max(amounts.values(), default=Decimal(0))


def _by_money(line: LedgerLine) -> tuple[Decimal, Decimal, str, str]:
    return -_largest(line.realized), -_largest(_monthly([line.last_estimated])), line.resource_name, line.ledger_id
