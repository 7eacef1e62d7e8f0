"""Triggers of the retention room: the nightly timers and the queue of deletions that outlast a page request."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import azure.functions as func

from shared.messaging.queues import DELETIONS
from shared.observability.events import Event
from shared.observability.telemetry import span
from shared.observability.work_log import log_event

log = logging.getLogger("caleta.retention")
bp = func.Blueprint()  # type: ignore[no-untyped-call]


@contextmanager
def alert_on_failure() -> Iterator[None]:
    """Log an alert when the block raises; the exception still reaches the host."""
    with ExitStack() as on_failure, span("purge"):
        on_failure.callback(log_event, log, Event.PURGE_FAILED, alert="purge-failed")
        yield
        on_failure.pop_all()


@bp.timer_trigger(arg_name="timer", schedule="0 17 2 * * *", run_on_startup=False, use_monitor=True)
def purge_expired(timer: func.TimerRequest) -> None:
    """Purge expired data nightly at 02:17 UTC. A missed night is caught up: age has no lower bound."""
    from retention.notices import send_notices  # the parts are imported at the first run: cold start
    from retention.purge import purge
    from shared.wiring import services

    log_event(log, Event.PURGE_STARTED, past_due=timer.past_due)
    parts = services()
    today = parts.clock.now().date()
    with alert_on_failure():
        purge(parts, today)
        send_notices(parts, today)


@bp.timer_trigger(arg_name="timer", schedule="0 47 3 * * *", run_on_startup=False, use_monitor=True)
def reencrypt_tokens(timer: func.TimerRequest) -> None:
    """Re-encrypt refresh tokens under the newest key, nightly at 03:47 UTC."""
    from shared.identity.reencryption import reencrypt
    from shared.wiring import services

    log_event(log, Event.REENCRYPTION_STARTED, past_due=timer.past_due)
    parts = services()
    reencrypt(parts.database, parts.vault)


@bp.service_bus_queue_trigger(
    arg_name="message",
    connection="ServiceBus",
    queue_name=DELETIONS.name,
    data_type=func.DataType.BINARY,
    is_sessions_enabled=DELETIONS.requires_session,
)
def continue_deletion(message: func.ServiceBusMessage) -> None:
    """Continue a requested deletion."""
    from shared.deletion import service
    from shared.messaging.handler import handle

    handle(DELETIONS, message, service.continue_deletion)
