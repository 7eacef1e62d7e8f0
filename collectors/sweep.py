"""Looks after what nobody looks after: lost messages, dead workers, scans that stand still."""

import logging
from datetime import datetime

from collectors.dispatch import finish_if_last, queue_of, send_drafting, send_finish, send_plan, step_message
from shared.ask_job import send_job
from shared.core.models import Scan, ScanStatus, Step
from shared.sql.operator_jobs import OperatorJobs
from shared.sql.scans import Scans
from shared.sql.steps import Steps
from shared.wiring import Services

log = logging.getLogger(__name__)

MARK_SECONDS = 600
"""Sweeps within this time give a message the same id, so that duplicate detection keeps one of them."""


def sweep(services: Services) -> int:
    """Sends again what seems to be lost; a message too many does no harm. Returns how many."""
    now = services.clock.now()
    mark = f":swept:{int(now.timestamp()) // MARK_SECONDS}"
    stale = Steps(services.database).stale(now)
    for step in stale:
        _send_again(services, step, now, mark)
    stuck = Scans(services.database).stuck(now)
    for scan in stuck:
        _move_on(services, scan, mark)
    jobs = OperatorJobs(services.database).stale(now)
    for job in jobs:
        log.warning("job swept job=%s kind=%s attempt=%s state=%s", job.job_id, job.kind, job.attempt, job.state)
        send_job(services.queues, job, job.attempt + 1, mark=mark)
    undrafted = Scans(services.database).undrafted(now)
    for scan in undrafted:
        log.warning("drafts swept scan=%s status=%s", scan.scan_id, scan.status)
        send_drafting(services, scan.tenant_id, scan.scan_id, mark=mark)
    return len(stale) + len(stuck) + len(jobs) + len(undrafted)


def _send_again(services: Services, step: Step, now: datetime, mark: str) -> None:
    log.warning(
        "step swept scan=%s step=%s collector=%s attempt=%s status=%s",
        step.scan_id, step.step_id, step.collector, step.attempt, step.status,
    )  # fmt: skip
    services.queues.send(queue_of(step).name, [step_message(step, step.attempt + 1, mark=mark)])
    Steps(services.database).touch(step, now)


def _move_on(services: Services, scan: Scan, mark: str) -> None:
    log.warning("scan swept scan=%s status=%s", scan.scan_id, scan.status)
    if scan.status is ScanStatus.REQUESTED:
        send_plan(services, scan, 1, mark=mark)
    elif scan.status is ScanStatus.FINISHING:
        send_finish(services, scan.tenant_id, scan.scan_id, mark=mark)
    else:
        finish_if_last(services, scan.tenant_id, scan.scan_id)
