"""The routes for findings at the desk. Without a desk role, each answers 404 like an unknown address."""

import azure.functions as func

from web.adapter import Pages, respond
from web.desk.findings.limits import FINDING_FORM

bp = Pages()


@bp.route("desk/scans/{scan_id}/findings", methods=["GET"])
def desk_findings(req: func.HttpRequest) -> func.HttpResponse:
    """List the findings of a scan, drafts first."""
    from web.desk.findings.listing import desk_findings as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings", methods=["POST"])
def desk_finding_create(req: func.HttpRequest) -> func.HttpResponse:
    """Create a finding."""
    from web.desk.findings.listing import desk_finding_create as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}", methods=["GET"])
def desk_finding(req: func.HttpRequest) -> func.HttpResponse:
    """Show the editor of a finding."""
    from web.desk.findings.editor import desk_finding as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}", methods=["POST"])
def desk_finding_save(req: func.HttpRequest) -> func.HttpResponse:
    """Save a finding."""
    from web.desk.findings.editor import desk_finding_save as handler

    return respond(req, handler, FINDING_FORM)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}/status", methods=["POST"])
def desk_finding_status(req: func.HttpRequest) -> func.HttpResponse:
    """Discard or restore a draft, or withdraw a published finding."""
    from web.desk.findings.listing import desk_finding_status as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/findings/{finding_id}/history", methods=["GET"])
def desk_finding_history(req: func.HttpRequest) -> func.HttpResponse:
    """Show the versions of a finding."""
    from web.desk.findings.listing import desk_finding_history as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/publish", methods=["GET"])
def desk_publish_preview(req: func.HttpRequest) -> func.HttpResponse:
    """Show what the customer will see."""
    from web.desk.findings.publish import desk_publish_preview as handler

    return respond(req, handler)


@bp.route("desk/scans/{scan_id}/publish", methods=["POST"])
def desk_publish(req: func.HttpRequest) -> func.HttpResponse:
    """Publish the findings to the customer."""
    from web.desk.findings.publish import desk_publish as handler

    return respond(req, handler, FINDING_FORM)
