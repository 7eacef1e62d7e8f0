"""Issues authorization codes and tokens."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from simulator.azure_names import DELEGATED_PERMISSION
from simulator.people import Person
from simulator.signing import base64url, from_base64url
from simulator.world import World

CODE_LIFE_SECONDS = 600
ARM_AUDIENCE = "https://management.azure.com"
OPAQUE_PREFIX = "1.AXkA"
CLIENT_CAPABILITY = "CP1"
CHALLENGED_CONTEXT = "c1"


@dataclass(frozen=True)
class Grant:
    """A user's consent at one sign-in."""

    username: str
    client_id: str
    tenant_id: str
    segment: str
    scopes: tuple[str, ...]
    redirect_uri: str = ""
    nonce: str | None = None
    code_challenge: str | None = None
    challenge_method: str = "S256"
    authentication_contexts: tuple[str, ...] = ()
    signed_in_at: float = 0

    @classmethod
    def load(cls, values: dict[str, Any]) -> "Grant":
        tuples = {name: tuple(values[name]) for name in ("scopes", "authentication_contexts")}
        return cls(**{**values, **tuples})


def person_of(world: World, grant: Grant) -> Person:
    """Who signed in."""
    return world.configuration.by_username[grant.username]


def client_info(person: Person) -> str:
    """The home account, as MSAL asks for it."""
    return base64url(json.dumps({"uid": person.home_object_id, "utid": person.home.tenant_id}).encode())


def new_code(world: World, grant: Grant) -> str:
    """An authorization code: single use, ten minutes."""
    code = OPAQUE_PREFIX + secrets.token_urlsafe(560)
    world.state.add_code(code, asdict(grant), world.now() + CODE_LIFE_SECONDS)
    world.state.record_issued("authorization code", code, grant.username)
    return code


def new_refresh_token(world: World, grant: Grant) -> str:
    """A refresh token: opaque, good for 90 days, not ended by use."""
    token = OPAQUE_PREFIX + secrets.token_urlsafe(820)
    world.state.add_refresh_token(token, asdict(grant), world.now())
    world.state.record_issued("refresh token", token, grant.username)
    return token


def _common(world: World, tenant_id: str, life: int) -> dict[str, Any]:
    moment = world.now()
    now = int(moment)
    uti = base64url(int(moment * 1_000_000).to_bytes(8, "big") + secrets.token_bytes(8))
    return {"iat": now, "nbf": now, "exp": now + life, "tid": tenant_id, "ver": "2.0", "uti": uti}


def issued_at(claims: dict[str, Any]) -> float:
    """When a token was made; `iat` has whole seconds only."""
    return int.from_bytes(from_base64url(claims["uti"])[:8], "big") / 1_000_000


def id_token(world: World, grant: Grant) -> str:
    """Who signed in, for the app."""
    person = person_of(world, grant)
    object_id = person.object_ids[grant.tenant_id]
    claims = {
        "aud": grant.client_id,
        "iss": f"{world.base_url}/{grant.tenant_id}/v2.0",
        **_common(world, grant.tenant_id, 3600),
        "name": person.name,
        "oid": object_id,
        "preferred_username": person.username,
        "rh": f"1.{secrets.token_urlsafe(20)}",
        "sid": str(uuid4()),
        "sub": base64url(uuid5(NAMESPACE_URL, f"{grant.client_id}/{object_id}").bytes * 2),
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    roles = world.operator_roles.get(person.username, person.operator_roles)
    if world.configuration.is_for_operators(grant.client_id) and roles:
        claims["roles"] = list(roles)
    if world.configuration.is_for_operators(grant.client_id):  # an optional claim of that registration
        claims["auth_time"] = int(grant.signed_in_at)
    return _issue(world, "id token", claims, grant.username)


def access_token(world: World, grant: Grant, claims_request: dict[str, Any]) -> str:
    """A token for Resource Manager, valid for an hour."""
    person = person_of(world, grant)
    object_id = person.object_ids[grant.tenant_id]
    claims = {
        "aud": ARM_AUDIENCE,
        "iss": f"https://sts.windows.net/{grant.tenant_id}/",
        **_common(world, grant.tenant_id, world.options.token_life_seconds),
        "appid": grant.client_id,
        "appidacr": "1",
        "groups": [str(uuid5(NAMESPACE_URL, f"{object_id}/{number}")) for number in range(12)],
        "idp": f"https://sts.windows.net/{person.home.tenant_id}/",
        "name": person.name,
        "oid": object_id,
        "puid": secrets.token_hex(8).upper(),
        "scp": DELEGATED_PERMISSION,
        "unique_name": person.username,
        "upn": person.username,
        "ver": "1.0",
    }
    if CLIENT_CAPABILITY in demanded(claims_request, "xms_cc"):
        claims["xms_cc"] = [CLIENT_CAPABILITY]
    contexts = {*grant.authentication_contexts, *demanded(claims_request, "acrs")}
    if contexts:
        claims["acrs"] = sorted(contexts)
    return _issue(world, "access token", claims, grant.username)


def sign_in_token(world: World, grant: Grant) -> str:
    """The access token where no permission was requested: for the user's own sign-in data at Graph."""
    common = _common(world, grant.tenant_id, world.options.token_life_seconds)
    claims = {
        "aud": "00000003-0000-0000-c000-000000000000",
        **common,
        "appid": grant.client_id,
        "scp": "openid profile",
    }
    return _issue(world, "access token", claims, grant.username)


def demanded(claims_request: dict[str, Any], name: str) -> list[str]:
    """The values of this claim that a claims request demands in the access token."""
    wanted = claims_request.get("access_token")
    claim = wanted.get(name) if isinstance(wanted, dict) else None
    if not isinstance(claim, dict):
        return []
    values = claim.get("values", [claim.get("value")])
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def mail_token(world: World, tenant_id: str) -> str:
    """A token for Graph with the application permission to send mail."""
    claims = {"aud": "https://graph.microsoft.com", **_common(world, tenant_id, 3599), "roles": ["Mail.Send"]}
    return _issue(world, "access token", claims, None)


def _issue(world: World, kind: str, claims: dict[str, Any], username: str | None) -> str:
    token = world.signer.sign(claims)
    world.state.record_issued(kind, token, username)
    return token
