"""Finish a scan whose steps have all ended: compute the totals and record how it ended."""

import logging

from collectors.scan.dispatch import send_drafting
from collectors.scan.ending import end_scan
from collectors.scan.outcomes import SIGN_IN_NEEDED
from shared.core.coverage import Coverage, coverage
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus, Step
from shared.mail.scan_mails import queue_mails
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

READ = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
"""The final statuses of a scan that has data."""


def finish(services: Services, body: bytes) -> None:
    """Finish one scan; a second delivery at most requests the drafts again. Raises BadMessage."""
    message = ScanMessage.decode(body)
    scan = services.scans.get(message.scan_key)
    if scan is not None and scan.status in READ:
        queue_mails(services.database, services.queues, scan.key)  # The first delivery may have crashed before it did.
        send_drafting(services.queues, scan.key)
    elif scan is None or scan.status is not ScanStatus.FINISHING:
        log_event(log, Event.FINISH_SKIPPED, scan.status if scan else "unknown", scan=message.scan_id)
    else:
        _finish(services, scan)


def _finish(services: Services, scan: Scan) -> None:
    """Go on from the last saved stage: totals; then the scan's end with its mails; then the request to draft."""
    if not services.scans.has_totals(scan.key):
        services.cost_totals.compute(scan.key)
        services.charge_totals.compute(scan.key)
        services.scans.note_totals(scan.key)
    steps = services.steps.list(scan.key)
    status, reason = ending(steps, scan.left_out_json)
    needs_sign_in = any(step.status_code == SIGN_IN_NEEDED for step in steps)
    if end_scan(services, scan, status, reason, needs_sign_in=needs_sign_in) and status in READ:
        send_drafting(services.queues, scan.key)


def ending(steps: list[Step], left_out_json: str | None = None) -> tuple[ScanStatus, str | None]:
    """Return status and reason of a scan with these ended steps: `collected` only if all of them succeeded.

    A subscription that could not be read from the list makes it `partial`; a delegated one was never part of it.
    """
    whole = coverage(steps, left_out_json)
    refused = [step.status_reason for step in steps if step.status_code == SIGN_IN_NEEDED]
    if refused:
        return ScanStatus.BLOCKED, refused[0]
    unlisted = whole.left_out.unreadable_sentence
    if whole.steps and whole.succeeded == whole.steps and not whole.partly and not unlisted:
        return ScanStatus.COLLECTED, None
    if whole.succeeded:
        return ScanStatus.PARTIAL, " ".join(filter(None, (_missing(whole), unlisted, whole.summary)))
    if whole.blocked:
        return ScanStatus.BLOCKED, f"Nothing could be read. {_missing(whole)}"
    return ScanStatus.FAILED, f"Nothing could be read. {_missing(whole)}"


def _missing(whole: Coverage) -> str:
    """Return what was not read: "3 of 20 datasets are missing: 2 blocked, 1 failed."."""
    counts = {"blocked": whole.blocked, "not available": whole.skipped, "failed": whole.failed}
    parts = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    missing = f"{whole.steps - whole.succeeded} of {whole.steps} datasets are missing: {parts}." if parts else ""
    partly = f"{whole.partly} of {whole.steps} datasets {'is' if whole.partly == 1 else 'are'} incomplete."
    return f"{missing} {partly if whole.partly else ''}".strip()
