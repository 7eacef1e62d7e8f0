"""A database of a test's own, with a customer in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice

from shared.arm.request import ArmPage
from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.models import Scan, Step, Subscription
from shared.core.periods import BillingPeriod
from shared.core.pseudonyms import Pseudonyms
from shared.sql.collected.cost_totals import CostTotals
from shared.sql.collected.recommendations import Recommendations
from shared.sql.deletion.deletions import DeletionRequest, Deletions
from shared.sql.deletion.receipts import Receipts
from shared.sql.deletion.retention_due import Due
from shared.sql.engine.engine import Database
from shared.sql.ledgers.audit import AuditLog
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from tests.support.consented import consented_scan

TENANT = "11111111-1111-4111-8111-111111111111"
OTHER_TENANT = "22222222-2222-4222-8222-222222222222"
USER = "33333333-3333-4333-8333-333333333333"
OTHER_USER = "44444444-4444-4444-8444-444444444444"
PERIOD = BillingPeriod(date(2025, 11, 1), date(2026, 11, 1))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONTH = date(2026, 1, 1)
LEASE = 60
PAGE = ArmPage(200, b'{"properties": {}}', {"properties": {}}, None)
COST_COLUMNS = (
    "sub_account_id",
    "charge_period_start",
    "billed_cost",
    "billing_currency",
    "resource_id",
    "resource_group",
    "region_id",
    "service_name",
)


def subscription(number: int = 1) -> Subscription:
    return Subscription(f"aaaaaaaa-0000-4000-8000-{number:012}", f"Subscription {number}", "Enabled", None)


def cost(
    amount: str,
    *,
    month: date = MONTH,
    currency: str = "GBP",
    resource: str | None = "/subscriptions/a/vm",
    group: str | None = "web",
    region: str | None = "uksouth",
    service: str = "Virtual Machines",
    number: int = 1,
) -> tuple[object, ...]:
    """One cost row in the order of COST_COLUMNS."""
    return (
        subscription(number).subscription_id,
        month,
        Decimal(amount),
        currency,
        resource,
        group,
        region,
        service,
    )


PSEUDONYMS = Pseudonyms(lambda: ("a key",))


@dataclass(frozen=True)
class Store:
    """The repositories over one database."""

    database: Database

    @property
    def connections(self) -> Connections:
        return Connections(self.database)

    @property
    def scans(self) -> Scans:
        return Scans(self.database)

    @property
    def steps(self) -> Steps:
        return Steps(self.database)

    @property
    def totals(self) -> CostTotals:
        return CostTotals(self.database)

    @property
    def collected(self) -> Recommendations:
        return Recommendations(self.database)

    @property
    def audit(self) -> AuditLog:
        return AuditLog(self.database)

    @property
    def due(self) -> Due:
        return Due(self.database)

    @property
    def deletions(self) -> Deletions:
        return Deletions(self.database, PSEUDONYMS)

    @property
    def receipts(self) -> Receipts:
        return Receipts(self.database, PSEUDONYMS)

    def delete_customer(self, tenant_id: str = TENANT, at: datetime = NOW) -> None:
        """All of one customer's data, at once."""
        event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED)
        deletion_request = DeletionRequest(tenant_id, DeletionScope.CUSTOMER, DeletionReason.OPERATOR, event)
        deletion = self.deletions.ask(deletion_request)
        while self.deletions.work(deletion, at):
            pass

    def scan(self, tenant_id: str = TENANT, user: str | None = None, at: datetime = NOW) -> Scan:
        """A requested scan of a user whose consent is kept; of a colleague if USER has one that runs."""
        user = user or self._free_user(tenant_id)
        return consented_scan(self.database, tenant_id, user, PERIOD, at)

    def _free_user(self, tenant_id: str) -> str:
        colleagues = (f"33333333-3333-4333-8333-{number:012}" for number in count())
        return next(user for user in (USER, *islice(colleagues, 99)) if not self._scans_now(tenant_id, user))

    def _scans_now(self, tenant_id: str, user: str) -> bool:
        latest = self.scans.latest(tenant_id, user)
        return latest is not None and not latest.status.is_final

    def step(self, scan: Scan | None = None, collector: str = "costs", number: int = 1, *, at: datetime = NOW) -> Step:
        """A planned step that no one holds."""
        scan = scan or self.scan()
        self.steps.insert_missing(scan.key, [(collector, subscription(number))], at)
        self.scans.begin_collecting(scan.key)
        wanted = (collector, subscription(number).subscription_id)
        planned = self.steps.list(scan.key)
        return next(step for step in planned if (step.collector, step.subscription_id) == wanted)

    def claimed(self, scan: Scan | None = None, collector: str = "costs", number: int = 1) -> Step:
        """A step that is ours."""
        step = self.step(scan, collector, number)
        claimed = self.steps.claim(step.tenant_id, step.step_id, NOW, LEASE)
        assert claimed is not None
        return claimed

    def save(
        self, step: Step, rows: Sequence[tuple[object, ...]], page: ArmPage = PAGE, cursor: str | None = None
    ) -> Step:
        """One page of costs."""
        return self.steps.save_page(step, page, "costs", COST_COLUMNS, rows, 1, cursor, NOW, LEASE)

    def scan_with(
        self, *rows: tuple[object, ...], tenant_id: str = TENANT, at: datetime = NOW, user: str | None = None
    ) -> Scan:
        """A scan of one step whose one page has these rows."""
        scan = self.scan(tenant_id, user, at)
        self.save(self.claimed(scan), rows)
        return scan
