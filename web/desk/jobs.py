"""Re-pulls, and the jobs of a scan with their progress and results."""

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
from web.desk.job_requests import JobRequest, request_job
from web.desk.layout import desk_page, read_refusal
from web.desk.result_cells import cells, headings
from web.http.messages import Request, Response
from web.rendering.metric_chart import charts
from web.rendering.pages import no_such_page
from web.rendering.steps import TONES, state_text

JOB_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROWS_PER_PAGE = 100

STATE_LABELS = {
    JobState.QUEUED: ("Queued", "busy"),
    JobState.RUNNING: ("Reading", "busy"),
    JobState.WAITING: ("Waiting", "busy"),
    JobState.DONE: ("Done", "good"),
    JobState.REFUSED: ("Refused", "bad"),
    JobState.FAILED: ("Failed", "bad"),
}
KIND_LABELS = {
    JobKind.REPULL: "Re-pull",
    JobKind.RESOURCE_QUERY: "Resource Graph query",
    JobKind.COST_QUERY: "Cost query",
    JobKind.METRICS: "Metrics",
}
EVERYTHING = "everything"


@dataclass(frozen=True)
class StepChoice:
    """A step to choose for a re-pull, with its status."""

    step: Step
    title: str
    tone: str
    label: str


def desk_jobs(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/jobs."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    steps = services.steps.list(scan.key)
    now = services.clock.now()
    return desk_page(
        "desk/jobs.html",
        services,
        who,
        scan,
        "/jobs",
        refusal=read_refusal(services, scan),
        kinds=[kind for kind in COLLECTED if any(step.collector == kind.name for step in steps)],
        choices=[StepChoice(s, collected_kind(s.collector).title, TONES[s.status], state_text(s, now)) for s in steps],
        jobs=services.operator_jobs.list(scan.key),
        state_labels=STATE_LABELS,
        kind_labels=KIND_LABELS,
        everything=EVERYTHING,
    )


def desk_repull(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/repull: `target` is a step id, a collector name, or everything."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    steps, title = _target(request.form.get("target", ""), services.steps.list(scan.key))
    return request_job(services, scan, who, _job_request(steps, title), reason_of(request.form))


def _job_request(steps: Sequence[Step], title: str) -> JobRequest:
    step_ids = [step.step_id for step in steps]
    details = {"steps": ", ".join(f"{step.collector} of {step.subscription_id}" for step in steps)}
    return JobRequest(JobKind.REPULL, Action.REPULL, title, {"steps": step_ids}, len(step_ids), details)


def _target(target: str, steps: Sequence[Step]) -> tuple[list[Step], str]:
    """Return the selected steps and the title of the job; raise BadRequest."""
    if target == EVERYTHING and steps:
        return [*steps], "Re-pull of the whole scan"
    by_collector = [step for step in steps if step.collector == target]
    if by_collector:
        return by_collector, f"Re-pull of {collected_kind(target).title}"
    by_id = [step for step in steps if str(step.step_id) == target]
    if not by_id:
        raise BadRequest("Unknown data to re-pull", "Go back and choose from the list.")
    step = by_id[0]
    return by_id, f"Re-pull of {collected_kind(step.collector).title}, {step.subscription_name}"


def desk_job(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/jobs/{job_id}."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    job = own_job(request, services, scan)
    page = page_of(request.query)
    table = services.adhoc_results.get(job.tenant_id, job.job_id)
    shown = table.rows[page * ROWS_PER_PAGE : (page + 1) * ROWS_PER_PAGE] if table else ()
    subscriptions = subscription_names(services.steps, scan)
    series = services.metric_series.of_job(job.tenant_id, job.job_id)
    return desk_page(
        "desk/job.html",
        services,
        who,
        scan,
        "/jobs",
        job=job,
        state_labels=STATE_LABELS,
        kind_labels=KIND_LABELS,
        table=table,
        headings=headings(table.columns, job.kind) if table else (),
        rows=[cells(table.columns, row, job.kind, subscriptions) for row in shown] if table else (),
        page=page,
        pages=-(-len(table.rows) // ROWS_PER_PAGE) if table else 0,
        charts=charts(series),
        subscriptions=subscriptions,
    )


def own_job(request: Request, services: Services, scan: Scan) -> OperatorJob:
    """Return the job of the route if it belongs to this scan; otherwise raise NotFound."""
    job_id = request.route.get("job_id", "")
    job = services.operator_jobs.get(scan.tenant_id, job_id) if JOB_ID.fullmatch(job_id) else None
    if job is None or job.scan_id != scan.scan_id:
        raise no_such_page()
    return job
