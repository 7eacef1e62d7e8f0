"""The ARM client, with manners: it asks when there is room in a quota, and keeps away from one that is nearly empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from shared.arm import pacing, quota_headers
from shared.arm.answer import Answer
from shared.arm.client import ArmClient
from shared.arm.endpoints import QuotaClass
from shared.arm.pacing import Ask
from shared.arm.quota_state import QuotaStates
from shared.arm.request import ArmPage, ArmRequest, Json, TokenSource
from shared.core.clock import Clock
from shared.core.errors import CaletaError, NotOurTurn, Throttled

Headers = Mapping[str, str]
COSTS = "costs"
"""The key of a tenant's query units."""


@dataclass(frozen=True)
class Asker:
    """On whose behalf is asked, and for which piece of work (a step, a job): each has one turn at a time."""

    tenant_id: str
    user_object_id: str
    work: str
    tokens: TokenSource


class Quota(Protocol):
    """What one call draws on."""

    def wait_before(self) -> float:
        """Seconds until it may be sent; 0.0: now, and then it counts as sent."""

    def answered(self, answers: Sequence[Answer]) -> None:
        """After any answer but a refusal for lack of quota; or after none."""

    def refused(self, seconds: float, headers: Headers) -> float:
        """After such a refusal, which named so many seconds; the seconds until the next try."""


class PacedArm:
    """Sends like ArmClient, within what every quota allows; `speed_up` is that of Azure's windows in a local run."""

    def __init__(self, arm: ArmClient, states: QuotaStates, clock: Clock, speed_up: float = 1.0) -> None:
        self._arm = arm
        self._states = states
        self._clock = clock
        self._speed_up = speed_up

    def send(
        self, request: ArmRequest, asker: Asker, cursor: str | None = None, through: ArmClient | None = None
    ) -> ArmPage:
        """One page, `through` another client than the usual one if given.

        Raises NotOurTurn before anything is sent, and what ArmClient raises.
        """
        quota = self._quota(request, asker)
        wait = quota.wait_before()
        if wait > 0:
            raise NotOurTurn(wait, request.endpoint.quota.value)
        answers: list[Answer] = []
        try:
            page = (through or self._arm).ask(request, asker.tokens, cursor, answers.append)
        except Throttled as refusal:
            wait = quota.refused(refusal.retry_after_seconds, _headers(answers))
            raise Throttled(max(wait, refusal.retry_after_seconds), refusal.quota) from None
        except CaletaError:
            quota.answered(answers)
            raise
        quota.answered(answers)
        return page

    def is_crowded(self, tenant_id: str) -> bool:
        """Whether the tenant's own people use so much of Cost Management that only small queries get through."""
        return pacing.is_crowded(self._states.read(tenant_id, COSTS), Moment(self._clock, self._speed_up).seconds)

    def forget_turns(self, tenant_id: str) -> None:
        """Frees the turns of a tenant, before a new scan: an earlier one that was cancelled will never take its own."""
        self._states.change(tenant_id, COSTS, lambda line: (pacing.without_turns(line), True))

    def _quota(self, request: ArmRequest, asker: Asker) -> Quota:
        moment = Moment(self._clock, self._speed_up)
        if request.endpoint.quota is QuotaClass.COST_MANAGEMENT:
            ask = Ask(asker.work, (request.subscription_id or "")[-12:], query_units(request.body))
            return QueryUnits(self._states, asker.tenant_id, ask, moment)
        return Bucket(self._states, asker.tenant_id, _bucket_of(request, asker), request.endpoint.quota, moment)


@dataclass(frozen=True)
class Moment:
    """Now, as people and as Azure's windows count it."""

    clock: Clock
    speed_up: float

    @property
    def date(self) -> datetime:
        return self.clock.now()

    @property
    def seconds(self) -> float:
        return self.clock.now().timestamp() * self.speed_up


class QueryUnits:
    """Cost Management's: a turn in the tenant's line."""

    def __init__(self, states: QuotaStates, tenant_id: str, ask: Ask, now: Moment) -> None:
        self._states, self._tenant_id, self._ask, self._now = states, tenant_id, ask, now
        self._sent_at = now.seconds

    def wait_before(self) -> float:
        now = self._sent_at = round(self._now.seconds, 2)
        wait = self._states.change(self._tenant_id, COSTS, lambda line: pacing.take_turn(line, now, self._ask))
        return wait or 0.0

    def answered(self, answers: Sequence[Answer]) -> None:
        """A query that was found wanting before it was worked on is taken to have cost nothing."""
        headers = _headers(answers)
        consumed, left = quota_headers.units_consumed(headers), quota_headers.units_left(headers)
        if consumed is None and answers and answers[-1].status in range(400, 500):
            consumed = 0
        self._states.change(
            self._tenant_id,
            COSTS,
            lambda line: (pacing.answered(line, self._sent_at, self._ask, consumed, left), True),
        )

    def refused(self, seconds: float, headers: Headers) -> float:
        """Takes the next turn at once, so that the wait is the whole one."""
        now, left = self._now.seconds, quota_headers.units_left(headers)
        is_scopes = quota_headers.is_about_scope_alone(headers, self._now.date)
        note = pacing.scope_refused if is_scopes else pacing.refused

        def change(line: pacing.Line) -> tuple[pacing.Line, float]:
            return pacing.take_turn(note(line, now, self._sent_at, self._ask, seconds, left), now, self._ask)

        return self._states.change(self._tenant_id, COSTS, change) or seconds


class Bucket:
    """Resource Graph's and Resource Manager's: left alone for a while once little is left in it."""

    def __init__(self, states: QuotaStates, tenant_id: str, key: str, quota: QuotaClass, now: Moment) -> None:
        self._states, self._tenant_id, self._key, self._quota, self._now = states, tenant_id, key, quota, now

    def wait_before(self) -> float:
        now = self._now.seconds
        line = pacing.current(self._states.read(self._tenant_id, self._key), now)
        return max(0.0, line.closed_until - now)

    def answered(self, answers: Sequence[Answer]) -> None:
        headers = _headers(answers)
        pause = quota_headers.pause_seconds(self._quota, headers, self._now.date)
        if pause > 0:
            self._close(pause)

    def refused(self, seconds: float, headers: Headers) -> float:  # noqa: ARG002 - every quota is told alike
        self._close(seconds)
        return seconds

    def _close(self, seconds: float) -> None:
        until = self._now.seconds + seconds
        self._states.change(self._tenant_id, self._key, lambda line: (pacing.closed(line, until), True))


def _bucket_of(request: ArmRequest, asker: Asker) -> str:
    """Of Resource Graph each user has one, of Resource Manager one for each subscription and one for the tenant."""
    if request.endpoint.quota is QuotaClass.RESOURCE_GRAPH:
        return f"graph.{asker.user_object_id}"
    return f"reads.{request.subscription_id or 'tenant'}.{asker.user_object_id}"


def _headers(answers: Sequence[Answer]) -> Headers:
    return answers[-1].headers if answers else {}


def query_units(body: Mapping[str, Json] | None) -> int:
    """The calendar months of the query's `timePeriod`."""
    period = (body or {})["timePeriod"]
    first, last = (date.fromisoformat(period[end][:10]) for end in ("from", "to"))
    return (last.year - first.year) * 12 + last.month - first.month + 1
