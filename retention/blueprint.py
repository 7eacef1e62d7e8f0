"""The nightly timer."""

import logging

import azure.functions as func

log = logging.getLogger("caleta.retention")
bp = func.Blueprint()  # type: ignore[no-untyped-call]


@bp.timer_trigger(arg_name="timer", schedule="0 17 2 * * *", run_on_startup=False, use_monitor=True)
def purge_expired(timer: func.TimerRequest) -> None:
    """Nightly at 02:17 UTC; a night that was missed is made up for, since nothing has a lower bound on age."""
    from retention.purge import purge  # the parts are imported at the first run: cold start
    from shared.wiring import services

    log.info("purge begins past_due=%s", timer.past_due)
    parts = services()
    purge(parts, parts.clock.now().date())
