"""The page of API tokens: create one, see it once, revoke it."""

from shared.core.audit import Action
from shared.core.errors import BadRequest, Conflict
from shared.core.limits import API_REQUESTS
from shared.core.models import Session
from shared.core.periods import API_TOKEN_DAYS
from shared.identity.api_tokens import MAX_NAME_CHARACTERS, TOKENS_PER_USER
from shared.wiring import Services
from web.http.access import check_same_origin, require_session
from web.http.audit import record_action
from web.http.forms import whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.pages import render


def token_list(request: Request, services: Services) -> Response:
    """GET /api-tokens: the user's valid tokens."""
    return _page(services, require_session(request, services))


def token_create(request: Request, services: Services) -> Response:
    """POST /api-tokens: create a token and show it, this once."""
    session = require_session(request, services)
    check_same_origin(request, services)
    name, days = request.form.get("name", "").strip(), whole_number(request.form.get("days"), API_TOKEN_DAYS)
    if not name or len(name) > MAX_NAME_CHARACTERS or not days:
        raise BadRequest(
            "The token was not created",
            f"Enter a name of at most {MAX_NAME_CHARACTERS} characters and 1 to {API_TOKEN_DAYS} days.",
        )
    if len(services.api_tokens.of_user(session.tenant_id, session.user_object_id)) >= TOKENS_PER_USER:
        raise Conflict("You have too many tokens", f"Revoke one: you can have {TOKENS_PER_USER}.")
    record_action(services, session, Action.API_TOKEN_CREATED, details={"name": name, "days": days})
    return _page(services, session, services.api_tokens.create(session, name, days))


def token_revoke(request: Request, services: Services) -> Response:
    """POST /api-tokens/revoke: end a token at once."""
    session = require_session(request, services)
    check_same_origin(request, services)
    key, owner = request.form.get("token", ""), (session.tenant_id, session.user_object_id)
    named = next((one.name for one in services.api_tokens.of_user(*owner) if one.key == key), None)
    if named is not None:
        record_action(services, session, Action.API_TOKEN_REVOKED, details={"name": named})
        services.api_tokens.revoke(*owner, key)
    return redirect("/api-tokens")


def _page(services: Services, session: Session, new_token: str | None = None) -> Response:
    return render(
        "api/tokens.html",
        session=session,
        tokens=services.api_tokens.of_user(session.tenant_id, session.user_object_id),
        new_token=new_token,
        most_days=API_TOKEN_DAYS,
        requests_an_hour=API_REQUESTS.number,
        most_characters=MAX_NAME_CHARACTERS,
        base_url=services.settings.base_url,
    )
