"""Create an operator's job and its messages."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.core.audit import Actor
from shared.core.messages import OperatorJobMessage
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.messaging.queues import OPERATOR_JOBS, OutgoingMessage, QueueSender

MAX_TITLE_CHARACTERS = 200


def new_job(
    scan: Scan,
    kind: JobKind,
    title: str,
    parameters: Mapping[str, Any],
    parts: int,
    *,
    reason: str,
    who: Actor,
    now: datetime,
) -> OperatorJob:
    """Return a queued job. Its progress is counted in `parts`."""
    return OperatorJob(
        job_id=str(uuid.uuid4()),
        tenant_id=scan.tenant_id,
        scan_id=scan.scan_id,
        kind=kind,
        title=title[:MAX_TITLE_CHARACTERS],
        parameters_json=json.dumps(parameters, ensure_ascii=False),
        reason=reason,
        requested_by=who.object_id or "",
        requested_by_name=who.name or "",
        requested_at=now,
        state=JobState.QUEUED,
        state_reason=None,
        summary=None,
        parts=parts,
        parts_done=0,
        cursor_json=None,
        attempt=0,
        lease_id=None,
        updated_at=now,
        finished_at=None,
    )


def job_message(
    job: OperatorJob, attempt: int, *, faults: int = 0, at: datetime | None = None, mark: str = ""
) -> OutgoingMessage:
    """Return the message for one attempt; each has its own id, or it would be dropped as a duplicate."""
    body = OperatorJobMessage(
        tenant_id=job.tenant_id, job_id=job.job_id, attempt=attempt, faults=faults, progress=job.progress
    )
    return OutgoingMessage(body.encode(), message_id=f"{job.job_id}:{attempt}{mark}", scheduled_for=at)


def send_job(
    queues: QueueSender, job: OperatorJob, attempt: int, *, faults: int = 0, at: datetime | None = None, mark: str = ""
) -> None:
    """Request that the job continues."""
    queues.send(OPERATOR_JOBS.name, [job_message(job, attempt, faults=faults, at=at, mark=mark)])
