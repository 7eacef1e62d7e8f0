"""The values shared by all rooms: connections, scans, steps, sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.core.periods import BillingPeriod


class ConnectionState(StrEnum):
    """The state of a user's consent."""

    ACTIVE = "active"
    SIGN_IN_NEEDED = "sign_in_needed"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class Connection:
    """One user's consent, keyed by (tenant_id, user_object_id) and by nothing else.

    `refresh_token_encrypted` is a Fernet token, None once consent has ended. `version`
    grows with each change, so that only one of two concurrent refreshes is stored. `mail_address`
    is the one that the user has confirmed.
    """

    tenant_id: str
    user_object_id: str
    username: str
    state: ConnectionState
    state_reason: str | None
    claims_challenge: str | None
    refresh_token_encrypted: bytes | None
    version: int
    consented_at: datetime
    mail_address: str | None = None

    @property
    def mail_recipient(self) -> str:
        """Return where mails go: the confirmed address, until then the sign-in name, which may be no mailbox."""
        return self.mail_address or self.username


class ScanStatus(StrEnum):
    """The status of a scan. The last five are final."""

    REQUESTED = "requested"
    COLLECTING = "collecting"
    FINISHING = "finishing"
    COLLECTED = "collected"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (ScanStatus.REQUESTED, ScanStatus.COLLECTING, ScanStatus.FINISHING)


@dataclass(frozen=True)
class ScanKey:
    """The key of a scan and of all that belongs to it. One value, so that the two ids cannot be swapped in a call."""

    tenant_id: str
    scan_id: str


@dataclass(frozen=True)
class Scan:
    """One scan of a customer's Azure tenant, by one user, over one period.

    `left_out_json` names the listed subscriptions that are not part of it.
    """

    tenant_id: str
    scan_id: str
    user_object_id: str
    status: ScanStatus
    status_reason: str | None
    requested_at: datetime
    finished_at: datetime | None
    period_start: date
    period_end: date
    left_out_json: str | None = None

    @property
    def key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)

    @property
    def period(self) -> BillingPeriod:
        return BillingPeriod(self.period_start, self.period_end)


class StepStatus(StrEnum):
    """The status of a step. The last four are final."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self not in (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING)


@dataclass(frozen=True)
class Subscription:
    """A subscription of the signed-in tenant, as Resource Manager lists it."""

    subscription_id: str
    display_name: str
    state: str
    quota_id: str | None


@dataclass(frozen=True)
class Step:
    """One collector over one subscription, resumable at (request_index, cursor).

    `cursor` is the next link or skip token of the request at `request_index`;
    `simplified`: which of the collector's simpler queries is in use because Azure refused those
    before it; 0: the full one.
    `status_reason` is a sentence for the customer; `remedy_role` on `remedy_scope` is what the
    customer can grant. `lease_id` identifies the worker that holds the step. `plan_key`
    identifies the requests that `request_index` counts in, None before the first page;
    `unread_json` lists the refused requests: see shared/core/partly_read.py. `subscription_state` is as
    Azure listed it. `rows_set_aside` counts the rows that could not be read, `set_aside_json` says why:
    see shared/core/set_aside.py.
    """

    tenant_id: str
    scan_id: str
    step_id: int
    collector: str
    subscription_id: str
    subscription_name: str
    status: StepStatus
    status_code: str | None
    status_reason: str | None
    remedy_role: str | None
    remedy_scope: str | None
    attempt: int
    request_index: int
    cursor: str | None
    simplified: int
    pages: int
    rows: int
    not_before: datetime | None
    lease_id: str | None
    updated_at: datetime
    plan_key: str | None = None
    unread_json: str | None = None
    subscription_state: str = ""
    rows_set_aside: int = 0
    set_aside_json: str | None = None

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)

    @property
    def progress(self) -> tuple[int, ...]:
        """What the step has achieved: compared between deliveries of its message, see shared/messaging/progress.py."""
        return (int(self.status.is_final), int(self.simplified), self.request_index, self.pages)

    @property
    def is_read_in_full(self) -> bool:
        """Whether everything was read: a step can succeed although a part was refused or could not be read."""
        return self.status is StepStatus.SUCCEEDED and self.unread_json is None and not self.rows_set_aside


@dataclass(frozen=True)
class Session:
    """A signed-in browser: made from a validated ID token, never from anything else."""

    tenant_id: str
    user_object_id: str
    username: str
    created_at: datetime
    expires_at: datetime
