"""Asking for a job: only while something may be read, with a reason, on record, then on its way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.core.audit import Action, Outcome
from shared.core.errors import Conflict
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, OperatorJob
from shared.core.operators import Operator
from shared.messaging.job_messages import new_job, send_job
from shared.wiring import Services
from web.desk.access import actor, scan_event
from web.desk.layout import refusal_now
from web.http.messages import Response, redirect
from web.rendering.pages import no_such_page

MAX_DETAIL_CHARACTERS = 12_000


@dataclass(frozen=True)
class Wish:
    """What is asked for. `parts` are what its progress is counted in; `details` go into the audit log."""

    kind: JobKind
    action: Action
    title: str
    parameters: Mapping[str, Any]
    parts: int
    details: Mapping[str, str]


def check_readable(services: Services, scan: Scan) -> None:
    """Raises Conflict, in words, when nothing may be read of this customer now."""
    refusal = refusal_now(scan, services.reviews.get(scan.tenant_id, scan.scan_id), services)
    if refusal is not None:
        raise Conflict("Nothing was read", refusal)


def ask(services: Services, scan: Scan, who: Operator, wish: Wish, reason: str) -> Response:
    """The job and the record of it, then its message; off to its page. Raises Conflict."""
    check_readable(services, scan)
    job = _job(services, scan, who, wish, reason)
    event = scan_event(scan, who, wish.action, job.requested_at, reason, Outcome.REQUESTED)
    details = {name: text[:MAX_DETAIL_CHARACTERS] for name, text in wish.details.items()}
    event = replace(event, details={"job": job.job_id, "what": job.title, **details})
    if not services.operator_jobs.create(job, event):
        raise no_such_page()
    send_job(services.queues, job, 1)
    return redirect(f"/desk/scans/{scan.scan_id}/jobs/{job.job_id}")


def _job(services: Services, scan: Scan, who: Operator, wish: Wish, reason: str) -> OperatorJob:
    now, asked = services.clock.now(), (wish.kind, wish.title, wish.parameters, wish.parts)
    return new_job(scan, *asked, reason=reason, who=actor(who), now=now)
