"""The savings ledger: what became of each resource that a published finding named, and what it has saved since.

What became of it is read from the inventory and the bill of a later scan, never from the absence of a finding.
Realized savings are billed amounts of closed months only: the last month before the change, less each month after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from shared.core.finding_overlap import Amounts, added
from shared.core.findings import Measure, Saving
from shared.core.money import EXACT

BilledMonths = Mapping[date, Amounts]
"""What a resource was billed by currency, in each closed month, by its first day; nothing billed: no currency."""


class Fate(StrEnum):
    """What a scan found of a resource. OPEN: its findings still name it. WITHDRAWN: our reviewer took it out."""

    OPEN = "open"
    REMOVED = "removed"
    REMOVED_STILL_BILLED = "removed_still_billed"
    NOT_REPORTED = "not_reported"
    WITHDRAWN = "withdrawn"
    NOT_READ = "not_read"
    NOT_LISTED = "not_listed"

    @property
    def is_known(self) -> bool:
        """Whether the scan could see what became of the resource."""
        return self not in (Fate.NOT_READ, Fate.NOT_LISTED)

    @property
    def has_ended(self) -> bool:
        """Whether the finding no longer applies."""
        return self in (Fate.REMOVED, Fate.REMOVED_STILL_BILLED, Fate.NOT_REPORTED)


@dataclass(frozen=True)
class LedgerMonth:
    """What the resource was billed in a closed month. `baseline`: what it was billed in the last month before the
    change; None for months that do not count as saved."""

    billed: Amounts
    baseline: Amounts | None = None


@dataclass(frozen=True)
class LedgerEntry:
    """One resource of one finding, from the review that first reported it.

    `scan_id` is the last scan whose published review named it, `user_object_id` that scan's user; empty once it was
    deleted. `observed_at` is when the scan was requested that `fate` comes from, `fate_since` when that fate was first
    seen, `returned_at` when
    the resource was found again after the finding had ended. `estimated` are the monthly savings when first reported,
    `last_estimated` those of the latest review. `first_month` is the last complete month of the first review,
    `open_until` that of the last scan that found it open; `months` are by first day, from `first_month` on.
    """

    tenant_id: str
    ledger_id: str
    user_object_id: str
    key: str
    title: str
    measure: Measure
    resource_id: str
    resource_name: str
    resource_type: str
    sub_account_id: str
    resource_group: str | None
    first_scan_id: str
    first_reported_at: datetime
    scan_id: str
    observed_at: datetime
    fate: Fate
    fate_since: datetime
    first_month: date
    open_until: date
    estimated: tuple[Saving, ...] = ()
    last_estimated: tuple[Saving, ...] = ()
    returned_at: datetime | None = None
    moved_from: str | None = None
    months: Mapping[date, LedgerMonth] = field(default_factory=dict)

    @property
    def realized(self) -> Amounts:
        """Return what later bills show as saved to date; negative where the resource costs more than before."""
        return added(difference(each.baseline, each.billed) for each in self.months.values() if each.baseline)

    @property
    def billed_since(self) -> Amounts:
        """Return what it was billed since it was first reported, in closed months that do not count as saved."""
        later = (each for month, each in self.months.items() if month > self.first_month)
        return added(each.billed for each in later if each.baseline is None)

    @property
    def baseline(self) -> Amounts:
        """Return what was billed in the last closed month before the change; empty if nothing or not known."""
        month = self.months.get(self.open_until)
        return month.billed if month else {}


@dataclass(frozen=True)
class Observation:
    """What one scan, requested `at`, found of one resource.

    `is_named`: its findings name the resource; `is_withdrawn`: they would, but a reviewer discarded or excluded it.
    `billed` None: its subscription's costs were not read.
    """

    at: datetime
    is_listed: bool
    is_inventory_read: bool
    is_in_inventory: bool
    is_named: bool
    billed: BilledMonths | None
    is_withdrawn: bool = False

    @property
    def fate(self) -> Fate:
        """Return what became of the resource."""
        if not self.is_listed:
            return Fate.NOT_LISTED
        if not self.is_inventory_read:
            return Fate.NOT_READ
        if self.is_named:
            return Fate.OPEN
        if self.is_in_inventory:
            return Fate.WITHDRAWN if self.is_withdrawn else Fate.NOT_REPORTED
        return Fate.REMOVED if self._months_without_charges() else Fate.REMOVED_STILL_BILLED

    def _months_without_charges(self) -> frozenset[date]:
        """Return the latest months in a row in which nothing was billed."""
        found: list[date] = []
        for month in sorted(self.billed or {}, reverse=True):
            if any((self.billed or {})[month].values()):
                break
            found.append(month)
        return frozenset(found)

    def counts_as_saved(self, month: date, fate_since: datetime) -> bool:
        """Return whether the month is a whole one after the change.

        Of what was removed, each month without any charge; of what is still there, each month that began after the
        scan which saw the change.
        """
        if self.fate is Fate.REMOVED:
            return month in self._months_without_charges()
        return self.fate is Fate.NOT_REPORTED and month > fate_since.date()


def observed(entry: LedgerEntry, seen: Observation) -> LedgerEntry:
    """Return the entry after a scan. Applying the same scan again changes nothing."""
    fate, billed = seen.fate, seen.billed or {}
    is_open = fate is Fate.OPEN and billed
    after = replace(
        entry,
        fate=fate,
        fate_since=entry.fate_since if fate is entry.fate else seen.at,
        observed_at=seen.at,
        open_until=max(entry.open_until, *billed) if is_open else entry.open_until,
        returned_at=seen.at if fate is Fate.OPEN and entry.fate.has_ended else entry.returned_at,
    )
    known = replace(after, months=_refreshed(entry, billed))
    return replace(known, months=_with_new_months(known, seen)) if fate.is_known else known


def _refreshed(entry: LedgerEntry, billed: BilledMonths) -> dict[date, LedgerMonth]:
    """Return the known months at the scan's amounts: Azure may have corrected them. Open months may join.

    Where the scan shows no charge, the known one stays: it may be under an id that the resource had before.
    """
    months = {month: LedgerMonth(amounts) for month, amounts in billed.items() if _is_open_month(entry, month)}
    for month, each in entry.months.items():
        months[month] = replace(each, billed=billed.get(month) or each.billed)
    return months


def _is_open_month(entry: LedgerEntry, month: date) -> bool:
    return entry.first_month <= month <= entry.open_until


def _with_new_months(entry: LedgerEntry, seen: Observation) -> dict[date, LedgerMonth]:
    months = dict(entry.months)
    for month, amounts in (seen.billed or {}).items():
        if month >= entry.first_month and month not in months:
            is_saved = month > entry.open_until and seen.counts_as_saved(month, entry.fate_since)
            months[month] = LedgerMonth(amounts, entry.baseline if is_saved else None)
    return dict(sorted(months.items()))


def difference(minuend: Amounts, subtrahend: Amounts) -> Amounts:
    """Subtract by currency, exactly."""
    zero = Decimal(0)
    names = sorted({*minuend, *subtrahend})
    return {name: EXACT.subtract(minuend.get(name, zero), subtrahend.get(name, zero)) for name in names}


@dataclass(frozen=True)
class LedgerLine:
    """An entry without its months: `realized` and `billed_since` are sums of them, as they are stored."""

    ledger_id: str
    key: str
    title: str
    measure: Measure
    resource_id: str
    resource_name: str
    resource_type: str
    sub_account_id: str
    resource_group: str | None
    first_reported_at: datetime
    fate: Fate
    fate_since: datetime
    returned_at: datetime | None
    estimated: tuple[Saving, ...]
    last_estimated: tuple[Saving, ...]
    realized: Amounts
    billed_since: Amounts


Counted = TypeVar("Counted", LedgerEntry, LedgerLine)


def counted_once(entries: Iterable[Counted]) -> list[Counted]:
    """Return one entry for each resource, that of the measure which counts first: no bill is claimed twice."""
    order = list(Measure)
    found: dict[str, Counted] = {}
    for one in sorted(entries, key=lambda one: (order.index(one.measure), one.first_reported_at, one.key)):
        found.setdefault(one.resource_id, one)
    return list(found.values())
