"""A scan of the simulated estate without HTTP: its answers go through the collectors into the store."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from collectors.base import StepContext
from collectors.inventory import QUERY
from collectors.registry import collector
from shared.arm import catalogue
from shared.arm.request import ArmPage, Json
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.models import Subscription as ListedSubscription
from shared.core.periods import last_complete_months
from shared.sql.engine.engine import Database
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from shared.sql.scans.subscriptions import Subscriptions
from simulator.arm.kql import run
from simulator.estate.advice import advice
from simulator.estate.charges import month_number
from simulator.estate.commitments import SCOPES, SKUS, reservations, savings_plans
from simulator.estate.estate import Estate, month_of
from simulator.estate.grouping import LADDER, GroupedRow, accepted_groupings
from simulator.estate.records import container_records, resource_record
from simulator.estate.subscriptions import CostAccess, Subscription
from simulator.estate.waste import READABLE_COSTS
from tests.support.consented import consented_scan
from tests.support.databases import empty_file, with_shared_statements

TENANT = "11111111-1111-4111-8111-111111111111"
USER = "33333333-3333-4333-8333-333333333333"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COLLECTED = tuple(kind.name for kind in catalogue.COLLECTED)
LEASE_SECONDS = 300.0
Pages = list[Json]


def scanned(place: Path | Database, estate: Estate, at: datetime = NOW) -> tuple[Database, Scan]:
    """A finished scan of the whole estate, in a database of its own or in this one."""
    database = place if isinstance(place, Database) else _empty(place)
    scan = consented_scan(database, TENANT, USER, last_complete_months(at.date()), at)
    own = [listed(item) for item in estate.subscriptions]
    Subscriptions(database).replace(scan.key, own)
    wanted = [(name, item) for item in own for name in COLLECTED]
    Steps(database).insert_missing(scan.key, wanted, at)
    Scans(database).begin_collecting(scan.key)
    for step in Steps(database).list(scan.key):
        subscription = estate.find(step.subscription_id)
        assert subscription is not None
        _collect(database, scan, step, estate, subscription)
    Scans(database).begin_finishing(scan.key)
    Scans(database).finish(scan.key, ScanStatus.COLLECTED, None, at)
    ended = Scans(database).get(scan.key)
    assert ended is not None
    return database, ended


def _empty(folder: Path) -> Database:
    return with_shared_statements(Database.connect(f"sqlite:///{empty_file(folder / 'estate.db')}"))


def listed(item: Subscription) -> ListedSubscription:
    return ListedSubscription(item.subscription_id, item.display_name, item.state, item.quota_id)


def _collect(database: Database, scan: Scan, step: Step, estate: Estate, subscription: Subscription) -> None:
    """One step's pages; what Azure would refuse ends it as skipped, an answer without rows says so."""
    steps, one = Steps(database), collector(step.collector)
    held = steps.claim(TENANT, step.step_id, scan.requested_at, LEASE_SECONDS)
    assert held is not None
    simplified = LADDER.index(accepted_groupings(subscription)) if one.name == "costs" else 0
    context = StepContext(step.subscription_id, scan.period, simplified=simplified)
    pages = PAGES.get(one.name, _not_offered)(estate, subscription, scan)
    if pages is None:
        steps.complete(held, StepStatus.SKIPPED, scan.requested_at, code="NotOffered", reason="Not offered.")
        return
    count = 0
    for number, made in enumerate(pages):
        payload = json.loads(json.dumps(made, default=str), parse_float=Decimal) if one.name != "costs" else made
        rows = list(one.rows(context, payload, number == 0))
        count += len(rows)
        page = ArmPage(200, b"{}", payload, None)
        held = steps.save_page(held, page, one.name, one.columns, rows, 0, None, scan.requested_at, LEASE_SECONDS)
    code = None if count or not one.empty_notice else "NoRows"
    steps.complete(held, StepStatus.SUCCEEDED, scan.requested_at, code=code)


def _inventory(estate: Estate, subscription: Subscription, scan: Scan) -> Pages | None:
    today = scan.requested_at.date()
    present = estate.resources(subscription, month_of(today))
    tables: dict[str, Any] = {
        "resources": lambda: (resource_record(resource, today) for resource in present),
        "resourcecontainers": lambda: container_records(subscription, present),
    }
    rows = run(QUERY, tables).rows
    return [{"count": len(rows), "data": rows, "resultTruncated": "false"}]


def _costs(estate: Estate, subscription: Subscription, scan: Scan) -> Pages | None:
    if subscription.cost_access is CostAccess.NO_DATA:
        return [None]
    if subscription.cost_access not in READABLE_COSTS:
        return None
    groupings = accepted_groupings(subscription)
    end = month_number(scan.period_end.year, scan.period_end.month)
    rows = estate.grouped_rows(subscription, end - 12, end, groupings)
    names = ("totalCost", "totalQuantity", "BillingMonth", *groupings, "Currency")
    columns = [{"name": name, "type": "String"} for name in names]
    return [{"properties": {"columns": columns, "rows": list(_cost_rows(rows))}}]


def _cost_rows(rows: tuple[GroupedRow, ...]) -> Iterator[list[Json]]:
    for month, values, currency, amount, quantity in rows:
        sums = (Decimal(repr(amount)), Decimal(repr(quantity)))
        yield [*sums, f"{month // 12}-{month % 12 + 1:02d}-01T00:00:00", *values, currency]


def _advisor(estate: Estate, subscription: Subscription, scan: Scan) -> Pages | None:
    if not subscription.knows_advisor:
        return None
    present = estate.resources(subscription, month_of(scan.requested_at.date()))
    return [{"value": advice(estate.seed, subscription, present, scan.requested_at.timestamp())}]


def _reservations(estate: Estate, subscription: Subscription, scan: Scan) -> Pages | None:
    day = scan.requested_at.date().isoformat()
    return [
        {"value": reservations(estate.seed, subscription, kind, scope, "Last30Days", day)}
        for kind in SKUS
        for scope in SCOPES
    ]


def _savings_plans(estate: Estate, subscription: Subscription, scan: Scan) -> Pages | None:
    day = scan.requested_at.date().isoformat()
    return [
        {"value": savings_plans(estate.seed, subscription, scope, term, "Last30Days", day)}
        for scope in SCOPES
        for term in ("P1Y", "P3Y")
    ]


def _not_offered(_estate: Estate, _subscription: Subscription, _scan: Scan) -> Pages | None:
    """What no finding reads is not answered."""
    return None


PAGES = {
    "inventory": _inventory,
    "costs": _costs,
    "advisor": _advisor,
    "reservations": _reservations,
    "savings_plans": _savings_plans,
}
