"""Reading steps of a scan anew: what was read before stays until all of a step's new pages are there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from collectors.base import Collector, Row, StepContext
from collectors.finish import ending
from collectors.operator_jobs import LEASE_SECONDS, Hold, part_done
from collectors.registry import collector
from collectors.step_work import MAX_PAGES
from shared.arm.request import ArmPage, ArmRequest
from shared.core.errors import UnexpectedPayload
from shared.core.models import Scan, Step
from shared.core.operator_jobs import OperatorJob, Place
from shared.sql.cost_totals import CostTotals
from shared.sql.repulls import NewReading, Repulls
from shared.sql.steps import Steps
from shared.wiring import Services


class RepullWork:
    """The parts are steps. Each is swapped in one transaction; afterwards totals and coverage follow."""

    can_simplify = True

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:
        self.services = services
        self.scan = scan
        self.repulls = Repulls(services.database)
        known = {step.step_id: step for step in Steps(services.database).list(scan.tenant_id, scan.scan_id)}
        self.steps: list[Step] = [known[step_id] for step_id in job.parameters["steps"]]

    def name_of(self, part: int) -> str:
        step = self.steps[part]
        return f"{step.subscription_name}, {step.collector.replace('_', ' ')}: kept as it was"

    def read(self, hold: Hold, place: Place) -> None:
        """One page of one step."""
        step = self.steps[place.part]
        known = collector(step.collector)
        context = StepContext(step.subscription_id, self.scan.period, place.simplified)
        requests = known.requests(context)
        page = self.services.paced_arm.send(requests[place.request_index], hold.asker, place.cursor)
        for _ in known.rows(context, page.payload, place.cursor is None):
            pass  # They are made again at the swap; here an unknown shape is noticed before anything is kept.
        self._keep(hold, place, step, known, context, page, requests)

    def _keep(
        self,
        hold: Hold,
        place: Place,
        step: Step,
        known: Collector,
        context: StepContext,
        page: ArmPage,
        requests: tuple[ArmRequest, ...],
    ) -> None:
        following = after(place, page)
        storable, now = known.storable(page), hold.now()
        if following.request_index < len(requests):
            hold.job = self.repulls.stage(hold.job, following, storable, place.pages, now, LEASE_SECONDS)
        else:
            reading = new_reading(known, context)
            next_part = part_done(place)
            hold.job = self.repulls.swap(hold.job, next_part, step, storable, reading, now, LEASE_SECONDS)
        hold.faults = 0

    def end(self, hold: Hold, place: Place) -> str:
        """Totals, and what the scan is now said to have read."""
        key = (self.scan.tenant_id, self.scan.scan_id)
        CostTotals(self.services.database).compute(*key)
        self.repulls.restate(self.scan, *ending(Steps(self.services.database).list(*key)))
        hold.job = self.repulls.discard(hold.job, place, hold.now(), LEASE_SECONDS)
        noun = "reading was" if len(self.steps) == 1 else "readings were"
        return f"{place.good} of {len(self.steps)} {noun} replaced."


def after(place: Place, page: ArmPage) -> Place:
    """Where to go on after this page of the part; raises UnexpectedPayload for pages without an end."""
    if page.next_cursor is not None and (page.next_cursor == place.cursor or place.pages >= MAX_PAGES):
        raise UnexpectedPayload("the pages have no end")
    firsts = (*place.firsts, place.pages) if place.cursor is None else place.firsts
    index = place.request_index if page.next_cursor else place.request_index + 1
    return replace(place, request_index=index, cursor=page.next_cursor, pages=place.pages + 1, firsts=firsts)


def new_reading(known: Collector, context: StepContext) -> NewReading:
    """How the collector makes rows of pages that were kept."""

    def rows_of(body: bytes, is_first_page: bool) -> Iterator[Row]:
        payload = json.loads(body, parse_float=Decimal) if body.strip() else None
        return known.rows(context, payload, is_first_page)

    def complaint(rows: int) -> tuple[str | None, str | None]:
        if known.empty_notice and not rows:
            return "NoRows", known.empty_notice
        return ("Simplified", known.simplified_notice) if context.simplified else (None, None)

    return NewReading(known.columns, context.simplified, rows_of, complaint)
