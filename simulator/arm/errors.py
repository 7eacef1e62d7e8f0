"""Resource Manager's refusals in the recorded forms."""

from datetime import UTC, datetime
from uuid import uuid4

from simulator.exchange import Headers, Refusal, Response, json_response


def error(status: int, code: str, message: str, headers: Headers = ()) -> Response:
    """The usual envelope: {"error": {"code", "message"}}."""
    return json_response(status, {"error": {"code": code, "message": message}}, headers)


def refusal(status: int, code: str, message: str, headers: Headers = ()) -> Refusal:
    """The same, to be raised."""
    return Refusal(error(status, code, message, headers))


def us_time(moment: float) -> str:
    """A moment as the gateway writes it in its texts: 10/16/2018 4:13:37 PM."""
    at = datetime.fromtimestamp(moment, UTC)
    hour, half = at.hour % 12 or 12, "AM" if at.hour < 12 else "PM"
    return f"{at.month}/{at.day}/{at.year} {hour}:{at.minute:02d}:{at.second:02d} {half}"


def challenge(error_code: str, description: str) -> Headers:
    """The headers of a 401 of the gateway."""
    scheme = 'Bearer authorization_uri="https://login.windows.net/"'
    text = f'{scheme}, error="{error_code}", error_description="{description}"'
    return (("WWW-Authenticate", text), ("x-ms-failure-cause", "gateway"))


def authorization_failed(client: str, action: str, scope: str) -> Refusal:
    """A missing role, in the newer of the two wordings."""
    message = (
        f"The client '{client}' with object id '{client}' does not have authorization to perform action '{action}' "
        f"over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials."
    )
    return refusal(403, "AuthorizationFailed", message, (("x-ms-failure-cause", "gateway"),))


def cost_access_denied() -> Refusal:
    """A missing role at Cost Management and Consumption is a 401, and no challenge."""
    message = f"The client does not have authorization to perform action. Request ID: {uuid4()}"
    return refusal(401, "RBACAccessDenied", message)


def not_found(path: str) -> Refusal:
    """A missing resource, in the gateway's form."""
    return refusal(
        404, "ResourceNotFound", f"The Resource '{path}' was not found.", (("x-ms-failure-cause", "gateway"),)
    )


def method_not_allowed(method: str) -> Refusal:
    """The web framework's own words, in its own envelope."""
    body = {"Message": f"The requested resource does not support http method '{method}'."}
    return Refusal(json_response(405, body))


def with_request_ids(response: Response, now: float) -> Response:
    """Add the headers that every response of Resource Manager has."""
    request_id = str(uuid4())
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    return response.with_headers(
        (
            ("Cache-Control", "no-cache"),
            ("Pragma", "no-cache"),
            ("x-ms-request-id", request_id),
            ("x-ms-correlation-request-id", request_id),
            ("x-ms-routing-request-id", f"UKSOUTH:{moment}:{request_id}"),
            ("X-Content-Type-Options", "nosniff"),
        )
    )
