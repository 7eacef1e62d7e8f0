"""Plans the replay of a dead letter: reopen its step, scan or job, then send a new message.

The message is rebuilt from the parsed one, with a new id, because Service Bus silently drops a
message with the id of an earlier one. If the queue is unavailable after the database commit, the
sweepers send the missing message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from shared.arm.catalogue import collected_kind
from shared.core.audit import Actor
from shared.core.errors import Conflict
from shared.core.messages import (
    DeletionMessage,
    ExportMessage,
    MailMessage,
    OperatorJobMessage,
    ScanMessage,
    StepMessage,
)
from shared.core.models import ConnectionState, Scan, ScanKey, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobKind, JobState
from shared.core.review_window import REVIEWABLE, review_window
from shared.messaging.job_messages import job_message, new_job
from shared.messaging.queues import (
    DRAFT_FINDINGS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    OutgoingMessage,
    collector_queue,
)
from shared.messaging.replayable import message_of
from shared.sql.reviews.replays import Replayed
from shared.sql.scans.dead_letters import DeadLetter
from shared.sql.scans.scans import Scans
from shared.wiring import Services

MAX_SCAN_AGE = timedelta(days=3)
"""A scan older than this is not restarted; it is the longest time a scan waits for Azure."""

UNREADABLE = "The message is not in a known format. Only a redacted copy is stored."
ALREADY_REPLAYED = "This message was already replayed. If it fails again, it appears as a new entry."
DELETED = "Its data has been deleted, so there is nothing to do."
NO_CONSENT = "The customer's consent has ended, so we can no longer read data."
WRONG_QUEUE = "The message is in the wrong queue for its collector, so it would fail again."
STATE_CHANGED = "Its step, scan or job has changed state and no longer needs this message."
FINISHING = "The scan is being finished. Try again in a few minutes."
TOO_OLD = (
    "The scan was requested more than three days ago, so its data would be out of date. The customer can scan again."
)
SUPERSEDED = "The customer has started a newer scan, which reads the same data."
NOT_REPLAYED = "The message was not replayed"
EXPORT = "The file is marked as failed. The user can have it built again."
MAIL = (
    "Emails are retried by the outbox: an email that was certainly not sent is retried every five minutes, and one "
    "that may have been sent is never sent twice."
)


@dataclass(frozen=True)
class ReplayPlan:
    """The message to send, its queue, and `reopen`, which runs first. `scan` None: the message has no scan."""

    queue: str
    message: OutgoingMessage
    reopen: Callable[[Replayed], bool]
    scan: Scan | None


def refuse(why: str) -> NoReturn:
    """Raise Conflict with the reason why the letter is not replayed."""
    raise Conflict(NOT_REPLAYED, why)


def refusal_of(letter: DeadLetter) -> str | None:
    """Return why the letter itself rules out a replay; None if it does not."""
    message = message_of(letter.queue, letter.message_json.encode()) if letter.message_json else None
    if message is None:
        return UNREADABLE
    if isinstance(message, ExportMessage):
        return EXPORT
    if isinstance(message, MailMessage):
        return MAIL
    return ALREADY_REPLAYED if letter.replayed_at else None


def replay_plan(services: Services, letter: DeadLetter, who: Actor, reason: str) -> ReplayPlan:
    """Return the plan of the replay; raise Conflict with the reason if it is not possible."""
    if why := refusal_of(letter):
        refuse(why)
    message = message_of(letter.queue, (letter.message_json or "").encode())
    match message:
        case StepMessage():
            return _step(services, letter, message, who, reason)
        case ScanMessage():
            return _scan(services, letter, message)
        case OperatorJobMessage():
            return _job(services, letter, message)
        case DeletionMessage():
            return _deletion(services, letter, message)
    refuse(UNREADABLE)


def _step(services: Services, letter: DeadLetter, message: StepMessage, who: Actor, reason: str) -> ReplayPlan:
    scan = _readable(services, message.scan_key)
    step = services.steps.get(message.tenant_id, message.step_id)
    if step is None or step.scan_id != scan.scan_id or collector_queue(step.collector).name != letter.queue:
        refuse(WRONG_QUEUE)
    if step.status is not StepStatus.FAILED:
        refuse(STATE_CHANGED)
    if scan.status in REVIEWABLE:
        return _by_job(services, scan, step, who, reason)
    if scan.status is ScanStatus.FINISHING:
        refuse(FINISHING)
    if scan.status not in (ScanStatus.COLLECTING, ScanStatus.FAILED, ScanStatus.BLOCKED):
        refuse(STATE_CHANGED)
    _check_is_current(services, scan)
    attempt = step.attempt + 1
    body = StepMessage(tenant_id=step.tenant_id, scan_id=step.scan_id, step_id=step.step_id, attempt=attempt)
    message_id = f"{step.scan_id}:{step.step_id}:{attempt}{_mark(letter)}"
    # A queue without sessions ignores the session id.
    outgoing = OutgoingMessage(body.encode(), message_id, session_id=step.tenant_id)
    return ReplayPlan(letter.queue, outgoing, lambda by: services.replays.of_step(by, step, scan), scan)


def _by_job(services: Services, scan: Scan, step: Step, who: Actor, reason: str) -> ReplayPlan:
    """A reviewable scan keeps its data until the new data is complete, so the step is re-pulled by a job."""
    now = services.clock.now()
    published_at = services.reviews.get(scan.key).published_at
    if why := review_window(scan, published_at, now).refusal:
        refuse(why)
    title = f"Re-pull of {collected_kind(step.collector).title}, {step.subscription_name}"
    job = new_job(scan, JobKind.REPULL, title, {"steps": [step.step_id]}, 1, reason=reason, who=who, now=now)
    replays = services.replays
    return ReplayPlan(OPERATOR_JOBS.name, job_message(job, 1), lambda by: replays.by_job(by, scan, job), scan)


def _scan(services: Services, letter: DeadLetter, message: ScanMessage) -> ReplayPlan:
    replays, is_plan = services.replays, letter.queue == SCAN_REQUESTS.name
    scan = _readable(services, message.scan_key) if is_plan else _existing(services.scans, message.scan_key)
    is_drafting = letter.queue == DRAFT_FINDINGS.name
    if scan.status not in (REVIEWABLE if is_drafting else (ScanStatus.FAILED,)):
        refuse(STATE_CHANGED)
    if is_plan:
        _check_is_current(services, scan)
    methods = {SCAN_REQUESTS.name: replays.of_plan, SCAN_FINISHES.name: replays.of_finish}
    reopen = methods.get(letter.queue, replays.of_drafts)
    body = ScanMessage(tenant_id=scan.tenant_id, scan_id=scan.scan_id)
    outgoing = OutgoingMessage(body.encode(), f"{scan.scan_id}:{letter.queue}{_mark(letter)}")
    return ReplayPlan(letter.queue, outgoing, lambda by: reopen(by, scan), scan)


def _job(services: Services, letter: DeadLetter, message: OperatorJobMessage) -> ReplayPlan:
    job = services.operator_jobs.get(message.tenant_id, message.job_id)
    if job is None:
        refuse(DELETED)
    scan = _readable(services, job.scan_key)
    if job.state is not JobState.FAILED:
        refuse(STATE_CHANGED)
    outgoing = job_message(job, job.attempt + 1, mark=_mark(letter))
    return ReplayPlan(letter.queue, outgoing, lambda by: services.replays.of_job(by, job), scan)


def _deletion(services: Services, letter: DeadLetter, message: DeletionMessage) -> ReplayPlan:
    deletion = services.deletions.get(message.receipt_id)
    if deletion is None or deletion.tenant_id != message.tenant_id:
        refuse(DELETED)
    outgoing = OutgoingMessage(message.encode(), f"{deletion.receipt_id}{_mark(letter)}")
    return ReplayPlan(letter.queue, outgoing, services.replays.as_it_was, None)


def _existing(scans: Scans, scan_key: ScanKey) -> Scan:
    scan = scans.get(scan_key)
    if scan is None:
        refuse(DELETED)
    return scan


def _readable(services: Services, scan_key: ScanKey) -> Scan:
    """Return the scan if its user's consent is still active."""
    scan = _existing(services.scans, scan_key)
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    if connection is None or connection.state is not ConnectionState.ACTIVE:
        refuse(NO_CONSENT)
    return scan


def _check_is_current(services: Services, scan: Scan) -> None:
    """Refuse a scan that is superseded or too old."""
    latest = services.scans.latest(scan.tenant_id, scan.user_object_id)
    if latest is not None and latest.scan_id != scan.scan_id:
        refuse(SUPERSEDED)
    if services.clock.now() - scan.requested_at > MAX_SCAN_AGE:
        refuse(TOO_OLD)


def _mark(letter: DeadLetter) -> str:
    return f":replay:{letter.dead_letter_id}"
