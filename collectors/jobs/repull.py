"""Reading steps of a scan anew: what was read before stays until all of a step's new pages are there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from collectors.base import Row, StepContext
from collectors.jobs.lease import LEASE_SECONDS, Hold, part_done
from collectors.registry import collector
from collectors.scan.asking import Asking
from collectors.scan.complaint import complaint
from collectors.scan.dispatch import send_drafting
from collectors.scan.finish import ending
from collectors.scan.outcomes import query_refused
from collectors.scan.step_work import MAX_PAGES
from shared.arm.request import ArmPage, ArmRequest
from shared.core.errors import NotOffered, PagesWithoutEnd, QueryRefused
from shared.core.models import Scan, Step
from shared.core.operator_jobs import OperatorJob, Place
from shared.core.partly_read import Unread, with_another
from shared.sql.reviews.repulls import LastPage, NewReading
from shared.wiring import Services


class RepullWork:
    """The parts are steps. Each is swapped in one transaction; afterwards totals and coverage follow."""

    can_simplify = True

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:
        self.services = services
        self.scan = scan
        self.repulls = services.repulls
        known = {step.step_id: step for step in services.steps.list(scan.tenant_id, scan.scan_id)}
        self.steps: list[Step] = [known[step_id] for step_id in job.parameters["steps"]]

    def name_of(self, part: int) -> str:
        step = self.steps[part]
        return f"{step.subscription_name}, {step.collector.replace('_', ' ')}: kept as it was"

    def read(self, hold: Hold, place: Place) -> None:
        """One page of one step."""
        step = self.steps[place.part]
        known, context = (
            collector(step.collector),
            StepContext(step.subscription_id, self.scan.period, place.simplified),
        )
        asking = Asking.in_turn(self.services.paced_arm, step.tenant_id, known, context, place.plan_key)
        if place.plan_key != asking.key:  # Nothing was read yet, or a deployment has changed what is asked.
            place = replace(place.begun_anew(simplified=place.simplified), plan_key=asking.key)
        request = asking.requests[place.request_index]
        try:
            page = self.services.paced_arm.send(request, hold.asker, place.cursor)
        except (NotOffered, QueryRefused) as error:
            if not asking.can_skip(place.request_index, place.pages, place.unread_json):
                raise
            self._keep(hold, step, asking, place, without(place, request, error), None)
            return
        for _ in asking.collector.rows(asking.context, page.payload, place.cursor is None):
            pass  # They are made again at the swap; here an unknown shape is noticed before anything is kept.
        self._keep(hold, step, asking, place, after(place, page), asking.collector.storable(page))

    def _keep(
        self, hold: Hold, step: Step, asking: Asking, place: Place, following: Place, page: ArmPage | None
    ) -> None:
        """What was read, if it was, and where to go on; after the last request the swap."""
        now = hold.now()
        if following.request_index < len(asking.requests):
            hold.job = self.repulls.stage(hold.job, following, page, place.pages, now, LEASE_SECONDS)
        else:
            reading, last = reading_of(asking, following), LastPage(page, place.pages, following.firsts)
            hold.job = self.repulls.swap(hold.job, part_done(place), step, last, reading, now, LEASE_SECONDS)
        hold.faults = 0

    def end(self, hold: Hold, place: Place) -> str:
        """Totals, what the scan is now said to have read, and drafts from what is there now."""
        key = (self.scan.tenant_id, self.scan.scan_id)
        self.services.cost_totals.compute(*key)
        self.repulls.restate(self.scan, *ending(self.services.steps.list(*key)))
        hold.job = self.repulls.discard(hold.job, place, hold.now(), LEASE_SECONDS)
        send_drafting(self.services, *key, mark=f":repull:{hold.job.job_id[:8]}:{hold.job.attempt}")
        noun = "reading was" if len(self.steps) == 1 else "readings were"
        return f"{place.good} of {len(self.steps)} {noun} replaced."


def after(place: Place, page: ArmPage) -> Place:
    """Where to go on after this page of the part; raises PagesWithoutEnd."""
    if page.next_cursor is not None and (page.next_cursor == place.cursor or place.pages >= MAX_PAGES):
        raise PagesWithoutEnd("the pages have no end")
    firsts = (*place.firsts, place.pages) if place.cursor is None else place.firsts
    index = place.request_index if page.next_cursor else place.request_index + 1
    return replace(place, request_index=index, cursor=page.next_cursor, pages=place.pages + 1, firsts=firsts)


def without(place: Place, request: ArmRequest, error: NotOffered | QueryRefused) -> Place:
    """Where to go on without a request that Azure refused."""
    reason = error.reason if isinstance(error, NotOffered) else query_refused(error)
    unread = with_another(place.unread_json, Unread(request.title, error.code, reason))
    return replace(place, request_index=place.request_index + 1, cursor=None, unread_json=unread)


def reading_of(asking: Asking, place: Place) -> NewReading:
    """How the collector makes rows of pages that were kept, up to this place."""
    known, simplified = asking.collector, asking.context.simplified

    def rows_of(body: bytes, is_first_page: bool) -> Iterator[Row]:
        payload = json.loads(body, parse_float=Decimal) if body.strip() else None
        return known.rows(asking.context, payload, is_first_page)

    def complaint_of(rows: int) -> tuple[str | None, str | None]:
        return complaint(known, rows, len(asking.requests), place.unread_json, simplified=simplified)

    return NewReading(known.columns, simplified, rows_of, complaint_of, asking.key, place.unread_json)
