"""A scan becomes steps: each collector over each subscription."""

import logging
from datetime import timedelta

from collectors.registry import COLLECTORS
from collectors.scan.dispatch import SWEEPERS_ATTEMPT, send_first, send_plan
from collectors.scan.outcomes import MAX_SHORT_WAITS, End, Outcome, Postpone, Situation, StopScan, outcome_of
from collectors.subscriptions import list_subscriptions
from shared.arm.paced_arm import Asker
from shared.core.errors import CaletaError
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.observability.events import Event
from shared.observability.work_log import log_event, working_on
from shared.wiring import Services

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=1)
"""How long a scan may wait for its list of subscriptions."""

GRANT_READER = "The signed-in user may not read them: ask an owner for Reader on each, then scan again."
NO_SUBSCRIPTION = (
    "The signed-in user has no role on any subscription of this tenant. "
    "Ask an owner of your subscriptions for Reader and Cost Management Reader, then scan again."
)


def plan(services: Services, body: bytes) -> None:
    """Plans one scan; a second delivery goes on where the first one died. Raises BadMessage."""
    message = ScanMessage.decode(body)
    with working_on(scan=message.scan_id, attempt=message.attempt):
        _plan(services, message)


def _plan(services: Services, message: ScanMessage) -> None:
    scan = services.scans.get(message.tenant_id, message.scan_id)
    if scan is None or scan.status not in (ScanStatus.REQUESTED, ScanStatus.COLLECTING):
        log_event(log, Event.PLAN_SKIPPED, scan.status if scan else "unknown")
        return
    if scan.status is ScanStatus.REQUESTED and not _prepare(services, scan, message.attempt):
        return
    waiting = [s for s in services.steps.list(scan.tenant_id, scan.scan_id) if _needs_first_message(s)]
    send_first(services, waiting)
    log_event(log, Event.SCAN_PLANNED, messages=len(waiting))


def _needs_first_message(step: Step) -> bool:
    """Whether no worker has seen it yet. A message that was sent already is dropped as a duplicate."""
    return step.status is StepStatus.PENDING and step.attempt == 0


def _prepare(services: Services, scan: Scan, attempt: int) -> bool:
    """Writes the steps down; False when the scan waits or has ended."""
    try:
        tokens = services.tokens.for_user(scan.tenant_id, scan.user_object_id)
        asker = Asker(scan.tenant_id, scan.user_object_id, f"plan {scan.scan_id}", tokens)
        subscriptions = list_subscriptions(services.paced_arm, asker)
    except CaletaError as error:
        outcome = outcome_of(error, _situation(services, scan, attempt))
        if outcome is None:
            raise
        _follow(services, scan, attempt, outcome)
        return False
    if not subscriptions:
        _end(services, scan, ScanStatus.BLOCKED, NO_SUBSCRIPTION)
        return False
    services.paced_arm.forget_turns(scan.tenant_id)
    services.subscriptions.replace(scan.tenant_id, scan.scan_id, subscriptions)
    wanted = [(collector.name, subscription) for subscription in subscriptions for collector in COLLECTORS]
    services.steps.insert_missing(scan.tenant_id, scan.scan_id, wanted, services.clock.now())
    return services.scans.begin_collecting(scan.tenant_id, scan.scan_id)


def _situation(services: Services, scan: Scan, attempt: int) -> Situation:
    """Every wait is a scheduled message here, and every earlier attempt was a wait or a fault."""
    return Situation(
        short_waits=MAX_SHORT_WAITS,
        faults=0 if attempt == SWEEPERS_ATTEMPT else attempt - 1,
        can_simplify=False,
        is_late=services.clock.now() - scan.requested_at > PATIENCE,
    )


def _follow(services: Services, scan: Scan, attempt: int, outcome: Outcome) -> None:
    match outcome:
        case Postpone():
            log_event(log, Event.SCAN_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
            if attempt != SWEEPERS_ATTEMPT:  # The sweeper asks again by itself.
                at = services.clock.now() + timedelta(seconds=outcome.seconds)
                send_plan(services, scan, attempt + 1, at=at)
        case StopScan():
            _end(services, scan, ScanStatus.BLOCKED, outcome.reason)
        case End():
            status = ScanStatus.BLOCKED if outcome.status is StepStatus.BLOCKED else ScanStatus.FAILED
            reason = f"Your subscriptions could not be listed. {_advised(outcome)}"
            _end(services, scan, status, reason, outcome.alert)


def _advised(end: End) -> str | None:
    """The reason. Nobody can be granted a role on the list itself, so a refusal leads to what is in it."""
    return GRANT_READER if end.status is StepStatus.BLOCKED else end.reason


def _end(services: Services, scan: Scan, status: ScanStatus, reason: str, alert: str | None = None) -> None:
    log_event(log, Event(f"scan-{status}"), reason, alert=alert)
    services.scans.finish(scan.tenant_id, scan.scan_id, status, reason, services.clock.now())
