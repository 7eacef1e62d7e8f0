"""The routes of the findings at the desk. To whoever has no role there each answers like an unknown address."""

import azure.functions as func

from web.adapter import Pages, respond
from web.http.forms import LONG_TEXT_FORM

bp = Pages()


@bp.route("desk/scans/{scan_id}/findings", methods=["GET"])
def desk_findings(req: func.HttpRequest) -> func.HttpResponse:
    """A scan's findings, drafts first."""
    from web.desk.findings.listing import desk_findings as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings", methods=["POST"])
def desk_finding_create(req: func.HttpRequest) -> func.HttpResponse:
    """A finding written by hand."""
    from web.desk.findings.listing import desk_finding_create as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}", methods=["GET"])
def desk_finding(req: func.HttpRequest) -> func.HttpResponse:
    """The editor."""
    from web.desk.findings.editor import desk_finding as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}", methods=["POST"])
def desk_finding_save(req: func.HttpRequest) -> func.HttpResponse:
    """Saves what was written."""
    from web.desk.findings.editor import desk_finding_save as handler

    return respond(req, handler, LONG_TEXT_FORM)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}/status", methods=["POST"])
def desk_finding_move(req: func.HttpRequest) -> func.HttpResponse:
    """Discards a draft, takes it up again, or withdraws what was published."""
    from web.desk.findings.listing import desk_finding_move as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}/history", methods=["GET"])
def desk_finding_history(req: func.HttpRequest) -> func.HttpResponse:
    """What it said before."""
    from web.desk.findings.listing import desk_finding_history as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/publish", methods=["GET"])
def desk_publish_preview(req: func.HttpRequest) -> func.HttpResponse:
    """What the customer will see."""
    from web.desk.findings.publish import desk_publish_preview as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/publish", methods=["POST"])
def desk_publish(req: func.HttpRequest) -> func.HttpResponse:
    """Shows it to the customer."""
    from web.desk.findings.publish import desk_publish as handler

    return respond(req, handler, LONG_TEXT_FORM)
