"""Routes of the permissions page, the activity log, data download and data deletion."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("permissions", methods=["GET"])
def permissions(req: func.HttpRequest) -> func.HttpResponse:
    """The permissions page."""
    from web.privacy.permissions import permissions as handler

    return respond(req, handler)


@bp.route("permissions.json", methods=["GET"])
def permissions_json(req: func.HttpRequest) -> func.HttpResponse:
    """The permissions page as JSON."""
    from web.privacy.permissions import permissions_json as handler

    return respond(req, handler)


@bp.route("permissions.schema.json", methods=["GET"])
def permissions_schema(req: func.HttpRequest) -> func.HttpResponse:
    """The JSON schema of the permissions document."""
    from web.privacy.permissions import permissions_schema as handler

    return respond(req, handler)


@bp.route("checks", methods=["GET"])
def checks_page(req: func.HttpRequest) -> func.HttpResponse:
    """The catalogue of checks."""
    from web.privacy.checks import checks_page as handler

    return respond(req, handler)


@bp.route("security", methods=["GET"])
def security_page(req: func.HttpRequest) -> func.HttpResponse:
    """How to report a vulnerability."""
    from web.privacy.security import security_page as handler

    return respond(req, handler)


@bp.route(".well-known/security.txt", methods=["GET"])
def security_txt(req: func.HttpRequest) -> func.HttpResponse:
    """The same for a program, RFC 9116."""
    from web.privacy.security import security_txt as handler

    return respond(req, handler)


@bp.route("audit", methods=["GET"])
def audit_page(req: func.HttpRequest) -> func.HttpResponse:
    """The activity log."""
    from web.privacy.activity import audit_page as handler

    return respond(req, handler)


@bp.route("audit.csv", methods=["GET"])
def audit_csv(req: func.HttpRequest) -> func.HttpResponse:
    """The activity log as CSV."""
    from web.privacy.activity import audit_csv as handler

    return respond(req, handler)


@bp.route("audit.json", methods=["GET"])
def audit_json(req: func.HttpRequest) -> func.HttpResponse:
    """The activity log as JSON."""
    from web.privacy.activity import audit_json as handler

    return respond(req, handler)


@bp.route("data", methods=["GET"])
def data_page(req: func.HttpRequest) -> func.HttpResponse:
    """The data stored about the signed-in user."""
    from web.privacy.data_rights import data_page as handler

    return respond(req, handler)


@bp.route("data/download", methods=["GET"])
def data_download(req: func.HttpRequest) -> func.HttpResponse:
    """Download the data, or one part of it."""
    from web.privacy.download import data_download as handler

    return respond(req, handler)


@bp.route("data/delete", methods=["GET"])
def data_delete_confirm(req: func.HttpRequest) -> func.HttpResponse:
    """The page that asks to confirm a deletion."""
    from web.privacy.data_rights import data_delete_confirm as handler

    return respond(req, handler)


@bp.route("data/delete", methods=["POST"])
def data_delete(req: func.HttpRequest) -> func.HttpResponse:
    """Delete data."""
    from web.privacy.data_rights import data_delete as handler

    return respond(req, handler)


@bp.route("data/receipts/{receipt_id}", methods=["GET"])
def data_receipt(req: func.HttpRequest) -> func.HttpResponse:
    """The receipt of a deletion."""
    from web.privacy.data_rights import data_receipt as handler

    return respond(req, handler)
