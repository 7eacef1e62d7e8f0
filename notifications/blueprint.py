"""The queue trigger that sends a mail, and the timer that sweeps the outbox."""

import azure.functions as func

from shared.messaging.queues import SEND_MAIL

bp = func.Blueprint()  # type: ignore[no-untyped-call]


@bp.service_bus_queue_trigger(
    arg_name="message",
    connection="ServiceBus",
    queue_name=SEND_MAIL.name,
    data_type=func.DataType.BINARY,
    is_sessions_enabled=SEND_MAIL.requires_session,
)
def send_mail(message: func.ServiceBusMessage) -> None:
    """Send one mail of the outbox."""
    from notifications.send import send  # the parts are imported at the first message: cold start
    from shared.messaging.handler import handle

    handle(SEND_MAIL, message, send)


@bp.timer_trigger(arg_name="timer", schedule="30 */5 * * * *", run_on_startup=False, use_monitor=False)
def sweep_mails(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the trigger binds it
    """Every five minutes: resend mails whose message was lost or whose worker crashed; remind of reviews due soon."""
    from notifications.reminders import remind
    from notifications.sweep import sweep
    from shared.wiring import services

    parts = services()
    sweep(parts)
    remind(parts)
