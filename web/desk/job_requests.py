"""Requests a job: checks that data may be read, records the request, then sends the message."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.core.audit import Action, Outcome
from shared.core.errors import Conflict
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.core.operators import Operator
from shared.messaging.job_messages import new_job, send_job
from shared.wiring import Services
from web.desk.access import actor, scan_event
from web.desk.layout import read_refusal
from web.http.messages import Response, redirect
from web.rendering.pages import no_such_page

MAX_DETAIL_CHARACTERS = 12_000


@dataclass(frozen=True)
class JobRequest:
    """A job to create. `parts` is the total of its progress bar; `details` are written to the audit log."""

    kind: JobKind
    action: Action
    title: str
    parameters: Mapping[str, Any]
    parts: int
    details: Mapping[str, str]


def check_readable(services: Services, scan: Scan) -> None:
    """Raise Conflict with the reason if no data may be read for this scan now."""
    refusal = read_refusal(services, scan)
    if refusal is not None:
        raise Conflict("No data can be read for this scan now", refusal)


def request_job(services: Services, scan: Scan, who: Operator, request: JobRequest, reason: str) -> Response:
    """Store the job with its audit event, send its message, and redirect to its page. Raises Conflict."""
    check_readable(services, scan)
    job = new_job(
        scan,
        request.kind,
        request.title,
        request.parameters,
        request.parts,
        reason=reason,
        who=actor(who),
        now=services.clock.now(),
    )
    event = scan_event(scan, who, request.action, job.requested_at, reason, Outcome.REQUESTED)
    details = {name: text[:MAX_DETAIL_CHARACTERS] for name, text in request.details.items()}
    event = replace(event, details={"job": job.job_id, "what": job.title, **details})
    if not services.operator_jobs.create(job, event):
        raise no_such_page()
    send_job(services.queues, job, 1)
    return redirect(f"/desk/scans/{scan.scan_id}/jobs/{job.job_id}")
