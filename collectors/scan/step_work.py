"""One worker's hold on one step: page after page, until the step ends or its message's time is up."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from types import TracebackType
from typing import Self

from collectors.base import Collector, Row, StepContext
from collectors.scan.asking import Asking
from collectors.scan.complaint import complaint, with_what_was_read
from collectors.scan.dispatch import end_the_others, finish_if_last, send_next
from collectors.scan.outcomes import (
    SIGN_IN_NEEDED,
    End,
    Outcome,
    Postpone,
    Simplify,
    Situation,
    SkipRequest,
    StopScan,
    WaitHere,
    outcome_of,
)
from shared.arm.paced_arm import Asker
from shared.arm.request import ArmPage, ArmRequest
from shared.core.errors import CaletaError, LeaseLost, PagesWithoutEnd
from shared.core.models import Scan, Step, StepStatus
from shared.core.partly_read import Unread, with_another
from shared.observability.events import Event
from shared.observability.telemetry import ROWS, ROWS_PER_SECOND, STEPS, THROTTLE_WAIT, count, note, record, span
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

LEASE_SECONDS = 300
"""How long a worker may be silent between two pages: more than two calls and a short wait can take."""

WORK_SECONDS = 240
"""How long one message is worked on: less than a lock lasts even if it is never renewed."""

MAX_PAGES = 1_000
"""Five million cost rows, or a million resources, of one subscription: beyond this, links grow without end."""

PATIENCE = timedelta(days=3)
"""How long a scan may go on waiting. A thousand subscriptions take 20 hours of Cost Management's quota."""

INTERRUPTED = "Something failed on our side; this part is taken up again in a moment."

MAX_ATTEMPTS = 5_000
"""Messages of one step; with this many it is going round in circles."""


class StepWork:
    """The work of one message on a step that is held by us. `faults` is what the message carried.

    If an exception escapes, the step is given back first, for the message that is delivered again.
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
    def asker(self) -> Asker:
        tenant_id, user = self.scan.tenant_id, self.scan.user_object_id
        return Asker(tenant_id, user, f"step {self.step.step_id}", self.services.tokens.for_user(tenant_id, user))

    def run(self) -> None:
        """Works until the step has ended or belongs to a later message."""
        step = self.step
        with span(f"step {step.collector}", scan=step.scan_id, step=step.step_id, attempt=step.attempt):
            self._run()

    def _run(self) -> None:
        is_ours = True
        while is_ours:
            try:
                is_ours = self._go_on()
            except CaletaError as error:
                outcome = outcome_of(error, self._situation())
                if outcome is None:
                    raise
                is_ours = self._follow(outcome)

    def _go_on(self) -> bool:
        """Takes one step forward; False once there is nothing left for this message."""
        requests = self._asking().requests
        if self.step.request_index >= len(requests):
            return self._succeed(len(requests))
        if (self.services.clock.now() - self.started_at).total_seconds() > WORK_SECONDS:
            return self._hand_over()
        if self._scan_has_ended():
            return self._let_go()
        with span("result page", page=self.step.pages, collector=self.step.collector):
            self._read_page(requests[self.step.request_index])
        return True

    def _asking(self) -> Asking:
        """What there is to ask. A step that counts in other requests, a deployment having changed them, begins anew."""
        paced, step = self.services.paced_arm, self.step
        asking = Asking.in_turn(paced, step.tenant_id, self.collector, self._context(), step.plan_key)
        if self.step.plan_key != asking.key:
            if self.step.pages or self.step.request_index:
                self._log_event(Event.STEP_RESTARTED, "what it asks Azure is divided otherwise than when it was begun")
                self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=self.step.simplified)
                self.cursors_seen.clear()
            self.step = replace(self.step, plan_key=asking.key)
        return asking

    def _read_page(self, request: ArmRequest) -> None:
        index, cursor = self.step.request_index, self.step.cursor
        page = self.services.paced_arm.send(request, self.asker, cursor)
        self.page_in_hand = page
        self._check_cursor(page.next_cursor)
        rows = self.collector.rows(self._context(), page.payload, cursor is None)
        next_index = index if page.next_cursor else index + 1
        self._save_and_measure(page, rows, next_index)
        self.page_in_hand = None
        self.faults = 0

    def _check_cursor(self, cursor: str | None) -> None:
        if cursor is None:
            return
        place = (self.step.request_index, cursor)
        if cursor == self.step.cursor or place in self.cursors_seen:
            raise PagesWithoutEnd("the link to the next page leads back to a page already read")
        if self.step.pages >= MAX_PAGES:
            raise PagesWithoutEnd(f"there is still a next page after {MAX_PAGES} pages")
        self.cursors_seen.add(place)

    def _save_and_measure(self, page: ArmPage, rows: Iterable[Row], next_index: int) -> None:
        rows_before, began = self.step.rows, self.services.clock.now()
        self._save(page, rows, next_index, page.next_cursor)
        saved, seconds = self.step.rows - rows_before, (self.services.clock.now() - began).total_seconds()
        note(rows=saved)
        count(ROWS, saved, collector=self.step.collector)
        if saved and seconds > 0:
            record(ROWS_PER_SECOND, saved / seconds, collector=self.step.collector)

    def _save(self, page: ArmPage, rows: Iterable[Row], next_index: int, next_cursor: str | None) -> None:
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
        )

    def _succeed(self, requests: int) -> bool:
        step = self.step
        code, reason = complaint(self.collector, step.rows, requests, step.unread_json, simplified=step.simplified)
        self._complete(End(StepStatus.SUCCEEDED, code, reason))
        return False

    def _hand_over(self) -> bool:
        self._log_event(Event.STEP_HANDED_OVER, "its message's time is up")
        self.steps.release(self.step, self.services.clock.now())
        send_next(self.services, self.step, faults=self.faults)
        return False

    def _scan_has_ended(self) -> bool:
        """Whether the user has disconnected meanwhile: then nothing more is read, not even this step."""
        scan = self.services.scans.get(self.scan.tenant_id, self.scan.scan_id)
        return scan is None or scan.status.is_final

    def _let_go(self) -> bool:
        self._log_event(Event.STEP_ABANDONED, "its scan has ended")
        self.steps.release(self.step, self.services.clock.now())
        return False

    def _situation(self) -> Situation:
        waited, step = self.services.clock.now() - self.scan.requested_at, self.step
        return Situation(
            short_waits=self.short_waits,
            faults=self.faults,
            can_simplify=self.collector.simplified_notice is not None and not step.simplified,
            is_late=waited > PATIENCE or step.attempt > MAX_ATTEMPTS,
            can_skip=self._asking().can_skip(step.request_index, step.pages, step.unread_json),
        )

    def _follow(self, outcome: Outcome) -> bool:
        """Does what follows from an error; True if the step is still ours."""
        match outcome:
            case WaitHere():
                self._wait_here(outcome)
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
        return isinstance(outcome, WaitHere | Simplify | SkipRequest)

    def _wait_here(self, outcome: WaitHere) -> None:
        self._log_event(Event.STEP_THROTTLED, outcome.reason, seconds=f"{outcome.seconds:.1f}")
        record(THROTTLE_WAIT, outcome.seconds, collector=self.step.collector, where="here")
        self.short_waits += 1
        self.services.clock.sleep(outcome.seconds)

    def _simplify(self, outcome: Simplify) -> None:
        self._log_event(Event.STEP_SIMPLIFIED, outcome.reason)
        self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=True)
        self.cursors_seen.clear()

    def _skip(self, outcome: SkipRequest) -> None:
        """Reads on without what was refused; the step will say what that was."""
        refused = self._asking().requests[self.step.request_index].title
        self._log_event(Event.STEP_REQUEST_SKIPPED, f"{refused}: {outcome.reason}", alert=outcome.alert)
        unread = with_another(self.step.unread_json, Unread(refused, outcome.code, outcome.reason))
        self.step = self.steps.skip_request(self.step, unread, self.services.clock.now())
        self.faults = 0

    def _postpone(self, outcome: Postpone) -> None:
        self._log_event(Event.STEP_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
        record(THROTTLE_WAIT, outcome.seconds, collector=self.step.collector, where="queue")
        now = self.services.clock.now()
        not_before = now + timedelta(seconds=outcome.seconds)
        self.steps.wait(self.step, not_before, outcome.reason, now)
        send_next(self.services, self.step, faults=outcome.faults, at=not_before)

    def _stop_scan(self, outcome: StopScan) -> None:
        end = End(StepStatus.BLOCKED, SIGN_IN_NEEDED, outcome.reason)
        end_the_others(self.services, self.step, end, LEASE_SECONDS)
        self._complete(end)

    def _complete(self, end: End) -> None:
        if end.drops_rows:
            self.step = self.steps.restart(self.step, self.services.clock.now(), simplified=self.step.simplified)
        if end.keeps_page and self.page_in_hand is not None:
            # Without rows: it is there for whoever teaches the program to read it.
            self._save(self.page_in_hand, (), self.step.request_index, self.step.cursor)
        self._log_event(Event(f"step-{end.status}"), end.reason, alert=end.alert, code=end.code)
        note(outcome=end.status.value, code=end.code)
        count(STEPS, collector=self.step.collector, outcome=end.status.value)
        self.steps.complete(
            self.step,
            end.status,
            self.services.clock.now(),
            code=end.code,
            reason=with_what_was_read(end, self.step.rows),
            remedy_role=end.remedy_role,
            remedy_scope=end.remedy_scope,
        )
        finish_if_last(self.services, self.step.tenant_id, self.step.scan_id)

    def _context(self) -> StepContext:
        return StepContext(self.step.subscription_id, self.scan.period, self.step.simplified)

    def _log_event(
        self, event: Event, reason: str | None, level: int = logging.INFO, *, alert: str | None = None, **more: object
    ) -> None:
        now = {"attempt": self.step.attempt, "faults": self.faults, "pages": self.step.pages}
        log_event(log, event, reason, level=level, alert=alert, about={**now, **more})
