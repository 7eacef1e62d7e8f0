"""A message that nobody could process: it is written down, and its step or scan still ends."""

import logging

from collectors.dispatch import finish_if_last
from collectors.step_work import LEASE_SECONDS
from shared.core.errors import BadMessage
from shared.core.messages import ScanMessage, StepMessage
from shared.core.models import ScanStatus, StepStatus
from shared.core.redaction import redact
from shared.queues import EXPIRED, SCAN_FINISHES, SCAN_REQUESTS
from shared.sql.dead_letters import DeadLetters
from shared.sql.scans import Scans
from shared.sql.steps import Steps
from shared.wiring import Services

log = logging.getLogger(__name__)

STATUS_BEHIND = {SCAN_REQUESTS.name: ScanStatus.REQUESTED, SCAN_FINISHES.name: ScanStatus.FINISHING}
"""Where a scan stands while a message of these queues is on its way."""

TOO_OLD = "Nobody took this part of the scan up for days, so it was given up. We have been alerted."
REASON = "This part of the scan failed again and again, so it was given up. We have been alerted."


def record(services: Services, body: bytes, reason: str, queue: str) -> None:
    """Records one dead letter from `queue` and ends what waited for it. Any bytes will do as a body."""
    message = _decoded(body, queue)
    tenant_id = message.tenant_id if message else None
    reason = redact(reason)
    text = redact(body.decode("utf-8", errors="replace"))
    log.error(
        "alert=dead-letter queue=%s scan=%s step=%s reason=%s",
        queue, getattr(message, "scan_id", "-"), getattr(message, "step_id", "-"), reason,
    )  # fmt: skip
    DeadLetters(services.database).record(tenant_id, queue, reason, text, services.clock.now())
    if isinstance(message, StepMessage):
        _fail_step(services, message, reason)
    elif isinstance(message, ScanMessage):
        _fail_scan(services, message, queue)


def _decoded(body: bytes, queue: str) -> StepMessage | ScanMessage | None:
    """What the message asks for; None for garbage."""
    kind = ScanMessage if queue in STATUS_BEHIND else StepMessage
    try:
        return kind.decode(body)
    except BadMessage:
        return None


def _fail_step(services: Services, message: StepMessage, reason: str) -> None:
    """Ends the step as failed, unless it has ended or a living worker is at it.

    A message that expired says nothing about a step that was taken up since it was sent: a later one carries it.
    """
    steps = Steps(services.database)
    step = steps.get(message.tenant_id, message.step_id)
    if step is None or step.scan_id != message.scan_id:
        return
    if reason == EXPIRED and message.attempt <= step.attempt and not step.status.is_final:
        log.info("expired message is an earlier one step=%s attempt=%s", step.step_id, message.attempt)
        return
    if not step.status.is_final:
        now = services.clock.now()
        held = steps.claim(step.tenant_id, step.step_id, now, LEASE_SECONDS)
        if held is None:
            return
        code, words = ("MessageExpired", TOO_OLD) if reason == EXPIRED else ("DeadLettered", REASON)
        steps.complete(held, StepStatus.FAILED, now, code=code, reason=words)
    finish_if_last(services, step.tenant_id, step.scan_id)


def _fail_scan(services: Services, message: ScanMessage, queue: str) -> None:
    """Ends the scan as failed, unless it has moved on from what this message asked for."""
    scans = Scans(services.database)
    scan = scans.get(message.tenant_id, message.scan_id)
    if scan is not None and scan.status is STATUS_BEHIND[queue]:
        scans.finish(scan.tenant_id, scan.scan_id, ScanStatus.FAILED, REASON, services.clock.now())
