"""Re-pulls, and every job of a scan with its progress and what came of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.arm.catalogue import COLLECTED, collected_kind
from shared.core.audit import Action
from shared.core.errors import BadRequest
from shared.core.models import Scan, Step
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.job_requests import Wish, ask
from web.desk.layout import desk_page, refusal_now
from web.http.messages import Request, Response
from web.rendering.metric_chart import charts
from web.rendering.pages import no_such_page
from web.rendering.steps import TONES, state_text

JOB_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESULT_ROWS = 100

JOB_WORDS = {
    JobState.QUEUED: ("In the queue", "busy"),
    JobState.RUNNING: ("Reading", "busy"),
    JobState.WAITING: ("Waiting", "busy"),
    JobState.DONE: ("Done", "good"),
    JobState.REFUSED: ("Refused", "bad"),
    JobState.FAILED: ("Failed", "bad"),
}
KIND_WORDS = {
    JobKind.REPULL: "Re-pull",
    JobKind.RESOURCE_QUERY: "Resource Graph query",
    JobKind.COST_QUERY: "Cost query",
    JobKind.METRICS: "Metrics",
}
EVERYTHING = "everything"


@dataclass(frozen=True)
class StepChoice:
    """A step that can be read anew."""

    step: Step
    title: str
    tone: str
    words: str


def desk_jobs(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/jobs."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    steps = services.steps.list(scan.tenant_id, scan.scan_id)
    now = services.clock.now()
    return desk_page(
        "desk/jobs.html",
        services,
        who,
        scan,
        "/jobs",
        refusal=refusal_now(scan, services.reviews.get(scan.tenant_id, scan.scan_id), services),
        kinds=[kind for kind in COLLECTED if any(step.collector == kind.name for step in steps)],
        choices=[StepChoice(s, collected_kind(s.collector).title, TONES[s.status], state_text(s, now)) for s in steps],
        jobs=services.operator_jobs.list(scan.tenant_id, scan.scan_id),
        job_words=JOB_WORDS,
        kind_words=KIND_WORDS,
        everything=EVERYTHING,
    )


def desk_repull(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/repull: `what` is a step's number, a collector's name, or everything."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    reason = reason_of(request)
    steps, title = _chosen(request.form.get("what", ""), services.steps.list(scan.tenant_id, scan.scan_id))
    numbers = [step.step_id for step in steps]
    details = {"steps": ", ".join(f"{step.collector} of {step.subscription_id}" for step in steps)}
    wish = Wish(JobKind.REPULL, Action.REPULL, title, {"steps": numbers}, len(numbers), details)
    return ask(services, scan, who, wish, reason)


def _chosen(what: str, steps: Sequence[Step]) -> tuple[list[Step], str]:
    """The steps, and what they are called together; raises BadRequest."""
    if what == EVERYTHING and steps:
        return [*steps], "Re-pull of the whole scan"
    by_collector = [step for step in steps if step.collector == what]
    if by_collector:
        return by_collector, f"Re-pull of {collected_kind(what).title}"
    by_number = [step for step in steps if str(step.step_id) == what]
    if not by_number:
        raise BadRequest("There is nothing of that name to re-pull", "Go back and choose from the list.")
    step = by_number[0]
    return by_number, f"Re-pull of {collected_kind(step.collector).title} of {step.subscription_name}"


def desk_job(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/jobs/{job_id}."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    job = own_job(request, services, scan)
    page = page_of(request.query)
    table = services.adhoc_results.get(job.tenant_id, job.job_id)
    shown = table.rows[page * RESULT_ROWS : (page + 1) * RESULT_ROWS] if table else ()
    series = services.metric_series.of_job(job.tenant_id, job.job_id)
    return desk_page(
        "desk/job.html",
        services,
        who,
        scan,
        "/jobs",
        job=job,
        job_words=JOB_WORDS,
        kind_words=KIND_WORDS,
        table=table,
        rows=shown,
        page=page,
        pages=-(-len(table.rows) // RESULT_ROWS) if table else 0,
        charts=charts(series),
        subscriptions=subscription_names(services, scan),
    )


def own_job(request: Request, services: Services, scan: Scan) -> OperatorJob:
    """The job of the route, if it is of this scan; otherwise the same answer as for none."""
    job_id = request.route.get("job_id", "")
    job = services.operator_jobs.get(scan.tenant_id, job_id) if JOB_ID.fullmatch(job_id) else None
    if job is None or job.scan_id != scan.scan_id:
        raise no_such_page()
    return job
