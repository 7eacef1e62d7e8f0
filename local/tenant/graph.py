"""The simulated Microsoft Graph: takes mails and shows them on a page.

https://learn.microsoft.com/graph/api/user-sendmail
"""

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from local.tenant.entra.pages import page
from local.tenant.exchange import Refusal, Request, Response, json_response
from local.tenant.world import World


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(json_response(status, {"error": {"code": code, "message": message}}))


def send_mail(world: World, request: Request, user: str) -> Response:
    """`POST /v1.0/users/{id}/sendMail`: 202 and an empty body; accepted is not delivered."""
    _check_token(world, request)
    try:
        message = json.loads(request.body)["message"]
        recipients = [item["emailAddress"]["address"] for item in message["toRecipients"]]
        is_complete = bool(recipients and message["subject"] and message["body"]["content"])
    except (ValueError, KeyError, TypeError):
        is_complete = False
    if not is_complete:
        raise _refusal(400, "ErrorInvalidRecipients", "At least one recipient, a subject and a body are needed.")
    world.state.add_mail(user, message, world.now())
    return Response(202)


def _check_token(world: World, request: Request) -> None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    claims = world.signer.claims(token)
    if claims is None or claims["aud"] != "https://graph.microsoft.com" or claims["exp"] < world.now():
        raise _refusal(401, "InvalidAuthenticationToken", "Access token is empty, expired or for another audience.")
    if "Mail.Send" not in claims.get("roles", []):
        raise _refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def outbox(world: World, _request: Request) -> Response:
    """`GET /outbox`: every mail, newest first."""
    mails = "".join(_shown(*mail) for mail in world.state.mails())
    return page(200, "Outbox", mails or "<p>No mail was sent yet.</p>")


def _shown(sender: str, message: dict[str, Any], received_at: float) -> str:
    at = datetime.fromtimestamp(received_at, UTC).strftime("%d %B %Y %H:%M UTC")
    to = ", ".join(item["emailAddress"]["address"] for item in message["toRecipients"])
    return (
        f"<article><h2>{escape(message['subject'])}</h2>"
        f"<p><small>From {escape(sender)} to {escape(to)}, {at}</small></p>"
        f"<pre>{escape(message['body']['content'])}</pre></article>"
    )
