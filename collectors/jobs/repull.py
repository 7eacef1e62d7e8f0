"""Read steps of a scan again. A step's old data stays until all of its new pages are stored."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from collectors.base import Row, StepContext
from collectors.jobs.lease import LEASE_SECONDS, JobLease, after_part
from collectors.registry import collector
from collectors.scan.completion import ReadSoFar, completion_notice
from collectors.scan.dispatch import send_drafting
from collectors.scan.finish import ending
from collectors.scan.outcomes import query_refused
from collectors.scan.request_plan import RequestPlan
from collectors.scan.step_work import MAX_PAGES
from collectors.sifting import Check, consume, sift
from shared.arm.request import ArmPage, ArmRequest
from shared.core.errors import NotOffered, PagesWithoutEnd, QueryRefused
from shared.core.exact_json import exact_json
from shared.core.models import Scan, Step
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.core.partly_read import RefusedRequest, with_refusal
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.reviews.repulls import LastResponse, StepReplacement
from shared.wiring import Services

log = logging.getLogger(__name__)


class RepullWork:
    """Each part is a step, replaced in one transaction; totals and coverage are recomputed afterwards."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:
        self.services = services
        self.scan = scan
        self.repulls = services.repulls
        known = {step.step_id: step for step in services.steps.list(scan.key)}
        self.steps: list[Step] = [known[step_id] for step_id in job.parameters["steps"]]

    def simpler_queries(self, part: int) -> int:
        return len(collector(self.steps[part].collector).simplified_notices)

    def name_of(self, part: int) -> str:
        step = self.steps[part]
        return f"{step.subscription_name}, {step.collector.replace('_', ' ')}: kept as it was"

    def read(self, lease: JobLease, position: JobCursor) -> None:
        """Read one page of one step."""
        step = self.steps[position.part]
        known, context = (
            collector(step.collector),
            StepContext(step.subscription_id, self.scan.period, position.simplified),
        )
        plan = RequestPlan.for_current_quota(self.services.paced_arm, step.tenant_id, known, context, position.plan_key)
        if position.plan_key != plan.key:  # Nothing was read yet, or a deployment has changed what is asked.
            position = replace(position.restarted(simplified=position.simplified), plan_key=plan.key)
        request = plan.requests[position.request_index]
        try:
            page = self.services.paced_arm.send(request, lease.caller, position.cursor)
        except (NotOffered, QueryRefused) as error:
            if not plan.can_skip(position.request_index, position.pages, position.unread_json):
                raise
            self._keep(lease, step, plan, position, without_request(position, request, error), None)
            return
        # Rows are made again at the swap; this pass detects an unknown format before anything is stored.
        sifted = sift(plan.collector, plan.context, page.payload, position.cursor is None, consume)
        for reason, count in sifted.reasons.items():
            log_event(log, Event.STEP_ROWS_SET_ASIDE, reason, alert="rows-set-aside", step=step.step_id, rows=count)
        self._keep(lease, step, plan, position, after_page(position, page), plan.collector.storable(page))

    def _keep(
        self,
        lease: JobLease,
        step: Step,
        plan: RequestPlan,
        position: JobCursor,
        following: JobCursor,
        page: ArmPage | None,
    ) -> None:
        """Store the page and the resume position; after the last request, replace the step's data."""
        now = lease.now()
        if following.request_index < len(plan.requests):
            lease.job = self.repulls.stage(lease.job, following, page, position.pages, now, LEASE_SECONDS)
        else:
            replacement = step_replacement(plan, following)
            last = LastResponse(page, position.pages, following.first_pages)
            lease.job = self.repulls.swap(lease.job, after_part(position), step, last, replacement, now, LEASE_SECONDS)
        lease.faults = 0

    def end(self, lease: JobLease, position: JobCursor) -> str:
        """Recompute totals, update the scan's status and request new drafts; return a summary."""
        key = self.scan.key
        self.services.cost_totals.compute(key)
        self.services.charge_totals.compute(key)
        self.repulls.restate(self.scan, *ending(self.services.steps.list(key), self.scan.left_out_json))
        lease.job = self.repulls.discard(lease.job, position, lease.now(), LEASE_SECONDS)
        send_drafting(self.services.queues, key, mark=f":repull:{lease.job.job_id[:8]}:{lease.job.attempt}")
        noun = "dataset was" if len(self.steps) == 1 else "datasets were"
        return f"{position.good} of {len(self.steps)} {noun} replaced."


def after_page(position: JobCursor, page: ArmPage) -> JobCursor:
    """Return the position after this page of the part; raises PagesWithoutEnd."""
    if page.next_cursor is not None and (page.next_cursor == position.cursor or position.pages >= MAX_PAGES):
        raise PagesWithoutEnd("the pages have no end")
    first_pages = (*position.first_pages, position.pages) if position.cursor is None else position.first_pages
    index = position.request_index if page.next_cursor else position.request_index + 1
    return replace(
        position, request_index=index, cursor=page.next_cursor, pages=position.pages + 1, first_pages=first_pages
    )


def without_request(position: JobCursor, request: ArmRequest, error: NotOffered | QueryRefused) -> JobCursor:
    """Return the position after a request that Azure refused."""
    reason = error.reason if isinstance(error, NotOffered) else query_refused(error)
    unread = with_refusal(position.unread_json, RefusedRequest(request.title, error.code, reason))
    return replace(position, request_index=position.request_index + 1, cursor=None, unread_json=unread)


def step_replacement(plan: RequestPlan, position: JobCursor) -> StepReplacement:
    """Return how the collector makes rows from the stored pages, up to this position."""
    known, simplified = plan.collector, plan.context.simplified

    def rows_of(body: bytes, is_first_page: bool) -> Iterable[Row]:
        return known.rows(plan.context, exact_json(body), is_first_page)

    def readable_of(body: bytes, is_first_page: bool, check: Check) -> tuple[list[Row], Counter[str]]:
        sifted = sift(known, plan.context, exact_json(body), is_first_page, check)
        return sifted.rows, sifted.reasons

    def notice_of(rows: int, set_aside: int, set_aside_json: str | None) -> tuple[str | None, str | None]:
        unread = position.unread_json
        read = ReadSoFar(rows, len(plan.requests), simplified, unread, set_aside, set_aside_json)
        return completion_notice(known, read)

    return StepReplacement(
        known.columns,
        simplified,
        rows_of,
        readable_of,
        lambda body: known.counted(exact_json(body)),
        notice_of,
        plan.key,
        position.unread_json,
    )
