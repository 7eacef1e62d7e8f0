"""Authenticates callers of Resource Manager: checks the bearer token as the gateway does."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from simulator.arm.errors import challenge, refusal, us_time
from simulator.entra.tokens import ARM_AUDIENCE, CHALLENGED_CONTEXT, CLIENT_CAPABILITY, issued_at
from simulator.exchange import Refusal, Request, Response
from simulator.people import Person
from simulator.world import World


@dataclass(frozen=True)
class Caller:
    """A signed-in person and the tenant that the token is for."""

    person: Person
    tenant_id: str

    @property
    def object_id(self) -> str:
        return self.person.object_ids[self.tenant_id]


def caller(world: World, request: Request) -> Caller:
    """The caller; raises Refusal with 401."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        text = "Authentication failed. The 'Authorization' header is missing."
        cause = "The authentication failed because of missing 'Authorization' header."
        raise refusal(401, "AuthenticationFailed", text, challenge("invalid_token", cause))
    claims = world.signer.claims(token.strip())
    if claims is None:
        text = "The access token is invalid."
        raise refusal(
            401, "InvalidAuthenticationToken", text, challenge("invalid_token", "The access token is invalid.")
        )
    if claims["aud"] != ARM_AUDIENCE:
        text = f"The access token has been obtained for wrong audience or resource '{claims['aud']}'."
        cause = "The access token has been obtained from wrong audience or resource."
        raise refusal(401, "InvalidAuthenticationTokenAudience", text, challenge("invalid_token", cause))
    _check_age(world, claims)
    _check_context(world, claims)
    return Caller(world.configuration.by_object_id[claims["tid"], claims["oid"]], claims["tid"])


def _check_age(world: World, claims: dict[str, Any]) -> None:
    now = world.now()
    if world.faults.strikes("expired_tokens"):
        world.expired_tokens.add(claims["uti"])
    if now < claims["exp"] and claims["uti"] not in world.expired_tokens:
        return
    expiry = min(claims["exp"], now - 1)
    text = f"The access token expiry UTC time '{us_time(expiry)}' is earlier than current UTC time '{us_time(now)}'."
    headers = challenge("invalid_token", "The access token has expired.")
    raise refusal(401, "ExpiredAuthenticationToken", text, headers)


def _check_context(world: World, claims: dict[str, Any]) -> None:
    """Continuous access evaluation: only clients that declared CP1 are challenged."""
    if claims.get("xms_cc") != [CLIENT_CAPABILITY]:
        return
    if world.faults.is_on("claims_challenge") and CHALLENGED_CONTEXT not in claims.get("acrs", []):
        raise claims_challenge({"access_token": {"acrs": {"essential": True, "value": CHALLENGED_CONTEXT}}})
    revoked = world.state.refusal(claims["upn"])
    if revoked and revoked[0] == 50173 and issued_at(claims) <= revoked[1]:
        since = str(int(revoked[1]))
        raise claims_challenge({"access_token": {"nbf": {"essential": True, "value": since}}})


def claims_challenge(claims: dict[str, Any]) -> Refusal:
    """Two schemes in one header, commas inside quoted text: as recorded."""
    encoded = base64.b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode()
    uri = 'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    cause = "Continuous access evaluation resulted in challenge with result: InteractionRequired, and code: TokenIssuedBeforeRevocationTimestamp"  # noqa: E501
    value = (
        f'Bearer realm="", {uri}, error_description="{cause}", error="insufficient_claims", claims="{encoded}", '
        f'PoP realm="", {uri}'
    )
    return Refusal(Response(401, b"", (("WWW-Authenticate", value),)))
