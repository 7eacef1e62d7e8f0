"""How a dead letter is sent again: what it is about is opened for it, then a new message goes out.

What is sent is not the body that came: the message that was understood of it is made anew, with
an id of its own, for Service Bus drops in silence what has the id of an earlier one. Should the
queue be away when all is written down, the sweepers send what has no message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from shared.arm.catalogue import collected_kind
from shared.core.audit import Actor
from shared.core.errors import Conflict
from shared.core.messages import DeletionMessage, MailMessage, OperatorJobMessage, ScanMessage, StepMessage
from shared.core.models import ConnectionState, Scan, ScanStatus, Step, StepStatus
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
from shared.wiring import Services

REPLAYED_WITHIN = timedelta(days=3)
"""After it was asked for, a scan is begun or read on: as long as it would have waited for Azure."""

NO_MESSAGE = "Its body was none of our messages, so only a redacted copy was kept, to be looked at."
REPLAYED = "It was sent again already. Should it die again, there will be a new line."
GONE = "What it is about was deleted since: nothing is left to do."
NO_CONSENT = "The customer's consent has ended, so nothing can be read any more."
ELSEWHERE = "It came out of a queue that its part of the scan does not belong to, so it will never be worked on."
MOVED_ON = "What it is about has moved on since: it is not waiting for this message."
ADDING_UP = "The scan is being added up just now. Try again in a few minutes."
TOO_LATE = (
    "The scan was asked for more than three days ago: its figures would be out of date. The customer may scan again."
)
NEWER = "The customer has started a newer scan since, which reads the same."
MAIL = (
    "Mails are looked after by the outbox: one that is sure not to have gone is asked for again every five minutes, "
    "and one that may have gone is never sent twice."
)


@dataclass(frozen=True)
class Again:
    """What is sent to which queue, once `reopen` has opened what it is about. `scan` None: it is about no scan."""

    queue: str
    message: OutgoingMessage
    reopen: Callable[[Replayed], bool]
    scan: Scan | None


def refuse(why: str) -> NoReturn:
    """Says in words why the letter is not sent again."""
    raise Conflict("It was not sent again", why)


def refusal_of(letter: DeadLetter) -> str | None:
    """Why the letter can never be sent (again), as far as it shows by itself."""
    message = message_of(letter.queue, letter.message_json.encode()) if letter.message_json else None
    if message is None:
        return NO_MESSAGE
    if isinstance(message, MailMessage):
        return MAIL
    return REPLAYED if letter.replayed_at else None


def again(services: Services, letter: DeadLetter, who: Actor, reason: str) -> Again:
    """What sending it again takes; raises Conflict, in words, when it cannot be."""
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
    refuse(NO_MESSAGE)


def _step(services: Services, letter: DeadLetter, message: StepMessage, who: Actor, reason: str) -> Again:
    scan = _readable(services, message.tenant_id, message.scan_id)
    step = services.steps.get(message.tenant_id, message.step_id)
    if step is None or step.scan_id != scan.scan_id or collector_queue(step.collector).name != letter.queue:
        refuse(ELSEWHERE)
    if step.status is not StepStatus.FAILED:
        refuse(MOVED_ON)
    if scan.status in REVIEWABLE:
        return _by_job(services, scan, step, who, reason)
    if scan.status is ScanStatus.FINISHING:
        refuse(ADDING_UP)
    if scan.status not in (ScanStatus.COLLECTING, ScanStatus.FAILED, ScanStatus.BLOCKED):
        refuse(MOVED_ON)
    _check_is_current(services, scan)
    attempt = step.attempt + 1
    body = StepMessage(tenant_id=step.tenant_id, scan_id=step.scan_id, step_id=step.step_id, attempt=attempt)
    message_id = f"{step.scan_id}:{step.step_id}:{attempt}{_mark(letter)}"
    # A queue without sessions takes the session's name for one property more.
    outgoing = OutgoingMessage(body.encode(), message_id, session_id=step.tenant_id)
    return Again(letter.queue, outgoing, lambda by: services.replays.of_step(by, step, scan), scan)


def _by_job(services: Services, scan: Scan, step: Step, who: Actor, reason: str) -> Again:
    """A scan that has something to look at keeps it until the part is there: that is a re-pull."""
    now = services.clock.now()
    published_at = services.reviews.get(scan.tenant_id, scan.scan_id).published_at
    if why := review_window(scan, published_at, now).refusal:
        refuse(why)
    title = f"Re-pull of {collected_kind(step.collector).title} of {step.subscription_name}"
    job = new_job(scan, JobKind.REPULL, title, {"steps": [step.step_id]}, 1, reason=reason, who=who, now=now)
    replays = services.replays
    return Again(OPERATOR_JOBS.name, job_message(job, 1), lambda by: replays.by_job(by, scan, job), scan)


def _scan(services: Services, letter: DeadLetter, message: ScanMessage) -> Again:
    replays, is_plan = services.replays, letter.queue == SCAN_REQUESTS.name
    find = _readable if is_plan else _kept
    scan = find(services, message.tenant_id, message.scan_id)
    is_drafting = letter.queue == DRAFT_FINDINGS.name
    if scan.status not in (REVIEWABLE if is_drafting else (ScanStatus.FAILED,)):
        refuse(MOVED_ON)
    if is_plan:
        _check_is_current(services, scan)
    ways = {SCAN_REQUESTS.name: replays.of_plan, SCAN_FINISHES.name: replays.of_finish}
    way = ways.get(letter.queue, replays.of_drafts)
    body = ScanMessage(tenant_id=scan.tenant_id, scan_id=scan.scan_id)
    outgoing = OutgoingMessage(body.encode(), f"{scan.scan_id}:{letter.queue}{_mark(letter)}")
    return Again(letter.queue, outgoing, lambda by: way(by, scan), scan)


def _job(services: Services, letter: DeadLetter, message: OperatorJobMessage) -> Again:
    job = services.operator_jobs.get(message.tenant_id, message.job_id)
    if job is None:
        refuse(GONE)
    scan = _readable(services, job.tenant_id, job.scan_id)
    if job.state is not JobState.FAILED:
        refuse(MOVED_ON)
    outgoing = job_message(job, job.attempt + 1, mark=_mark(letter))
    return Again(letter.queue, outgoing, lambda by: services.replays.of_job(by, job), scan)


def _deletion(services: Services, letter: DeadLetter, message: DeletionMessage) -> Again:
    deletion = services.deletions.get(message.receipt_id)
    if deletion is None or deletion.tenant_id != message.tenant_id or deletion.is_done:
        refuse(GONE)
    outgoing = OutgoingMessage(message.encode(), f"{deletion.receipt_id}{_mark(letter)}")
    return Again(letter.queue, outgoing, services.replays.as_it_was, None)


def _kept(services: Services, tenant_id: str, scan_id: str) -> Scan:
    scan = services.scans.get(tenant_id, scan_id)
    if scan is None:
        refuse(GONE)
    return scan


def _readable(services: Services, tenant_id: str, scan_id: str) -> Scan:
    """The scan, if its user's consent still lets us read."""
    scan = _kept(services, tenant_id, scan_id)
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    if connection is None or connection.state is not ConnectionState.ACTIVE:
        refuse(NO_CONSENT)
    return scan


def _check_is_current(services: Services, scan: Scan) -> None:
    """A scan is only taken up again while its user still waits for it."""
    latest = services.scans.latest(scan.tenant_id, scan.user_object_id)
    if latest is not None and latest.scan_id != scan.scan_id:
        refuse(NEWER)
    if services.clock.now() - scan.requested_at > REPLAYED_WITHIN:
        refuse(TOO_LATE)


def _mark(letter: DeadLetter) -> str:
    return f":replay:{letter.dead_letter_id}"
