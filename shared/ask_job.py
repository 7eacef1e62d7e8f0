"""The message of an operator's job: how it is addressed and numbered."""

from datetime import datetime

from shared.core.messages import OperatorJobMessage
from shared.core.operator_jobs import OperatorJob
from shared.queues import OPERATOR_JOBS, OutgoingMessage, QueueSender


def send_job(
    queues: QueueSender, job: OperatorJob, attempt: int, *, faults: int = 0, at: datetime | None = None, mark: str = ""
) -> None:
    """Asks to go on with the job; each attempt has a message id of its own, or it would be dropped as a duplicate."""
    body = OperatorJobMessage(tenant_id=job.tenant_id, job_id=job.job_id, attempt=attempt, faults=faults).encode()
    message = OutgoingMessage(body, message_id=f"{job.job_id}:{attempt}{mark}", scheduled_for=at)
    queues.send(OPERATOR_JOBS.name, [message])
