"""What became of the resources of earlier findings, read from a scan's inventory and bill."""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shared.core.finding_overlap import Amounts, added
from shared.core.findings import FindingStatus
from shared.core.models import Scan, ScanKey
from shared.core.price_basis import is_open
from shared.core.savings_ledger import BilledMonths, LedgerEntry, Observation, observed
from shared.evidence.fully_read import FullyReadSubscriptions
from shared.sql.collected.evidence_rows import EvidenceRows, ResourceMonth
from shared.sql.collected.inventory import InventoryPages, InventoryRow
from shared.sql.engine.engine import Database
from shared.sql.findings.findings import Findings
from shared.sql.findings.savings_ledger import SavingsLedger

CREATED = ("timecreated", "creationtime", "createdat")
"""Properties that say when a resource was created; a move keeps them."""


@dataclass(frozen=True)
class ScanFacts:
    """What a scan stored about some resources. Subscriptions and ids are in lower case.

    `named` and `withdrawn` are (finding key, resource id); `billed` has the resources of `read.costs`.
    """

    scan: Scan
    listed: frozenset[str]
    read: FullyReadSubscriptions
    inventory: frozenset[str]
    named: frozenset[tuple[str, str]]
    withdrawn: frozenset[tuple[str, str]]
    billed: Mapping[str, BilledMonths]

    def observation(self, entry: LedgerEntry) -> Observation:
        """Return what the scan found of one resource."""
        subscription, resource_id = entry.sub_account_id.lower(), entry.resource_id.lower()
        costs = self.billed_of(entry) if subscription in self.read.costs else None
        return Observation(
            at=self.scan.requested_at,
            is_listed=subscription in self.listed,
            is_inventory_read=subscription in self.read.inventory,
            is_in_inventory=resource_id in self.inventory,
            is_named=(entry.key, resource_id) in self.named,
            is_withdrawn=(entry.key, resource_id) in self.withdrawn,
            billed=costs,
        )

    def billed_of(self, entry: LedgerEntry) -> BilledMonths:
        """Return each closed month's charges, those under an earlier id included."""
        ids = filter(None, (entry.resource_id.lower(), entry.moved_from))
        found = [self.billed.get(each, {}) for each in ids]
        return {month: added(each.get(month, {}) for each in found) for month in closed_months(self.scan)}


def closed_months(scan: Scan) -> tuple[date, ...]:
    """Return the months of the scan whose charges Azure could not change any more when it was requested."""
    return tuple(month for month in scan.period.months if not is_open(month, scan.requested_at.date()))


def update_ledger(
    database: Database, scan: Scan, listed: Iterable[str], read: FullyReadSubscriptions
) -> list[LedgerEntry]:
    """Bring the organisation's ledger up to date with a scan, and return the entries that it could tell about.

    A subscription that the scan did not list says something only about entries of the same user: a colleague may
    never have had access to it.
    """
    ledger, seen = SavingsLedger(database, scan.tenant_id), frozenset(each.lower() for each in listed)
    own = [
        one
        for one in ledger.entries()
        if one.observed_at <= scan.requested_at
        and (one.sub_account_id.lower() in seen or one.user_object_id == scan.user_object_id)
    ]
    if not own:
        return []
    moved = _with_moves(database, scan, read, own)
    facts = _facts(database, scan, seen, read, moved)
    after = [observed(one, facts.observation(one)) for one in moved]
    ledger.update(scan, after)
    return after


def _facts(
    database: Database, scan: Scan, listed: frozenset[str], read: FullyReadSubscriptions, entries: Sequence[LedgerEntry]
) -> ScanFacts:
    ids = sorted({each for one in entries for each in (one.resource_id.lower(), one.moved_from) if each})
    present = InventoryPages(database).named(scan.key, ids)
    billed = _by_resource(EvidenceRows(database, scan.key).months(ids))
    named, withdrawn = _named(database, scan.key)
    inventory = frozenset(row.resource_id for row in present)
    return ScanFacts(scan, listed, read, inventory, named, withdrawn, billed)


def _named(database: Database, scan_key: ScanKey) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Return what the scan's findings name, and what a reviewer discarded or excluded."""
    stored = Findings(database)
    found, resources, excluded = stored.of_scan(scan_key), stored.resources(scan_key), stored.excluded(scan_key)
    named: set[tuple[str, str]] = set()
    withdrawn: set[tuple[str, str]] = set()
    for one in found:
        kept = withdrawn if one.status is FindingStatus.DISCARDED else named
        kept |= {(one.key, each.resource_id.lower()) for each in resources.get(one.finding_id, ())}
        withdrawn |= {(one.key, each.resource_id.lower()) for each in excluded.get(one.finding_id, ())}
    return frozenset(named), frozenset(withdrawn)


def _by_resource(rows: Iterable[ResourceMonth]) -> dict[str, dict[date, Amounts]]:
    found: dict[str, dict[date, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.resource_id, {}).setdefault(row.month, {})[row.currency] = row.amount
    return {resource_id: dict(months) for resource_id, months in found.items()}


def _with_moves(
    database: Database, scan: Scan, read: FullyReadSubscriptions, entries: Sequence[LedgerEntry]
) -> list[LedgerEntry]:
    """Return the entries, those of moved resources under their new ids.

    Moved is what has left a fully read inventory while one resource of the same name and type came into it.
    """
    inventory = InventoryPages(database)
    present = {row.resource_id for row in inventory.named(scan.key, sorted({one.resource_id for one in entries}))}
    left = [one for one in entries if one.resource_id not in present and one.sub_account_id.lower() in read.inventory]
    if not left:
        return list(entries)
    alike = inventory.of_names(scan.key, sorted({one.resource_name.lower() for one in left}))
    places = {one.ledger_id: _new_place(inventory, one, alike) for one in left}
    known = {(one.key, one.resource_id) for one in entries}
    return [_at(one, places.get(one.ledger_id), known) for one in entries]


def _new_place(inventory: InventoryPages, entry: LedgerEntry, alike: Sequence[InventoryRow]) -> InventoryRow | None:
    """Return where the resource is now: of the same name and type, not there before; None if that is not certain."""
    same = [row for row in alike if _is_alike(entry, row)]
    before_key = ScanKey(entry.tenant_id, entry.scan_id)
    before = {row.resource_id: row for row in inventory.named(before_key, [entry.resource_id, *_ids(same)])}
    old = before.get(entry.resource_id)
    new = [row for row in same if row.resource_id not in before]
    if old is None or len(new) != 1:
        return None
    return new[0] if _created(old) == _created(new[0]) else None


def _is_alike(entry: LedgerEntry, row: InventoryRow) -> bool:
    is_same_name = row.resource_name.lower() == entry.resource_name.lower()
    return is_same_name and row.resource_type.lower() == entry.resource_type.lower()


def _ids(rows: Iterable[InventoryRow]) -> list[str]:
    return [row.resource_id for row in rows]


def _created(row: InventoryRow) -> str:
    """Return when the resource was created, as Azure wrote it; empty if it did not say."""
    properties = json.loads(row.properties_json or "{}")
    lower = {name.lower(): value for name, value in properties.items()} if isinstance(properties, dict) else {}
    return next((str(lower[name]) for name in CREATED if lower.get(name)), "")


def _at(entry: LedgerEntry, row: InventoryRow | None, known: Container[tuple[str, str]]) -> LedgerEntry:
    if row is None or (entry.key, row.resource_id) in known:
        return entry
    return replace(
        entry,
        resource_id=row.resource_id,
        sub_account_id=row.sub_account_id,
        resource_group=row.resource_group,
        moved_from=entry.resource_id,
    )
