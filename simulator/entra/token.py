"""The token endpoint: authorization_code, refresh_token, and client_credentials for mail."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from simulator.azure_names import (
    ARM_RESOURCES,
    DELEGATED_PERMISSION,
    SIGN_IN_SCOPES,
)
from simulator.entra.authorize_request import ARM_SCOPES
from simulator.entra.errors import refuse, stamp
from simulator.entra.tenants import known_tenant, tenant_for
from simulator.entra.tokens import (
    Grant,
    access_token,
    client_info,
    demanded,
    id_token,
    mail_token,
    new_refresh_token,
    person_of,
    sign_in_token,
)
from simulator.exchange import Request, Response, json_response
from simulator.people import Directory
from simulator.signing import base64url
from simulator.world import World

REFRESH_LIFE_SECONDS = 90 * 86_400
Form = dict[str, str]


def token(world: World, request: Request, segment: str) -> Response:
    """`POST /{tenant}/oauth2/v2.0/token`."""
    if world.faults.strikes("entra_error_500"):
        return Response(500, b"Internal Server Error", (("Content-Type", "text/plain"),))
    repeated = [name for name, count in Counter(name for name, _ in request.form).items() if count > 1]
    if repeated:
        raise refuse(world, 9000411, value=repeated[0])
    form: Form = dict(request.form)
    tenant = known_tenant(world, segment)
    if "grant_type" not in form:
        raise refuse(world, 900144, value="grant_type")
    answer = GRANT_TYPES.get(form["grant_type"])
    if answer is None:
        raise refuse(world, 70003, value=form["grant_type"])
    client_id = _authenticated_client(world, request, form, segment)
    if world.faults.strikes("entra_assertion_expired"):
        raise refuse(world, 500133)
    if world.faults.strikes("entra_no_azure"):
        raise refuse(world, 500011, resource=ARM_RESOURCES[0], tenant=segment)
    return answer(world, form, segment, tenant, client_id)


def _authenticated_client(world: World, request: Request, form: Form, segment: str) -> str:
    client_id, secret = form.get("client_id", ""), form.get("client_secret")
    authorization = request.headers.get("authorization", "")
    if authorization.startswith("Basic "):
        client_id, secret = _basic(world, authorization)
    if not client_id:
        raise refuse(world, 900144, value="client_id")
    known = world.configuration.secrets.get(client_id.lower())
    if known is None:
        raise refuse(world, 700016, value=client_id, tenant=segment)
    if secret is None:
        raise refuse(world, 7000218)
    if secret != known:
        raise refuse(world, 7000215)
    world.state.record_issued("client secret", known, None)
    return client_id.lower()


def _basic(world: World, authorization: str) -> tuple[str, str]:
    try:
        client_id, _, secret = (
            base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode().partition(":")
        )
    except ValueError:
        raise refuse(world, 9002313) from None
    return unquote_plus(client_id), unquote_plus(secret)


def _redeem_code(world: World, form: Form, segment: str, _tenant: Directory | None, client_id: str) -> Response:
    now = world.now()
    for name in ("code", "redirect_uri"):
        if not form.get(name):
            raise refuse(world, 900144, value=name)
    known = world.state.code(form["code"])
    if known is None:
        raise refuse(world, 70000)
    grant, expires_at, redeemed = Grant.load(known[0]), known[1], known[2]
    if grant.client_id != client_id:
        raise refuse(world, 70000)
    if redeemed:
        raise refuse(world, 54005)
    if now > expires_at:
        raise refuse(world, 70008)
    if segment.lower() != grant.segment:
        raise refuse(world, 700005)
    if form["redirect_uri"] != grant.redirect_uri:
        raise refuse(world, 50011, redirect_uri=form["redirect_uri"])
    _check_verifier(world, form, grant)
    _check_scopes(world, form)
    if not world.state.redeem(form["code"]):
        raise refuse(world, 54005)
    return _answer(world, form, grant, _claims(world, form))


def _check_verifier(world: World, form: Form, grant: Grant) -> None:
    if grant.code_challenge is None:
        return
    verifier = form.get("code_verifier", "")
    hashed = base64url(hashlib.sha256(verifier.encode()).digest())
    if grant.code_challenge != (hashed if grant.challenge_method == "S256" else verifier):
        raise refuse(world, 501481)
    world.state.record_issued("code verifier", verifier, grant.username)


def _check_scopes(world: World, form: Form) -> None:
    for scope in form.get("scope", "").split():
        if scope not in ARM_SCOPES and scope not in SIGN_IN_SCOPES:
            raise refuse(world, 70011, value=scope)


def _refresh(world: World, form: Form, segment: str, tenant: Directory | None, client_id: str) -> Response:
    if not form.get("refresh_token"):
        raise refuse(world, 900144, value="refresh_token")
    known = world.state.refresh_token(form["refresh_token"])
    if known is None:
        raise refuse(world, 70000)
    grant, issued_at = Grant.load(known[0]), known[1]
    if grant.client_id != client_id:
        raise refuse(world, 70000)
    here = tenant_for(person_of(world, grant), tenant)
    if here is None:
        raise refuse(world, 50020, username=grant.username, issuer=f"{world.base_url}/", tenant=segment)
    grant = replace(grant, tenant_id=here.tenant_id, nonce=None)
    _check_still_allowed(world, grant, issued_at)
    _check_scopes(world, form)
    claims = _claims(world, form)
    if demanded(claims, "acrs") and world.faults.is_on("claims_need_sign_in"):
        raise refuse(world, 50076)
    return _answer(world, form, grant, claims)


def _check_still_allowed(world: World, grant: Grant, issued_at: float) -> None:
    now = world.now()
    if now - issued_at > REFRESH_LIFE_SECONDS:
        raise refuse(world, 700082, issued=stamp(issued_at))
    refusal = world.state.refusal(grant.username)
    if refusal and issued_at <= refusal[1]:
        raise refuse(world, refusal[0], issued=stamp(issued_at), since=stamp(refusal[1]))
    if not world.state.is_granted(grant.tenant_id, person_of(world, grant).object_ids[grant.tenant_id], grant.scopes):
        raise refuse(world, 65001)


def _claims(world: World, form: Form) -> dict[str, Any]:
    try:
        claims = json.loads(form.get("claims") or "{}")
    except ValueError:
        raise refuse(world, 9002313) from None
    if not isinstance(claims, dict):
        raise refuse(world, 9002313)
    return claims


def _answer(world: World, form: Form, grant: Grant, claims: dict[str, Any]) -> Response:
    is_for_arm = any(scope in ARM_SCOPES for scope in grant.scopes)
    given = [f"{ARM_RESOURCES[0]}/{name}" for name in (DELEGATED_PERMISSION, ".default")]
    scopes = " ".join(given if is_for_arm else grant.scopes)
    body: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": scopes,
        "expires_in": world.options.token_life_seconds,
        "ext_expires_in": world.options.token_life_seconds,
        "access_token": access_token(world, grant, claims) if is_for_arm else sign_in_token(world, grant),
    }
    if "offline_access" in grant.scopes:
        body["refresh_token"] = new_refresh_token(world, grant)
    if "openid" in grant.scopes:
        body["id_token"] = id_token(world, grant)
    if form.get("client_info") == "1":
        body["client_info"] = client_info(person_of(world, grant))
    return json_response(200, body, (("Cache-Control", "no-store, no-cache"), ("Pragma", "no-cache")))


def _client_credentials(world: World, form: Form, segment: str, tenant: Directory | None, client_id: str) -> Response:
    """Only for the client that sends mail, and only in the operators' tenant."""
    if tenant is None:
        raise refuse(world, 9001023)
    if client_id != world.configuration.mail.client_id or tenant != world.configuration.operators_tenant:
        raise refuse(world, 700016, value=client_id, tenant=segment)
    if form.get("scope") != "https://graph.microsoft.com/.default":
        raise refuse(world, 70011, value=form.get("scope", ""))
    body = {"token_type": "Bearer", "expires_in": 3599, "access_token": mail_token(world, tenant.tenant_id)}
    return json_response(200, body)


Answerer = Callable[[World, Form, str, Directory | None, str], Response]
GRANT_TYPES: dict[str, Answerer] = {
    "authorization_code": _redeem_code,
    "refresh_token": _refresh,
    "client_credentials": _client_credentials,
}
