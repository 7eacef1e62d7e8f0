"""The ARM client, paced: it sends when a quota has room and pauses one that is nearly used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from shared.arm import pacing, quota_headers
from shared.arm.client import ArmClient
from shared.arm.endpoints import QuotaClass
from shared.arm.pacing import QuotaRequest
from shared.arm.quota_state import QuotaStates
from shared.arm.request import ArmPage, ArmRequest, Json, TokenSource
from shared.arm.response import ArmResponse
from shared.core.clock import Clock
from shared.core.errors import CaletaError, LocallyThrottled, Throttled

Headers = Mapping[str, str]
COSTS = "costs"
"""The key of a tenant's query units in the quota state."""


@dataclass(frozen=True)
class Caller:
    """The user on whose behalf a call is made, and the step or job it is for; each has one reservation at a time."""

    tenant_id: str
    user_object_id: str
    work: str
    tokens: TokenSource


class Quota(Protocol):
    """The quota that one call uses."""

    def acquire(self) -> float:
        """Return the seconds until the call may be sent; 0.0 means now, and the call counts as sent."""

    def record_response(self, answers: Sequence[ArmResponse]) -> None:
        """Record any response but a throttle; `answers` is empty if there was none."""

    def record_throttle(self, seconds: float, headers: Headers) -> float:
        """Record a throttle that named `seconds`; return the seconds until the next try."""


class PacedArm:
    """Send like ArmClient, within every quota. `speed_up` shortens Azure's windows in a local run."""

    def __init__(self, arm: ArmClient, states: QuotaStates, clock: Clock, speed_up: float = 1.0) -> None:
        self._arm = arm
        self._states = states
        self._clock = clock
        self._speed_up = speed_up

    def send(
        self, request: ArmRequest, caller: Caller, cursor: str | None = None, through: ArmClient | None = None
    ) -> ArmPage:
        """Return one page; `through` is another client than the default.

        Raises LocallyThrottled before anything is sent, and what ArmClient raises.
        """
        quota = self._quota(request, caller)
        wait = quota.acquire()
        if wait > 0:
            raise LocallyThrottled(wait, request.endpoint.quota.value)
        answers: list[ArmResponse] = []
        try:
            page = (through or self._arm).send_observed(request, caller.tokens, cursor, answers.append)
        except Throttled as refusal:
            wait = quota.record_throttle(refusal.retry_after_seconds, _headers(answers))
            raise Throttled(max(wait, refusal.retry_after_seconds), refusal.quota) from None
        except CaletaError:
            quota.record_response(answers)
            raise
        quota.record_response(answers)
        return page

    def is_congested(self, tenant_id: str) -> bool:
        """Whether the tenant's own users take so much of Cost Management that only small queries get through."""
        return pacing.is_congested(self._states.read(tenant_id, COSTS), QuotaClock(self._clock, self._speed_up).seconds)

    def clear_reservations(self, tenant_id: str) -> None:
        """Clear a tenant's reservations before a new scan: a cancelled scan never uses the ones it made."""
        self._states.change(tenant_id, COSTS, lambda state: (pacing.without_reservations(state), True))

    def _quota(self, request: ArmRequest, caller: Caller) -> Quota:
        clock = QuotaClock(self._clock, self._speed_up)
        if request.endpoint.quota is QuotaClass.COST_MANAGEMENT:
            asked = QuotaRequest(caller.work, (request.subscription_id or "")[-12:], query_units(request.body))
            return QueryUnitQuota(self._states, caller.tenant_id, asked, clock)
        return RequestBucket(self._states, caller.tenant_id, _bucket_of(request, caller), request.endpoint.quota, clock)


@dataclass(frozen=True)
class QuotaClock:
    """The current time, as a date and in seconds of Azure's quota windows."""

    clock: Clock
    speed_up: float

    @property
    def date(self) -> datetime:
        return self.clock.now()

    @property
    def seconds(self) -> float:
        return self.clock.now().timestamp() * self.speed_up


class QueryUnitQuota:
    """Cost Management's query units, shared by the whole tenant."""

    def __init__(self, states: QuotaStates, tenant_id: str, request: QuotaRequest, now: QuotaClock) -> None:
        self._states, self._tenant_id, self._ask, self._now = states, tenant_id, request, now
        self._sent_at = now.seconds

    def acquire(self) -> float:
        now = self._sent_at = round(self._now.seconds, 2)
        wait = self._states.change(self._tenant_id, COSTS, lambda state: pacing.reserve(state, now, self._ask))
        return wait or 0.0

    def record_response(self, answers: Sequence[ArmResponse]) -> None:
        """Count a query that was rejected (4xx) as free unless Azure says otherwise."""
        headers = _headers(answers)
        consumed, left = quota_headers.units_consumed(headers), quota_headers.units_left(headers)
        if consumed is None and answers and answers[-1].status in range(400, 500):
            consumed = 0
        self._states.change(
            self._tenant_id,
            COSTS,
            lambda state: (pacing.after_response(state, self._sent_at, self._ask, consumed, left), True),
        )

    def record_throttle(self, seconds: float, headers: Headers) -> float:
        """Reserve the next slot at once, so that the returned wait is complete."""
        now, left = self._now.seconds, quota_headers.units_left(headers)
        is_scopes = quota_headers.is_about_scope_alone(headers, self._now.date)
        note = pacing.after_scope_throttle if is_scopes else pacing.after_throttle

        def change(state: pacing.QuotaState) -> tuple[pacing.QuotaState, float]:
            return pacing.reserve(note(state, now, self._sent_at, self._ask, seconds, left), now, self._ask)

        return self._states.change(self._tenant_id, COSTS, change) or seconds


class RequestBucket:
    """Resource Graph's and Resource Manager's request quota; paused while little of it is left."""

    def __init__(self, states: QuotaStates, tenant_id: str, key: str, quota: QuotaClass, now: QuotaClock) -> None:
        self._states, self._tenant_id, self._key, self._quota, self._now = states, tenant_id, key, quota, now

    def acquire(self) -> float:
        now = self._now.seconds
        state = pacing.current(self._states.read(self._tenant_id, self._key), now)
        return max(0.0, state.closed_until - now)

    def record_response(self, answers: Sequence[ArmResponse]) -> None:
        headers = _headers(answers)
        pause = quota_headers.pause_seconds(self._quota, headers, self._now.date)
        if pause > 0:
            self._close(pause)

    def record_throttle(self, seconds: float, headers: Headers) -> float:  # noqa: ARG002 - the protocol's signature
        self._close(seconds)
        return seconds

    def _close(self, seconds: float) -> None:
        until = self._now.seconds + seconds
        self._states.change(self._tenant_id, self._key, lambda state: (pacing.closed(state, until), True))


def _bucket_of(request: ArmRequest, caller: Caller) -> str:
    """Return the key of the bucket: Resource Graph has one per user, Resource Manager one per subscription and user."""
    if request.endpoint.quota is QuotaClass.RESOURCE_GRAPH:
        return f"graph.{caller.user_object_id}"
    return f"reads.{request.subscription_id or 'tenant'}.{caller.user_object_id}"


def _headers(answers: Sequence[ArmResponse]) -> Headers:
    return answers[-1].headers if answers else {}


def query_units(body: Mapping[str, Json] | None) -> int:
    """Return the number of calendar months in the query's `timePeriod`."""
    period = (body or {})["timePeriod"]
    first, last = (date.fromisoformat(period[end][:10]) for end in ("from", "to"))
    return (last.year - first.year) * 12 + last.month - first.month + 1
