"""Routes of built files, the queue trigger that builds them, and the timer that deletes expired ones."""

import azure.functions as func

from shared.messaging.queues import EXPORTS
from web.adapter import Pages, respond

bp = Pages()


@bp.route("scans/{scan_id}/downloads", methods=["GET"])
def scan_downloads(req: func.HttpRequest) -> func.HttpResponse:
    """Every file of a scan."""
    from web.exports.pages import downloads_page as handler

    return respond(req, handler)


@bp.route("scans/{scan_id}/downloads", methods=["POST"])
def scan_export(req: func.HttpRequest) -> func.HttpResponse:
    """Have a file of a scan built."""
    from web.exports.pages import export_request as handler

    return respond(req, handler)


@bp.route("data/download", methods=["POST"])
def data_export(req: func.HttpRequest) -> func.HttpResponse:
    """Have all stored data built as ZIP files."""
    from web.exports.pages import data_export_request as handler

    return respond(req, handler)


@bp.route("exports/{export_id}", methods=["GET"])
def export_file(req: func.HttpRequest) -> func.HttpResponse:
    """Download a built file, or one part of it."""
    from web.exports.pages import export_file as handler

    return respond(req, handler)


@bp.service_bus_queue_trigger(
    arg_name="message",
    connection="ServiceBus",
    queue_name=EXPORTS.name,
    data_type=func.DataType.BINARY,
    is_sessions_enabled=EXPORTS.requires_session,
)
def build_export(message: func.ServiceBusMessage) -> None:
    """Build a file that a user has asked for."""
    from shared.messaging.handler import handle  # the parts are imported at the first message: cold start
    from web.exports.build import build

    handle(EXPORTS, message, build)


@bp.timer_trigger(arg_name="timer", schedule="0 7 * * * *", run_on_startup=False, use_monitor=False)
def delete_expired_exports(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the trigger binds it
    """Every hour: delete files that have been kept for their time."""
    from shared.wiring import services

    services().exports.delete_expired()
