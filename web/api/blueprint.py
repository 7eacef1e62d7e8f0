"""Routes of the API, its description and the page of its tokens."""

import azure.functions as func

from web.adapter import Pages, respond

bp = Pages()


@bp.route("api-tokens", methods=["GET"])
def api_tokens(req: func.HttpRequest) -> func.HttpResponse:
    """The signed-in user's API tokens."""
    from web.api.tokens import token_list as handler

    return respond(req, handler)


@bp.route("api-tokens", methods=["POST"])
def api_token_create(req: func.HttpRequest) -> func.HttpResponse:
    """Create an API token."""
    from web.api.tokens import token_create as handler

    return respond(req, handler)


@bp.route("api-tokens/revoke", methods=["POST"])
def api_token_revoke(req: func.HttpRequest) -> func.HttpResponse:
    """Revoke an API token."""
    from web.api.tokens import token_revoke as handler

    return respond(req, handler)


@bp.route("api/v1/openapi.json", methods=["GET"])
def api_openapi(req: func.HttpRequest) -> func.HttpResponse:
    """The description of the API."""
    from web.api.openapi import openapi_json as handler

    return respond(req, handler)


@bp.route("api/v1/scans", methods=["GET"])
def api_scans(req: func.HttpRequest) -> func.HttpResponse:
    """The user's scans."""
    from web.api.operations import answer

    return respond(req, answer("listScans"))


@bp.route("api/v1/scans/{scan_id}/overview", methods=["GET"])
def api_overview(req: func.HttpRequest) -> func.HttpResponse:
    """The overview of a scan."""
    from web.api.operations import answer

    return respond(req, answer("getOverview"))


@bp.route("api/v1/scans/{scan_id}/costs", methods=["GET"])
def api_costs(req: func.HttpRequest) -> func.HttpResponse:
    """Costs by one dimension."""
    from web.api.operations import answer

    return respond(req, answer("getCosts"))


@bp.route("api/v1/scans/{scan_id}/findings", methods=["GET"])
def api_findings(req: func.HttpRequest) -> func.HttpResponse:
    """The published findings."""
    from web.api.operations import answer

    return respond(req, answer("listFindings"))


@bp.route("api/v1/scans/{scan_id}/resources", methods=["GET"])
def api_resources(req: func.HttpRequest) -> func.HttpResponse:
    """The inventory."""
    from web.api.operations import answer

    return respond(req, answer("listResources"))


@bp.route("api/v1/scans/{scan_id}/coverage", methods=["GET"])
def api_coverage(req: func.HttpRequest) -> func.HttpResponse:
    """What was read."""
    from web.api.operations import answer

    return respond(req, answer("getCoverage"))


@bp.route("api/v1/activity", methods=["GET"])
def api_activity(req: func.HttpRequest) -> func.HttpResponse:
    """The activity log."""
    from web.api.operations import answer

    return respond(req, answer("listActivity"))
