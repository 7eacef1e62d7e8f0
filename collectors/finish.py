"""All steps have ended: compute what pages need, and say how the scan ended."""

import logging

from collectors.outcomes import SIGN_IN_NEEDED
from shared.core.coverage import Coverage, coverage
from shared.core.messages import ScanMessage
from shared.core.models import ScanStatus, Step
from shared.sql.cost_totals import CostTotals
from shared.sql.scans import Scans
from shared.sql.steps import Steps
from shared.wiring import Services

log = logging.getLogger(__name__)


def finish(services: Services, body: bytes) -> None:
    """Finishes one scan; a second delivery changes nothing. Raises BadMessage."""
    message = ScanMessage.decode(body)
    scans = Scans(services.database)
    scan = scans.get(message.tenant_id, message.scan_id)
    if scan is None or scan.status is not ScanStatus.FINISHING:
        log.info("scan needs no finish scan=%s status=%s", message.scan_id, scan.status if scan else "unknown")
        return
    CostTotals(services.database).compute(scan.tenant_id, scan.scan_id)
    status, reason = ending(Steps(services.database).list(scan.tenant_id, scan.scan_id))
    scans.finish(scan.tenant_id, scan.scan_id, status, reason, services.clock.now())
    log.info("scan %s scan=%s reason=%s", status, scan.scan_id, reason or "-")


def ending(steps: list[Step]) -> tuple[ScanStatus, str | None]:
    """How a scan with these ended steps has ended: `collected` only if each of them succeeded."""
    whole = coverage(steps)
    refused = [step.status_reason for step in steps if step.status_code == SIGN_IN_NEEDED]
    if refused:
        return ScanStatus.BLOCKED, refused[0]
    if whole.steps and whole.succeeded == whole.steps:
        return ScanStatus.COLLECTED, None
    if whole.succeeded:
        return ScanStatus.PARTIAL, f"{_missing(whole)} {whole.summary}"
    if whole.blocked:
        return ScanStatus.BLOCKED, f"Nothing could be read. {_missing(whole)}"
    return ScanStatus.FAILED, f"Nothing could be read. {_missing(whole)}"


def _missing(whole: Coverage) -> str:
    """What was not read, in one sentence: "3 of 20 readings are missing: 2 blocked, 1 failed."."""
    counts = {"blocked": whole.blocked, "not available": whole.skipped, "failed": whole.failed}
    parts = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f"{whole.steps - whole.succeeded} of {whole.steps} readings are missing: {parts}."
