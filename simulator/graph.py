"""The simulated Microsoft Graph: accepts mail and shows it on a page.

https://learn.microsoft.com/graph/api/user-sendmail
"""

import json
import re
from datetime import UTC, datetime
from html import escape
from typing import Any

from simulator.entra.pages import page
from simulator.exchange import Refusal, Request, Response, json_response
from simulator.world import World

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(json_response(status, {"error": {"code": code, "message": message}}))


def send_mail(world: World, request: Request, user: str) -> Response | None:
    """`POST /v1.0/users/{id}/sendMail`: 202 and an empty body; accepted is not delivered. None: no answer."""
    _check_token(world, request)
    _check_mailbox(world, user)
    message = _message(request)
    if world.faults.strikes("mail_429"):
        body = {"error": {"code": "ApplicationThrottled", "message": "Over the MailboxConcurrency limit."}}
        raise Refusal(json_response(429, body, (("Retry-After", "10"),)))
    if world.faults.strikes("mail_503"):
        raise _refusal(503, "ErrorServerBusy", "The server is busy.")
    world.state.add_mail(user, message, world.now())
    return None if world.faults.strikes("mail_drop") else Response(202)


def _check_mailbox(world: World, user: str) -> None:
    """RBAC for Applications lets the identity send from one mailbox only."""
    if user.lower() != world.configuration.mail.sender or world.faults.strikes("mail_denied"):
        raise _refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def _message(request: Request) -> dict[str, Any]:
    try:
        message: dict[str, Any] = json.loads(request.body)["message"]
        addresses = [item["emailAddress"]["address"] for item in message["toRecipients"]]
        is_complete = bool(message["subject"] and message["body"]["content"])
        is_known = message["body"]["contentType"].lower() in ("text", "html")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _refusal(400, "ErrorInvalidRequest", "The request body is not a message.") from None
    if not addresses or not all(ADDRESS.fullmatch(str(address)) for address in addresses):
        raise _refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
    if not is_complete or not is_known:
        raise _refusal(400, "ErrorInvalidRequest", "A subject, a body and its type are needed.")
    return message


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
        f"<p><small>From {escape(sender)} to {escape(to)}, {at}</small></p>{_body(message['body'])}</article>"
    )


def _body(body: dict[str, str]) -> str:
    """The body as a mail program shows it; a sandboxed frame for HTML."""
    if body["contentType"].lower() == "text":
        return f"<pre>{escape(body['content'])}</pre>"
    content = escape(f'<base target="_blank">{body["content"]}')
    rights = "allow-popups allow-popups-to-escape-sandbox"
    return f'<iframe sandbox="{rights}" title="The mail" srcdoc="{content}" width="100%" height="520"></iframe>'
