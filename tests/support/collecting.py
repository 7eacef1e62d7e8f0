"""A scan's surroundings: Azure by script, an outbox for a queue, time by hand; the database is a real one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from local.blobs import LocalBlobStore
from shared.arm.client import ArmClient
from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.arm.paced_arm import Caller, PacedArm
from shared.arm.quota_state import QuotaStates
from shared.arm.request import ArmPage, ArmRequest, Json, TokenSource
from shared.core.messages import ScanMessage, StepMessage
from shared.core.models import Scan, Step, Subscription
from shared.core.periods import BillingPeriod
from shared.core.settings import read_settings
from shared.identity.broker import TokenBroker, UserTokens
from shared.messaging.queues import OutgoingMessage, QueueSender
from shared.sql.engine.engine import Database
from shared.wiring import Services
from tests.support.clock import FakeClock
from tests.support.consented import consented_scan
from tests.support.databases import empty_database
from tests.support.entra_double import KEY
from tests.support.tables import MemoryTables

TENANT = "11111111-1111-4111-8111-111111111111"
OTHER_TENANT = "22222222-2222-4222-8222-222222222222"
USER = "33333333-3333-4333-8333-333333333333"
FIRST = "aaaaaaaa-0000-4000-8000-000000000001"
SECOND = "aaaaaaaa-0000-4000-8000-000000000002"
PERIOD = BillingPeriod(date(2025, 11, 1), date(2026, 11, 1))


class SteadyTokens(UserTokens):
    """A user whose sign-in holds, or is refused with `refusal`."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal = refusal

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:  # noqa: ARG002
        if self.refusal is not None:
            raise self.refusal
        return "an access token"


class SteadyBroker(TokenBroker):
    """Hands out the same tokens to every user."""

    def __init__(self) -> None:
        self.tokens = SteadyTokens()

    def for_user(self, tenant_id: str, user_object_id: str) -> UserTokens:  # noqa: ARG002
        return self.tokens

    def forget(self, tenant_id: str, user_object_id: str) -> None:
        """There is nothing that it remembers of a user."""


@dataclass(frozen=True)
class Call:
    """What was asked of Azure."""

    endpoint: str
    subscription_id: str | None
    cursor: str | None


class ScriptedAzure(ArmClient):
    """Answers each (endpoint, subscription) with its pages; `mishaps` come first, one a call, None for none."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str | None], list[Json]] = {}
        self.mishaps: list[BaseException | None] = []
        self.calls: list[Call] = []

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None) -> ArmPage:
        self.calls.append(Call(request.endpoint.name, request.subscription_id, cursor))
        tokens.access_token()
        mishap = self.mishaps.pop(0) if self.mishaps else None
        if mishap is not None:
            raise mishap
        pages = self.pages.get((request.endpoint.name, request.subscription_id), [None])
        number = int(cursor or 0)
        payload = pages[number]
        body = b"" if payload is None else json.dumps(payload, default=float).encode()
        return ArmPage(204 if payload is None else 200, body, payload, self.next_cursor(number, len(pages)))

    def next_cursor(self, number: int, pages: int) -> str | None:
        """Where the page of this number says that the next one is."""
        return str(number + 1) if number + 1 < pages else None

    def lists(self, *subscription_ids: str, tenant_id: str = TENANT) -> None:
        """The subscriptions that the user can see."""
        value = [
            {"subscriptionId": each, "tenantId": tenant_id, "displayName": f"Name of {each[-1]}", "state": "Enabled"}
            for each in subscription_ids
        ]
        self.pages[LIST_SUBSCRIPTIONS.name, None] = [{"value": value}]


@dataclass
class Outbox(QueueSender):
    """Remembers what was sent; `refuses` is raised instead, once."""

    sent: list[tuple[str, OutgoingMessage]] = field(default_factory=list)
    refuses: BaseException | None = None

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        if self.refuses is not None:
            refusal, self.refuses = self.refuses, None
            raise refusal
        self.sent += [(queue, message) for message in messages]

    def check_connection(self, queue: str) -> None:
        """Every queue is there."""

    def of(self, queue: str) -> list[OutgoingMessage]:
        return [message for name, message in self.sent if name == queue]


class Unpaced(PacedArm):
    """Asks at once: Azure by script has no quotas."""

    def __init__(self, parts: Services) -> None:
        super().__init__(parts.arm, QuotaStates(parts.tables, parts.clock), parts.clock)
        self._parts = parts

    def send(
        self, request: ArmRequest, caller: Caller, cursor: str | None = None, through: ArmClient | None = None
    ) -> ArmPage:
        return (through or self._parts.arm).send(request, caller.tokens, cursor)


class Surroundings(Services):
    """The parts of an app, of which only the database is what it is in the real one."""

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        super().__init__(read_settings(settings_for(f"sqlite:///{folder / 'caleta.db'}")))
        self.time = FakeClock()
        self.azure = ScriptedAzure()
        self.outbox = Outbox()
        self.broker = SteadyBroker()
        self.clock = self.time
        self.arm = self.azure
        self.queues = self.outbox
        self.tokens = self.broker
        self.tables = self.table_store = MemoryTables()
        self.blobs = LocalBlobStore(folder / "exports")
        self.paced_arm = Unpaced(self)
        self.database = database or empty_database(folder / "caleta.db")


def settings_for(sql_url: str) -> dict[str, str]:
    """What a local app is given."""
    return {
        "APP_ENVIRONMENT": "local",
        "APP_BASE_URL": "http://127.0.0.1:7071",
        "ENTRA_CLIENT_ID": "44444444-4444-4444-8444-444444444444",
        "ENTRA_CLIENT_SECRET": "not a secret",
        "TOKEN_ENCRYPTION_KEYS": KEY,
        "SQL_URL": sql_url,
    }


def requested_scan(parts: Services) -> Scan:
    """A scan that no one has planned yet, of a user whose consent is kept."""
    return consented_scan(parts.database, TENANT, USER, PERIOD, parts.clock.now())


def collecting_scan(parts: Services, steps: Sequence[tuple[str, str]]) -> Scan:
    """A scan with these (collector, subscription id) steps."""
    scan = requested_scan(parts)
    wanted = [(collector, Subscription(each, f"Name of {each[-1]}", "Enabled", None)) for collector, each in steps]
    parts.steps.insert_missing(scan.key, wanted, parts.clock.now())
    parts.scans.begin_collecting(scan.key)
    return scan


def steps_of(parts: Services, scan: Scan) -> list[Step]:
    return parts.steps.list(scan.key)


def latest(parts: Services, scan: Scan) -> Scan:
    """The scan as it stands now."""
    found = parts.scans.get(scan.key)
    assert found is not None
    return found


def scan_message(scan: Scan, attempt: int = 1) -> bytes:
    return ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id, attempt=attempt).encode()


def step_body(step: Step, attempt: int = 1, faults: int = 0) -> bytes:
    return StepMessage(
        tenant_id=step.tenant_id,
        scan_id=step.scan_id,
        step_id=step.step_id,
        attempt=attempt,
        faults=faults,
        progress=step.progress,
    ).encode()


COST_COLUMNS = (
    "totalCost",
    "BillingMonth",
    "ResourceId",
    "ServiceName",
    "MeterSubcategory",
    "Meter",
    "ResourceLocation",
    "ChargeType",
    "PricingModel",
    "PublisherType",
    "Frequency",
    "Currency",
)


def cost_page(subscription_id: str, *amounts: str) -> Json:
    """A page of cost rows, one for each amount."""
    resource = f"/subscriptions/{subscription_id}/resourceGroups/web/providers/Microsoft.Compute/disks/one"
    names = ("Storage", "Premium", "P10", "UK South", "Usage", "OnDemand", "Azure", "UsageBased")
    tail = ("2026-01-01T00:00:00", resource, *names, "GBP")
    columns = [{"name": name, "type": "String"} for name in COST_COLUMNS]
    return {"properties": {"columns": columns, "rows": [[Decimal(amount), *tail] for amount in amounts]}}


def inventory_page(subscription_id: str, *names: str) -> Json:
    """A page of the inventory that begins with the subscription's own record."""
    own = {"id": f"/subscriptions/{subscription_id}", "name": "Own", "type": "microsoft.resources/subscriptions"}
    start = f"/subscriptions/{subscription_id}/resourceGroups/web/providers/Microsoft.Compute/disks/"
    disks = [{"id": start + name, "name": name, "type": "microsoft.compute/disks", "tags": {}} for name in names]
    return {"count": 1 + len(disks), "data": [own, *disks], "resultTruncated": "false"}
