"""Plan a scan: one step for each subscription and each collector that every scan needs."""

import logging
from datetime import datetime, timedelta

from collectors.registry import PLANNED_AT_START
from collectors.scan.dispatch import SWEEP_ATTEMPT, send_first, send_plan
from collectors.scan.ending import end_scan
from collectors.scan.outcomes import MAX_SHORT_WAITS, End, Outcome, Postpone, Situation, StopScan, outcome_of
from collectors.scan.subscriptions import list_subscriptions
from shared.arm.paced_arm import Caller
from shared.core.errors import CaletaError
from shared.core.left_out import LeftOut
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.observability.events import Event
from shared.observability.work_log import log_event, working_on
from shared.sql.scans.scans import Scans
from shared.wiring import Services

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=1)
"""How long a scan may wait for its list of subscriptions."""

GRANT_READER = "The signed-in user cannot read them. Ask an owner for Reader on each subscription, then scan again."
NO_SUBSCRIPTION = (
    "The signed-in user has no role on any subscription of this tenant. "
    "Ask an owner of your subscriptions for Reader and Cost Management Reader, then scan again."
)


def plan(services: Services, body: bytes) -> None:
    """Plan one scan; a second delivery resumes where the first one crashed. Raises BadMessage."""
    message = ScanMessage.decode(body)
    with working_on(scan=message.scan_id, attempt=message.attempt):
        _plan(services, message)


def _plan(services: Services, message: ScanMessage) -> None:
    scan = services.scans.get(message.scan_key)
    if scan is None or scan.status not in (ScanStatus.REQUESTED, ScanStatus.COLLECTING):
        log_event(log, Event.PLAN_SKIPPED, scan.status if scan else "unknown")
        return
    if scan.status is ScanStatus.REQUESTED and not _prepare(services, scan, message.attempt):
        return
    waiting = [s for s in services.steps.list(scan.key) if _needs_first_message(s)]
    send_first(services.queues, waiting)
    log_event(log, Event.SCAN_PLANNED, messages=len(waiting))


def _needs_first_message(step: Step) -> bool:
    """Whether no worker has claimed it yet. A message sent before is dropped as a duplicate."""
    return step.status is StepStatus.PENDING and step.attempt == 0


def _prepare(services: Services, scan: Scan, attempt: int) -> bool:
    """Store the steps; return False if the scan waits or has ended."""
    try:
        tokens = services.tokens.for_user(scan.tenant_id, scan.user_object_id)
        caller = Caller(scan.tenant_id, scan.user_object_id, f"plan {scan.scan_id}", tokens)
        listed = list_subscriptions(services.paced_arm, caller)
    except CaletaError as error:
        outcome = outcome_of(error, _situation(scan, attempt, services.clock.now()))
        if outcome is None:
            raise
        _follow(services, scan, attempt, outcome)
        return False
    subscriptions = listed.own
    if not listed.left_out.is_empty:
        _note_left_out(services.scans, scan, listed.left_out)
    if not subscriptions:
        reason = " ".join((NO_SUBSCRIPTION, *listed.left_out.sentences))
        end_scan(services, scan, ScanStatus.BLOCKED, reason)
        return False
    services.paced_arm.clear_reservations(scan.tenant_id)
    services.subscriptions.replace(scan.key, subscriptions)
    wanted = [(collector.name, subscription) for subscription in subscriptions for collector in PLANNED_AT_START]
    services.steps.insert_missing(scan.key, wanted, services.clock.now())
    return services.scans.begin_collecting(scan.key)


def _note_left_out(scans: Scans, scan: Scan, left_out: LeftOut) -> None:
    """Store what the coverage says of subscriptions outside the scan."""
    scans.note_left_out(scan.key, left_out.to_json())
    if left_out.unreadable:
        reason = "a subscription has no usable id"
        log_event(log, Event.STEP_ROWS_SET_ASIDE, reason, alert="rows-set-aside", rows=left_out.unreadable)


def _situation(scan: Scan, attempt: int, now: datetime) -> Situation:
    """Describe the situation. Every wait is a scheduled message here, and every earlier attempt a wait or a failure."""
    return Situation(
        short_waits=MAX_SHORT_WAITS,
        faults=0 if attempt == SWEEP_ATTEMPT else attempt - 1,
        can_simplify=False,
        is_late=now - scan.requested_at > PATIENCE,
    )


def _follow(services: Services, scan: Scan, attempt: int, outcome: Outcome) -> None:
    match outcome:
        case Postpone():
            log_event(log, Event.SCAN_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
            if attempt != SWEEP_ATTEMPT:  # The sweeper retries by itself.
                at = services.clock.now() + timedelta(seconds=outcome.seconds)
                send_plan(services.queues, scan, attempt + 1, at=at)
        case StopScan():
            end_scan(services, scan, ScanStatus.BLOCKED, outcome.reason, needs_sign_in=True)
        case End():
            status = ScanStatus.BLOCKED if outcome.status is StepStatus.BLOCKED else ScanStatus.FAILED
            reason = f"Your subscriptions could not be listed. {_advised(outcome)}"
            end_scan(services, scan, status, reason, alert=outcome.alert)


def _advised(end: End) -> str | None:
    """Return the reason. No role can be granted on the list itself, so a refusal asks for one on its subscriptions."""
    return GRANT_READER if end.status is StepStatus.BLOCKED else end.reason
