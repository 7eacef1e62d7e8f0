"""The nightly timers, and the queue of deletions that take longer than a page may."""

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
def told_when_it_fails() -> Iterator[None]:
    """Somebody is woken when the block raises; the exception goes on to the host."""
    with ExitStack() as on_failure, span("purge"):
        on_failure.callback(log_event, log, Event.PURGE_FAILED, alert="purge-failed")
        yield
        on_failure.pop_all()


@bp.timer_trigger(arg_name="timer", schedule="0 17 2 * * *", run_on_startup=False, use_monitor=True)
def purge_expired(timer: func.TimerRequest) -> None:
    """Nightly at 02:17 UTC; a night that was missed is made up for, since nothing has a lower bound on age."""
    from retention.notices import send_notices  # the parts are imported at the first run: cold start
    from retention.purge import purge
    from shared.wiring import services

    log_event(log, Event.PURGE_STARTED, past_due=timer.past_due)
    parts = services()
    today = parts.clock.now().date()
    with told_when_it_fails():
        purge(parts, today)
        send_notices(parts, today)


@bp.timer_trigger(arg_name="timer", schedule="0 47 3 * * *", run_on_startup=False, use_monitor=True)
def reencrypt_tokens(timer: func.TimerRequest) -> None:
    """Nightly at 03:47 UTC: refresh tokens under an older encryption key come under the newest."""
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
def go_on_deleting(message: func.ServiceBusMessage) -> None:
    """A deletion that was asked for and has not ended yet."""
    from shared.deletion.service import go_on
    from shared.messaging.handler import handle

    handle(DELETIONS, message, go_on)
