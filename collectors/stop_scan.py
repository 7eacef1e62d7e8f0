"""Nothing of a scan can be read any more: all that is left of it ends."""

import logging

from collectors.scan.outcomes import End
from shared.core.models import Step
from shared.observability.work_log import tell
from shared.sql.scans.steps import Steps
from shared.wiring import Services

log = logging.getLogger(__name__)


def end_the_others(services: Services, step: Step, end: End, lease_seconds: float) -> None:
    """Ends the scan's other steps so. What another worker holds it ends itself, by the same refusal."""
    steps, now = Steps(services.database), services.clock.now()
    for other in steps.list(step.tenant_id, step.scan_id):
        if other.step_id != step.step_id and not other.status.is_final:
            held = steps.claim(other.tenant_id, other.step_id, now, lease_seconds)
            if held is not None:
                steps.complete(held, end.status, now, code=end.code, reason=end.reason)
                names = {"step": other.step_id, "collector": other.collector, "attempt": held.attempt}
                tell(log, f"step-{end.status}", end.reason, scan=other.scan_id, about=names, code=end.code)
