"""Operators' jobs for tests: a reviewed scan, and jobs asked for as the desk asks for them."""

import json
import uuid
from typing import Any

from collectors.jobs.run import run
from shared.core.audit import Action, AuditEvent, Outcome, operator
from shared.core.messages import OperatorJobMessage
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.messaging.queues import OPERATOR_JOBS
from tests.support.collecting import (
    FIRST,
    TENANT,
    Surroundings,
    collecting_scan,
    cost_page,
    latest,
    step_body,
    steps_of,
)

REVIEWER = "77777777-7777-4777-8777-777777777777"
COSTS_OF_FIRST = ("query_costs", FIRST)


def read_scan(parts: Surroundings, *subscriptions: str) -> Scan:
    """A scan of costs that has been read to its end: 10.00 of each subscription."""
    from collectors.costs import COLLECTOR
    from collectors.scan.run import collect

    wanted = subscriptions or (FIRST,)
    scan = collecting_scan(parts, [("costs", each) for each in wanted])
    for each in wanted:
        parts.azure.pages["query_costs", each] = [cost_page(each, "10.00")]
    for step in steps_of(parts, scan):
        collect(parts, COLLECTOR, step_body(step))
    parts.cost_totals.compute(scan.key)
    status = ScanStatus.COLLECTED
    if any(step.status is not StepStatus.SUCCEEDED for step in steps_of(parts, scan)):
        status = ScanStatus.PARTIAL
    parts.scans.finish(scan.key, status, None, parts.clock.now())
    parts.scans.end_drafting(scan.key, parts.clock.now())
    return latest(parts, scan)


def asked_for(
    parts: Surroundings, scan: Scan, kind: JobKind, parameters: dict[str, Any], number_of_parts: int = 1
) -> OperatorJob:
    """A job that is in the queue."""
    now = parts.clock.now()
    job = OperatorJob(
        job_id=str(uuid.uuid4()), tenant_id=TENANT, scan_id=scan.scan_id, kind=kind, title="A job",
        parameters_json=json.dumps(parameters), reason="because", requested_by=REVIEWER,
        requested_by_name="reviewer@caleta.example", requested_at=now, state=JobState.QUEUED, state_reason=None,
        summary=None, parts=number_of_parts, parts_done=0, cursor_json=None, attempt=0, lease_id=None, updated_at=now,
        finished_at=None,
    )  # fmt: skip
    actor = operator(REVIEWER, "reviewer@caleta.example")
    event = AuditEvent(now, TENANT, actor, Action.REPULL, Outcome.REQUESTED, reason="because")
    assert parts.operator_jobs.create(job, event)
    return job


def body_of(job: OperatorJob, attempt: int = 1, faults: int = 0) -> bytes:
    return OperatorJobMessage(tenant_id=TENANT, job_id=job.job_id, attempt=attempt, faults=faults).encode()


def worked(parts: Surroundings, job: OperatorJob) -> OperatorJob:
    """The job after its message, and after those that followed from it, each at its time."""
    parts.outbox.sent.clear()
    run(parts, body_of(job, attempt=9_000))
    while waiting := parts.outbox.of(OPERATOR_JOBS.name):
        (message,) = waiting
        parts.outbox.sent.clear()
        if message.scheduled_for is not None:
            parts.time.moment = max(parts.time.moment, message.scheduled_for)
        run(parts, message.body)
    return now_of(parts, job)


def now_of(parts: Surroundings, job: OperatorJob) -> OperatorJob:
    found = parts.operator_jobs.get(TENANT, job.job_id)
    assert found is not None
    return found


def repull(parts: Surroundings, scan: Scan, *subscriptions: str) -> OperatorJob:
    """A re-pull of the costs of these subscriptions, or of all."""
    wanted = [s.step_id for s in steps_of(parts, scan) if not subscriptions or s.subscription_id in subscriptions]
    return asked_for(parts, scan, JobKind.REPULL, {"steps": wanted}, len(wanted))
