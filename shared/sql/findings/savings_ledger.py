"""The savings ledger of an organisation: entered when findings are published, brought up to date by each scan."""

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from shared.core.finding_overlap import Amounts
from shared.core.findings import AffectedResource, Finding, Measure, Saving, SavingBasis
from shared.core.models import Scan
from shared.core.periods import add_months
from shared.core.savings_ledger import Fate, LedgerEntry, LedgerLine, LedgerMonth
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.types import money_text
from shared.sql.findings.decisions import rename_resources
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.finding_tables import finding_ledger, subscriptions
from shared.sql.schema.tables import scans

ledger = finding_ledger.c

AS_STORED = (
    *("tenant_id", "ledger_id", "title", "resource_id", "resource_name", "resource_type"),
    *("sub_account_id", "resource_group", "first_scan_id", "first_reported_at", "scan_id", "observed_at"),
    *("fate_since", "first_month", "open_until", "returned_at", "moved_from"),
)
"""The columns that an entry holds under the same name, in the same form."""


WITH_USER = select(finding_ledger, func.coalesce(scans.c.user_object_id, "").label("user_object_id")).outerjoin(
    scans, and_(scans.c.tenant_id == ledger.tenant_id, scans.c.scan_id == ledger.scan_id)
)
"""Entries with the user of the scan that named them last; empty once that scan was deleted."""


LINE_AS_STORED = (
    *("ledger_id", "title", "resource_id", "resource_name", "resource_type", "sub_account_id", "resource_group"),
    *("first_reported_at", "fate_since", "returned_at"),
)
LINE = tuple(
    ledger[name]
    for name in (
        *LINE_AS_STORED,
        *("finding_key", "measure", "fate"),
        *("estimated_json", "last_estimated_json", "realized_json", "billed_since_json"),
    )
)
"""The columns that a LedgerLine is made of; those before under the same name."""


class SavingsLedger:
    """Reads and updates the entries of one organisation."""

    def __init__(self, database: Database, tenant_id: str) -> None:
        self._database = database
        self._tenant_id = tenant_id

    @whole_transaction
    def entries(self, sub_account_ids: Collection[str] | None = None) -> list[LedgerEntry]:
        """Return the entries in the order in which they were first reported; of these subscriptions (lower case)."""
        own = WITH_USER.where(ledger.tenant_id == self._tenant_id)
        with self._database.reading(self._tenant_id) as connection:
            rows = connection.execute(own.order_by(ledger.first_reported_at, ledger.ledger_id)).all()
        found = (entry_of(row) for row in rows)
        return [one for one in found if sub_account_ids is None or one.sub_account_id.lower() in sub_account_ids]

    @whole_transaction
    def changed_at(self, scan: Scan) -> list[LedgerEntry]:
        """Return the entries whose fate this scan was the first to find, where its user can read."""
        own = and_(ledger.tenant_id == self._tenant_id, ledger.fate_since == scan.requested_at)
        wanted = WITH_USER.where(own).order_by(ledger.first_reported_at, ledger.ledger_id)
        with self._database.reading(self._tenant_id) as connection:
            found = [entry_of(row) for row in connection.execute(wanted)]
            seen = _subscriptions_of(connection, self._tenant_id, scan.user_object_id) if found else frozenset()
        return [one for one in found if one.sub_account_id.lower() in seen]

    @whole_transaction
    def update(self, scan: Scan, entries: Sequence[LedgerEntry]) -> None:
        """Store what the scan found, unless it was deleted or a later scan was stored before."""
        changed = [_changing_values(one) for one in entries]
        if not changed:
            return
        is_later = ledger.observed_at <= scan.requested_at
        own = and_(ledger.tenant_id == self._tenant_id, ledger.ledger_id == bindparam("b_ledger_id"), is_later)
        with self._database.transaction(self._tenant_id) as connection:
            if not scan_is_there(connection, scan.key):
                return
            connection.execute(update(finding_ledger).where(own), changed)
            for one in entries:
                if one.moved_from:
                    rename_resources(connection, self._tenant_id, one.key, {one.moved_from: one.resource_id})

    @whole_transaction
    def lines_for(self, user_object_id: str) -> list[LedgerLine]:
        """Return the entries, without their months, of subscriptions that any of this user's stored scans listed."""
        wanted = select(*LINE).where(ledger.tenant_id == self._tenant_id)
        with self._database.reading(self._tenant_id) as connection:
            rows = connection.execute(wanted.order_by(ledger.first_reported_at, ledger.ledger_id)).all()
            seen = _subscriptions_of(connection, self._tenant_id, user_object_id) if rows else frozenset()
        return [_line(row) for row in rows if row.sub_account_id.lower() in seen]


def _subscriptions_of(connection: Connection, tenant_id: str, user_object_id: str) -> frozenset[str]:
    same = and_(scans.c.tenant_id == subscriptions.c.tenant_id, scans.c.scan_id == subscriptions.c.scan_id)
    own = (subscriptions.c.tenant_id == tenant_id, scans.c.user_object_id == user_object_id)
    statement = select(func.lower(subscriptions.c.subscription_id)).join(scans, same).where(*own).distinct()
    return frozenset(connection.execute(statement).scalars())


def enter(connection: Connection, scan: Scan, published: Iterable[tuple[Finding, Sequence[AffectedResource]]]) -> None:
    """Enter the resources of findings that are published now, and note the latest estimate of known ones.

    Reservations and savings plans are left out: they name a subscription, not a resource that can go.
    """
    own = select(ledger.ledger_id, ledger.finding_key, ledger.resource_key).where(ledger.tenant_id == scan.tenant_id)
    known = {(row.finding_key, row.resource_key): row.ledger_id for row in connection.execute(own)}
    added, repeated = [], []
    for finding, resources in published:
        for each in resources if finding.measure is not Measure.COMMIT else ():
            number = known.get((finding.key, resource_key(each)))
            if number is None:
                known[finding.key, resource_key(each)] = ""
                added.append(_first_values(scan, finding, each))
            elif number:
                repeated.append({"b_ledger_id": number, **_repeated_values(scan, finding, each)})
    if added:
        connection.execute(insert(finding_ledger), added)
    if repeated:
        same = and_(ledger.tenant_id == scan.tenant_id, ledger.ledger_id == bindparam("b_ledger_id"))
        later = ledger.observed_at <= scan.requested_at
        connection.execute(update(finding_ledger).where(same, later), repeated)


def resource_key(resource: AffectedResource | LedgerEntry) -> str:
    """Return the key of a resource within its finding, short enough for an index."""
    text = f"{resource.resource_id.lower()}\n{resource.resource_name.lower()}"
    return hashlib.sha256(text.encode()).hexdigest()


def entry_of(row: Row[Any]) -> LedgerEntry:
    """Return the row as an entry."""
    return LedgerEntry(
        **{name: getattr(row, name) for name in AS_STORED},
        user_object_id=row.user_object_id,
        key=row.finding_key,
        measure=Measure(row.measure),
        fate=Fate(row.fate),
        estimated=_savings(row.estimated_json),
        last_estimated=_savings(row.last_estimated_json),
        months=_months(row.months_json),
    )


def _line(row: Row[Any]) -> LedgerLine:
    return LedgerLine(
        **{name: getattr(row, name) for name in LINE_AS_STORED},
        key=row.finding_key,
        measure=Measure(row.measure),
        fate=Fate(row.fate),
        estimated=_savings(row.estimated_json),
        last_estimated=_savings(row.last_estimated_json),
        realized=amounts_of(json.loads(row.realized_json)),
        billed_since=amounts_of(json.loads(row.billed_since_json)),
    )


def _first_values(scan: Scan, finding: Finding, resource: AffectedResource) -> dict[str, Any]:
    last_month = add_months(scan.period_end, -1)
    return {
        "ledger_id": str(uuid.uuid4()),
        "tenant_id": scan.tenant_id,
        "finding_key": finding.key,
        "measure": finding.measure,
        "first_scan_id": scan.scan_id,
        "first_reported_at": scan.requested_at,
        "observed_at": scan.requested_at,
        "fate": Fate.OPEN,
        "fate_since": scan.requested_at,
        "first_month": last_month,
        "open_until": last_month,
        "estimated_json": _savings_text(resource.savings),
        "months_json": "{}",
        "realized_json": "{}",
        "billed_since_json": "{}",
        **_repeated_values(scan, finding, resource),
    }


def _repeated_values(scan: Scan, finding: Finding, resource: AffectedResource) -> dict[str, Any]:
    names = ("resource_id", "resource_name", "resource_type", "sub_account_id", "resource_group")
    return {
        "scan_id": scan.scan_id,
        "title": finding.title,
        "last_estimated_json": _savings_text(resource.savings),
        "resource_key": resource_key(resource),
        **{name: getattr(resource, name) for name in names},
    }


def _changing_values(entry: LedgerEntry) -> dict[str, Any]:
    kept = ("resource_id", "sub_account_id", "resource_group", "observed_at", "fate_since", "open_until")
    return {
        "b_ledger_id": entry.ledger_id,
        **{name: getattr(entry, name) for name in (*kept, "returned_at", "moved_from")},
        "resource_key": resource_key(entry),
        "fate": entry.fate,
        "months_json": _months_text(entry.months),
        "realized_json": json.dumps(_amounts_text(entry.realized)),
        "billed_since_json": json.dumps(_amounts_text(entry.billed_since)),
    }


def _savings_text(savings: Iterable[Saving]) -> str:
    rows = [
        [
            one.currency,
            money_text(one.monthly),
            one.basis,
            None if one.named_year is None else money_text(one.named_year),
        ]
        for one in savings
    ]
    return json.dumps(rows)


def _savings(stored: str) -> tuple[Saving, ...]:
    return tuple(
        Saving(currency, Decimal(monthly), SavingBasis(basis), None if year is None else Decimal(year))
        for currency, monthly, basis, year in json.loads(stored)
    )


def _amounts_text(amounts: Amounts) -> dict[str, str]:
    return {currency: money_text(amount) for currency, amount in amounts.items()}


def amounts_of(stored: Mapping[str, str]) -> Amounts:
    """Return amounts as they were stored."""
    return {currency: Decimal(text) for currency, text in stored.items()}


def _months_text(months: Mapping[date, LedgerMonth]) -> str:
    rows = {
        month.isoformat(): [
            _amounts_text(each.billed),
            None if each.baseline is None else _amounts_text(each.baseline),
        ]
        for month, each in sorted(months.items())
    }
    return json.dumps(rows)


def _months(stored: str) -> dict[date, LedgerMonth]:
    return {
        date.fromisoformat(month): LedgerMonth(amounts_of(billed), None if baseline is None else amounts_of(baseline))
        for month, (billed, baseline) in json.loads(stored).items()
    }
