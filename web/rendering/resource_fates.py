"""What became of the resources of earlier findings, as sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.core.finding_overlap import Amounts, added
from shared.core.formats import unnamed_subscription
from shared.core.models import Scan, ScanKey
from shared.core.savings_ledger import Fate, LedgerEntry, counted_once
from shared.sql.engine.engine import Database
from shared.sql.findings.savings_ledger import SavingsLedger
from shared.sql.scans.steps import Steps

ONE_OR_MANY: Mapping[Fate, tuple[str, str]] = {
    Fate.REMOVED: (
        "was removed and is no longer billed",
        "were removed and are no longer billed",
    ),
    Fate.REMOVED_STILL_BILLED: (
        "was removed. We count the savings from the first full month without its charges",
        "were removed. We count the savings from the first full month without their charges",
    ),
    Fate.NOT_REPORTED: (
        "still exists, but the finding no longer applies to it",
        "still exist, but the finding no longer applies to them",
    ),
    Fate.WITHDRAWN: (
        "still exists; our reviewer no longer recommends a change",
        "still exist; our reviewer no longer recommends a change",
    ),
    Fate.NOT_READ: (
        "could not be read this time, so we do not know what became of it",
        "could not be read this time, so we do not know what became of them",
    ),
}
"""What each fate says of one resource and of several."""


@dataclass(frozen=True)
class FateGroup:
    """Resources of one finding that have one fate since this scan. `estimated` are their monthly savings as estimated
    in the review before, for those whose finding has ended; `subscription` is named where Azure no longer lists it."""

    key: str
    title: str
    fate: Fate
    resources: int
    estimated: Amounts
    subscription: str = ""

    @property
    def has_ended(self) -> bool:
        return self.fate.has_ended

    @property
    def sentence(self) -> str:
        """Return what became of them: "2 resources were removed and are no longer billed"."""
        count = f"{self.resources:,} resource{'' if self.resources == 1 else 's'}"
        if self.fate is Fate.NOT_LISTED:
            return f"{count} in {self.subscription}, which Azure no longer lists for you"
        return f"{count} {ONE_OR_MANY[self.fate][self.resources > 1]}"


def fates_since(database: Database, scan: Scan) -> tuple[FateGroup, ...]:
    """Return what this scan was the first to find of earlier findings' resources, by finding; ended ones first."""
    ledger = SavingsLedger(database, scan.tenant_id)
    news = [one for one in ledger.changed_at(scan) if one.fate is not Fate.OPEN]
    names = _unlisted_names(database, news)
    counted = {one.ledger_id for one in counted_once(news)}
    groups: dict[tuple[str, Fate, str], list[LedgerEntry]] = {}
    for one in news:
        groups.setdefault((one.key, one.fate, names.get(one.ledger_id, "")), []).append(one)
    found = [_group(entries, name, counted) for (_, _, name), entries in groups.items()]
    return tuple(sorted(found, key=lambda one: (not one.has_ended, one.title, list(Fate).index(one.fate))))


def _group(entries: Sequence[LedgerEntry], subscription: str, counted: set[str]) -> FateGroup:
    first = entries[0]
    ended = [one for one in entries if one.fate.has_ended and one.ledger_id in counted]
    estimated = added({saving.currency: saving.monthly} for one in ended for saving in one.last_estimated)
    return FateGroup(first.key, first.title, first.fate, len(entries), estimated, subscription)


def _unlisted_names(database: Database, news: Iterable[LedgerEntry]) -> dict[str, str]:
    """Return by entry the name that its subscription had in the last scan that named the resource."""
    unlisted = [one for one in news if one.fate is Fate.NOT_LISTED]
    names = {
        (scan_id, step.subscription_id.lower()): step.subscription_name
        for scan_id in sorted({one.scan_id for one in unlisted})
        for step in Steps(database).list(ScanKey(unlisted[0].tenant_id, scan_id))
    }
    return {
        one.ledger_id: names.get((one.scan_id, one.sub_account_id.lower())) or unnamed_subscription(one.sub_account_id)
        for one in unlisted
    }
