"""Recover lost work: lost messages, crashed workers, scans without progress."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from collectors.registry import COLLECTORS
from collectors.scan.dispatch import (
    SWEEP_ATTEMPT,
    finish_if_last,
    queue_of,
    send_drafting,
    send_finish,
    send_plan,
    step_message,
)
from collectors.scan.step_work import LEASE_SECONDS
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import OperatorJob
from shared.messaging.job_messages import send_job
from shared.messaging.queues import STEP_LIFETIME, QueueSender
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

T = TypeVar("T")

log = logging.getLogger(__name__)

MARK_SECONDS = 600
"""Sweeps within this time give a message the same id, so that duplicate detection keeps one of them."""

UNKNOWN_COLLECTOR = "The app was updated while this part of the scan waited, and no longer reads this data."


def sweep(services: Services) -> int:
    """Resend messages that seem to be lost; an extra message does no harm. Return how many.

    A failing queue does not stop the others; its error is raised at the end.
    """
    now = services.clock.now()
    mark = f":swept:{int(now.timestamp()) // MARK_SECONDS}"
    scans, names = services.scans, {collector.name for collector in COLLECTORS}
    overdue = services.steps.stale(now)
    known = [step for step in overdue if step.collector in names]
    orphaned = [step for step in overdue if step.collector not in names and step.updated_at <= now - STEP_LIFETIME]
    stuck, undrafted = scans.stuck(now), scans.undrafted(now)
    jobs = services.operator_jobs.stale(now)
    with ExitStack() as parts:
        for steps in _grouped(known, "collector"):
            parts.callback(_resend_steps, services, steps, now, mark)
        for of_status in _grouped(stuck, "status"):
            parts.callback(_resend_scans, services, of_status, mark)
        parts.callback(_resend_jobs, services.queues, jobs, mark)
        parts.callback(_resend_drafting, services.queues, undrafted, mark)
        parts.callback(_fail_orphaned, services, orphaned, now)
    return len(known) + len(orphaned) + len(stuck) + len(jobs) + len(undrafted)


def _grouped(items: Iterable[T], name: str) -> list[list[T]]:
    """Return the items grouped by this attribute."""
    by = attrgetter(name)
    return [list(group) for _, group in groupby(sorted(items, key=by), key=by)]


def _resend_steps(services: Services, steps: Sequence[Step], now: datetime, mark: str) -> None:
    for step in steps:
        _log_step(Event.STEP_RESENT, step, f"{step.status} without a worker")
        services.queues.send(queue_of(step).name, [step_message(step, step.attempt + 1, mark=mark)])
        services.steps.touch(step, now)


def _fail_orphaned(services: Services, steps: Sequence[Step], now: datetime) -> None:
    """End steps whose collector no longer exists in this version, once every message for them has expired."""
    for step in steps:
        _log_step(Event.STEP_ORPHANED, step, UNKNOWN_COLLECTOR, alert="dead-letter")
        held = services.steps.claim(step.tenant_id, step.step_id, now, LEASE_SECONDS)
        if held is not None:
            services.steps.complete(held, StepStatus.FAILED, now, code="NotOfThisVersion", reason=UNKNOWN_COLLECTOR)
            finish_if_last(services, step.scan_key)


def _resend_scans(services: Services, scans: Sequence[Scan], mark: str) -> None:
    for scan in scans:
        log_event(log, Event.SCAN_RESENT, f"{scan.status} without progress", level=logging.WARNING, scan=scan.scan_id)
        if scan.status is ScanStatus.REQUESTED:
            send_plan(services.queues, scan, SWEEP_ATTEMPT, mark=mark)
        elif scan.status is ScanStatus.FINISHING:
            send_finish(services, scan.key, mark=mark)
        else:
            finish_if_last(services, scan.key)


def _resend_jobs(queues: QueueSender, jobs: Sequence[OperatorJob], mark: str) -> None:
    for job in jobs:
        names = {"scan": job.scan_id, "job": job.job_id, "kind": job.kind, "attempt": job.attempt}
        log_event(log, Event.JOB_RESENT, f"{job.state} without a worker", level=logging.WARNING, about=names)
        send_job(queues, job, job.attempt + 1, mark=mark)


def _resend_drafting(queues: QueueSender, scans: Sequence[Scan], mark: str) -> None:
    for scan in scans:
        log_event(log, Event.DRAFTS_RESENT, "collected and never drafted", level=logging.WARNING, scan=scan.scan_id)
        send_drafting(queues, scan.key, mark=mark)


def _log_step(event: Event, step: Step, reason: str, alert: str | None = None) -> None:
    names = {"scan": step.scan_id, "step": step.step_id, "collector": step.collector, "attempt": step.attempt}
    log_event(log, event, reason, alert=alert, level=logging.WARNING, about=names)
