"""The work of one message on one step: page after page, until the step ends or the time limit is reached."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import Self

from collectors.base import Collector, Row, StepContext
from collectors.scan.completion import ReadSoFar, end_of, reason_with_row_count
from collectors.scan.dispatch import end_other_steps, finish_if_last, send_next
from collectors.scan.following import plan_following
from collectors.scan.outcomes import (
    SIGN_IN_NEEDED,
    End,
    Outcome,
    Postpone,
    RetryInPlace,
    Simplify,
    Situation,
    SkipRequest,
    StopScan,
    outcome_of,
)
from collectors.scan.request_plan import RequestPlan
from collectors.sifting import sift
from shared.arm.paced_arm import Caller
from shared.arm.request import ArmPage, ArmRequest
from shared.core.errors import CaletaError, LeaseLost, PagesWithoutEnd, UnexpectedPayload
from shared.core.garbage import collected_at_the_end
from shared.core.models import Scan, Step, StepStatus
from shared.core.partly_read import RefusedRequest, with_refusal
from shared.core.set_aside import SetAside, not_sent
from shared.observability.events import Event
from shared.observability.telemetry import ROWS, ROWS_PER_SECOND, STEPS, THROTTLE_WAIT, count, note, record, span
from shared.observability.work_log import log_event
from shared.sql.scans.dimension_numbers import DimensionNumbers
from shared.wiring import Services

log = logging.getLogger(__name__)

LEASE_SECONDS = 300
"""A worker's lease, renewed with each page: longer than two calls and a short wait."""

WORK_SECONDS = 240
"""Time limit of one message: shorter than its lock, even if the lock is never renewed."""

MAX_PAGES = 1_000
"""Five million cost rows, or a million resources, of one subscription: with more, the links never end."""

PATIENCE = timedelta(days=3)
"""How long a scan may wait. A thousand subscriptions take 20 hours of Cost Management's quota."""

INTERRUPTED = "Something failed on our side. We retry this part in a moment."

MAX_ATTEMPTS = 5_000
"""Maximum messages of one step: with more, it makes no progress."""


class StepWork:
    """The work of one message on a leased step. `faults` is the count that the message carried.

    If an exception escapes, the step is released first, so that the redelivered message can claim it.
    """

    def __init__(self, services: Services, collector: Collector, scan: Scan, step: Step, faults: int) -> None:
        self.services = services
        self.collector = collector
        self.scan = scan
        self.step = step
        self.steps = services.steps
        self.started_at = services.clock.now()
        self.faults = faults
        self.short_waits = 0
        self.known = DimensionNumbers()
        self.page_in_hand: ArmPage | None = None
        self.cursors_seen: set[tuple[int, str]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Exception) and kind is not LeaseLost:
            self._log_event(Event.STEP_INTERRUPTED, kind.__name__, logging.WARNING)
            with suppress(LeaseLost):
                self.steps.release(self.step, self.services.clock.now(), INTERRUPTED)

    @cached_property
    def caller(self) -> Caller:
        tenant_id, user = self.scan.tenant_id, self.scan.user_object_id
        return Caller(tenant_id, user, f"step {self.step.step_id}", self.services.tokens.for_user(tenant_id, user))

    def run(self) -> None:
        """Work until the step has ended or is left to a later message."""
        step = self.step
        with span(f"step {step.collector}", scan=step.scan_id, step=step.step_id, attempt=step.attempt):
            self._run()

    def _run(self) -> None:
        is_ours = True
        while is_ours:
            try:
                is_ours = self._advance()
            except CaletaError as error:
                outcome = outcome_of(error, self._situation())
                if outcome is None:
                    raise
                is_ours = self._follow(outcome)

    def _advance(self) -> bool:
        """Read the next page or end the step; return False once this message has nothing left to do."""
        requests = self._request_plan().requests
        if self.step.request_index >= len(requests):
            return self._succeed(len(requests))
        if (self.services.clock.now() - self.started_at).total_seconds() > WORK_SECONDS:
            return self._requeue()
        if self._scan_has_ended():
            return self._abandon()
        with span("result page", page=self.step.pages, collector=self.step.collector), collected_at_the_end():
            self._read_page(requests[self.step.request_index])
        return True

    def _request_plan(self) -> RequestPlan:
        """Return the requests. If a deployment has changed them since the step started, restart the step."""
        paced, step = self.services.paced_arm, self.step
        plan = RequestPlan.for_current_quota(paced, step.tenant_id, self.collector, self._context(), step.plan_key)
        if self.step.plan_key != plan.key:
            if self.step.pages or self.step.request_index:
                self._log_event(Event.STEP_RESTARTED, "what it asks Azure is divided otherwise than when it was begun")
                self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=self.step.simplified)
                self.cursors_seen.clear()
            self.step = replace(self.step, plan_key=plan.key)
        return plan

    def _read_page(self, request: ArmRequest) -> None:
        index, cursor = self.step.request_index, self.step.cursor
        page = self.services.paced_arm.send(request, self.caller, cursor)
        self.page_in_hand = page
        self._check_cursor(page.next_cursor)
        next_index = index if page.next_cursor else index + 1
        try:
            rows = self.collector.rows(self._context(), page.payload, cursor is None)
            self._save_readable(page, rows, next_index)
        except UnexpectedPayload:
            self._save_what_is_readable(page, next_index, is_first_page=cursor is None)
        self.page_in_hand = None
        self.faults = 0

    def _save_what_is_readable(self, page: ArmPage, next_index: int, *, is_first_page: bool) -> None:
        """Save the page without the items that cannot be read; raises UnexpectedPayload if they are not the cause."""

        def check(rows: Iterable[Row]) -> None:
            self.steps.check_rows(self.collector.name, self.collector.columns, rows)

        sifted = sift(self.collector, self._context(), page.payload, is_first_page, check)
        self._save_readable(page, sifted.rows, next_index, sifted.set_aside(self.step.pages))

    def _save_readable(
        self, page: ArmPage, rows: Iterable[Row], next_index: int, set_aside: tuple[SetAside, ...] = ()
    ) -> None:
        """Save the page; on the last one, set the rows aside that Azure counted and did not send."""
        counted = None if page.next_cursor else self.collector.counted(page.payload)
        if counted is not None:
            rows = list(rows)
            known = self.step.rows + self.step.rows_set_aside + len(rows)
            set_aside = (*set_aside, *not_sent(counted, known, set_aside, self.step.pages))
        self._save_and_measure(page, rows, next_index, set_aside)

    def _check_cursor(self, cursor: str | None) -> None:
        if cursor is None:
            return
        place = (self.step.request_index, cursor)
        if cursor == self.step.cursor or place in self.cursors_seen:
            raise PagesWithoutEnd("the link to the next page leads back to a page already read")
        if self.step.pages >= MAX_PAGES:
            raise PagesWithoutEnd(f"there is still a next page after {MAX_PAGES} pages")
        self.cursors_seen.add(place)

    def _save_and_measure(
        self, page: ArmPage, rows: Iterable[Row], next_index: int, set_aside: tuple[SetAside, ...] = ()
    ) -> None:
        rows_before, began = self.step.rows, self.services.clock.now()
        self._save(page, rows, next_index, page.next_cursor, set_aside)
        for each in set_aside:
            self._log_event(Event.STEP_ROWS_SET_ASIDE, each.reason, alert="rows-set-aside", rows=each.count)
        saved, seconds = self.step.rows - rows_before, (self.services.clock.now() - began).total_seconds()
        note(rows=saved)
        count(ROWS, saved, collector=self.step.collector)
        if saved and seconds > 0:
            record(ROWS_PER_SECOND, saved / seconds, collector=self.step.collector)

    def _save(
        self,
        page: ArmPage,
        rows: Iterable[Row],
        next_index: int,
        next_cursor: str | None,
        set_aside: tuple[SetAside, ...] = (),
    ) -> None:
        self.step = self.steps.save_page(
            self.step,
            self.collector.storable(page),
            self.collector.name,
            self.collector.columns,
            rows,
            next_index,
            next_cursor,
            self.services.clock.now(),
            LEASE_SECONDS,
            set_aside,
            self.known,
        )

    def _succeed(self, requests: int) -> bool:
        step = self.step
        self._complete(
            end_of(
                self.collector,
                ReadSoFar(
                    step.rows, requests, step.simplified, step.unread_json, step.rows_set_aside, step.set_aside_json
                ),
            )
        )
        return False

    def _requeue(self) -> bool:
        self._log_event(Event.STEP_HANDED_OVER, "its message's time is up")
        self.steps.release(self.step, self.services.clock.now())
        send_next(self.services.queues, self.step, faults=self.faults)
        return False

    def _scan_has_ended(self) -> bool:
        """Whether the scan has ended meanwhile, for example because the user disconnected."""
        scan = self.services.scans.get(self.scan.key)
        return scan is None or scan.status.is_final

    def _abandon(self) -> bool:
        self._log_event(Event.STEP_ABANDONED, "its scan has ended")
        self.steps.release(self.step, self.services.clock.now())
        return False

    def _situation(self) -> Situation:
        waited, step = self.services.clock.now() - self.scan.requested_at, self.step
        return Situation(
            short_waits=self.short_waits,
            faults=self.faults,
            can_simplify=step.simplified < len(self.collector.simplified_notices),
            is_late=waited > PATIENCE or step.attempt > MAX_ATTEMPTS,
            can_skip=self._request_plan().can_skip(step.request_index, step.pages, step.unread_json),
            subscription_state=step.subscription_state,
        )

    def _follow(self, outcome: Outcome) -> bool:
        """Apply the outcome of an error; return True if this message continues with the step."""
        match outcome:
            case RetryInPlace():
                self._retry_in_place(outcome)
            case Simplify():
                self._simplify(outcome)
            case SkipRequest():
                self._skip(outcome)
            case Postpone():
                self._postpone(outcome)
            case StopScan():
                self._stop_scan(outcome)
            case End():
                self._complete(outcome)
        return isinstance(outcome, RetryInPlace | Simplify | SkipRequest)

    def _retry_in_place(self, outcome: RetryInPlace) -> None:
        self._log_event(Event.STEP_THROTTLED, outcome.reason, seconds=f"{outcome.seconds:.1f}")
        record(THROTTLE_WAIT, outcome.seconds, collector=self.step.collector, where="here")
        self.short_waits += 1
        self.services.clock.sleep(outcome.seconds)

    def _simplify(self, outcome: Simplify) -> None:
        self._log_event(Event.STEP_SIMPLIFIED, outcome.reason)
        self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=self.step.simplified + 1)
        self.cursors_seen.clear()

    def _skip(self, outcome: SkipRequest) -> None:
        """Skip the refused request and record it in the step."""
        refused = self._request_plan().requests[self.step.request_index].title
        self._log_event(Event.STEP_REQUEST_SKIPPED, f"{refused}: {outcome.reason}", alert=outcome.alert)
        self._keep_page_in_hand()
        unread = with_refusal(self.step.unread_json, RefusedRequest(refused, outcome.code, outcome.reason))
        self.step = self.steps.skip_request(self.step, unread, self.services.clock.now())
        self.faults = 0

    def _postpone(self, outcome: Postpone) -> None:
        self._log_event(Event.STEP_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
        record(THROTTLE_WAIT, outcome.seconds, collector=self.step.collector, where="queue")
        now = self.services.clock.now()
        not_before = now + timedelta(seconds=outcome.seconds)
        self.steps.wait(self.step, not_before, outcome.reason, now)
        send_next(self.services.queues, self.step, faults=outcome.faults, at=not_before)

    def _stop_scan(self, outcome: StopScan) -> None:
        end = End(StepStatus.BLOCKED, SIGN_IN_NEEDED, outcome.reason)
        end_other_steps(self.services, self.step, end, LEASE_SECONDS)
        self._complete(end)

    def _complete(self, end: End) -> None:
        if end.drops_rows:
            self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=self.step.simplified)
        if end.keeps_page:
            self._keep_page_in_hand()
        self._log_event(Event(f"step-{end.status}"), end.reason, alert=end.alert, code=end.code)
        note(outcome=end.status.value, code=end.code)
        count(STEPS, collector=self.step.collector, outcome=end.status.value)
        if end.status is StepStatus.SUCCEEDED:
            plan_following(self.services, self.step)
        self.steps.complete(
            self.step,
            end.status,
            self.services.clock.now(),
            code=end.code,
            reason=reason_with_row_count(end, self.step.rows),
            remedy_role=end.remedy_role,
            remedy_scope=end.remedy_scope,
        )
        finish_if_last(self.services, self.step.scan_key)

    def _keep_page_in_hand(self) -> None:
        """Store a page that could not be read, without rows, so that an engineer can add support for its format."""
        if self.page_in_hand is not None:
            self._save(self.page_in_hand, (), self.step.request_index, self.step.cursor)
            self.page_in_hand = None

    def _context(self) -> StepContext:
        return StepContext(self.step.subscription_id, self.scan.period, self.step.simplified)

    def _log_event(
        self, event: Event, reason: str | None, level: int = logging.INFO, *, alert: str | None = None, **more: object
    ) -> None:
        now = {"attempt": self.step.attempt, "faults": self.faults, "pages": self.step.pages}
        log_event(log, event, reason, level=level, alert=alert, about={**now, **more})
