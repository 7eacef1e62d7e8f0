"""Parses requests to /authorize, and checks them in Entra's order."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from simulator.azure_names import (
    ARM_RESOURCES,
    DELEGATED_PERMISSION,
    SIGN_IN_SCOPES,
)
from simulator.entra.errors import callback_error
from simulator.entra.pages import error_page, form
from simulator.entra.tenants import known_tenant
from simulator.exchange import Refusal, Request, Response, html_response, redirect
from simulator.people import Directory
from simulator.world import World

CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
PROMPTS = {"", "login", "none", "consent", "select_account"}
ARM_SCOPES = {f"{resource}/{name}" for resource in ARM_RESOURCES for name in (DELEGATED_PERMISSION, ".default")}
UPPER_ESCAPE = re.compile(r"%[0-9A-F]{2}")


@dataclass(frozen=True)
class AuthorizeRequest:
    """A valid request; `tenant` None stands for `organizations` and `common`."""

    client_id: str
    segment: str
    tenant: Directory | None
    query_string: str
    redirect_uri: str
    response_mode: str
    scopes: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str | None
    challenge_method: str
    prompt: str
    login_hint: str | None
    claims: dict[str, Any]
    wants_client_info: bool


def entra_query(parameters: list[tuple[str, str]]) -> str:
    """A query string as Entra writes it: lower-case escapes, + for a space."""
    text = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in parameters)
    return UPPER_ESCAPE.sub(lambda found: found.group().lower(), text)


def send_back(redirect_uri: str, mode: str, parameters: list[tuple[str, str]]) -> Response:
    """The response to the app, in its response mode."""
    if mode == "form_post":
        body = form(redirect_uri, dict(parameters), "<button>Continue</button>")
        return html_response(200, f'<!doctype html><html lang="en"><title>Working…</title><body>{body}</body></html>')
    return redirect(f"{redirect_uri}{'#' if mode == 'fragment' else '?'}{entra_query(parameters)}")


def read(world: World, request: Request, segment: str) -> AuthorizeRequest:
    """The request, or Refusal: on Entra's own page until the redirect address is known to be registered."""
    values = dict(request.query)
    tenant = _tenant(world, segment)
    _check_client(world, segment, tenant, values)
    refuse = _refuser(world, values)
    repeated = [name for name, count in Counter(name for name, _ in request.query).items() if count > 1]
    if repeated:
        raise refuse(9000411, value=repeated[0])
    _check_protocol(values, refuse)
    return AuthorizeRequest(
        client_id=values["client_id"].lower(),
        segment=segment,
        tenant=tenant,
        query_string=request.query_string,
        redirect_uri=values["redirect_uri"],
        response_mode=values.get("response_mode", "query"),
        scopes=_scopes(world, values, refuse),
        state=values.get("state"),
        nonce=values.get("nonce"),
        code_challenge=_challenge(values, refuse),
        challenge_method=values.get("code_challenge_method", "plain"),
        prompt=values.get("prompt", ""),
        login_hint=values.get("login_hint"),
        claims=_claims(values, refuse),
        wants_client_info=values.get("client_info") == "1",
    )


def _tenant(world: World, segment: str) -> Directory | None:
    try:
        return known_tenant(world, segment)
    except Refusal:
        raise Refusal(error_page(world, 90002, tenant=segment)) from None


def _check_client(world: World, segment: str, tenant: Directory | None, values: dict[str, str]) -> None:
    def show(code: int, **texts: str) -> Refusal:
        return Refusal(error_page(world, code, **texts))

    if not values.get("client_id"):
        raise show(900144, value="client_id")
    client_id = values["client_id"].lower()
    known = world.configuration
    is_elsewhere = known.is_for_operators(client_id) and tenant != known.operators_tenant
    if client_id not in known.applications or is_elsewhere:
        raise show(700016, value=values["client_id"], tenant=segment)
    if not values.get("redirect_uri"):
        raise show(900971)
    if values["redirect_uri"] not in world.redirect_uris(client_id):
        raise show(50011, redirect_uri=values["redirect_uri"])


Refuser = Callable[..., Refusal]


def _refuser(world: World, values: dict[str, str]) -> Refuser:
    mode = values.get("response_mode", "query")

    def refuse(code: int, **texts: str) -> Refusal:
        parameters = callback_error(world, code, values.get("state"), **texts)
        return Refusal(send_back(values["redirect_uri"], mode, parameters))

    return refuse


def _check_protocol(values: dict[str, str], refuse: Refuser) -> None:
    state = [("state", values["state"])] if "state" in values else []
    if not values.get("response_type"):
        text = "The provided request must include a 'response_type' input parameter."
        parameters = [("error", "invalid_request"), ("error_description", text), *state]
        raise Refusal(send_back(values["redirect_uri"], "query", parameters))
    if values["response_type"] != "code":
        text = f"AADSTS70005: response_type '{values['response_type']}' isn't supported for the application."
        parameters = [("error", "unsupported_response_type"), ("error_description", text), *state]
        raise Refusal(send_back(values["redirect_uri"], "query", parameters))
    if values.get("response_mode", "query") not in ("query", "fragment", "form_post"):
        raise refuse(9002313)
    if values.get("prompt", "") not in PROMPTS:
        raise refuse(90023)


def _scopes(world: World, values: dict[str, str], refuse: Refuser) -> tuple[str, ...]:
    scopes = tuple(values.get("scope", "").split())
    if not scopes:
        raise refuse(900144, value="scope")
    is_for_operators = world.configuration.is_for_operators(values["client_id"].lower())
    for scope in scopes:
        if scope not in SIGN_IN_SCOPES and (is_for_operators or scope not in ARM_SCOPES):
            raise refuse(650053, value=scope, resource="00000003-0000-0000-c000-000000000000")
    return scopes


def _challenge(values: dict[str, str], refuse: Refuser) -> str | None:
    challenge = values.get("code_challenge")
    if challenge is None:
        return None
    if not CHALLENGE.fullmatch(challenge) or values.get("code_challenge_method", "plain") not in ("S256", "plain"):
        raise refuse(501491)
    return challenge


def _claims(values: dict[str, str], refuse: Refuser) -> dict[str, Any]:
    try:
        claims = json.loads(values.get("claims") or "{}")
    except ValueError:
        raise refuse(9002313) from None
    if not isinstance(claims, dict):
        raise refuse(9002313)
    return claims
