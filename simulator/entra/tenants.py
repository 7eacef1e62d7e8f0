"""The {tenant} part of an Entra address, and the discovery document."""

from simulator.entra.errors import refuse
from simulator.exchange import Request, Response, json_response
from simulator.people import Directory, Person
from simulator.world import World

SHARED_ENDPOINTS = ("organizations", "common")


def known_tenant(world: World, name: str) -> Directory | None:
    """The tenant, or None for `organizations` and `common`; refuses an unknown one."""
    if name.lower() in SHARED_ENDPOINTS:
        return None
    found = world.configuration.directory(name)
    if found is None:
        raise refuse(world, 90002, tenant=name)
    return found


def tenant_for(person: Person, named: Directory | None) -> Directory | None:
    """Where this person signs in: the named tenant if they are in it, else their home."""
    if named is None:
        return person.home
    return named if named.tenant_id in person.object_ids else None


def discover(world: World, _request: Request, tenant: str) -> Response:
    """`/{tenant}/v2.0/.well-known/openid-configuration`.

    The token endpoint is given as https, because MSAL insists on it; the app's own
    transport turns it into http for this host.
    """
    named = known_tenant(world, tenant)
    segment = tenant.lower() if named is None else named.tenant_id
    issuer = "{tenantid}" if named is None else named.tenant_id
    plain = f"{world.base_url}/{segment}"
    return json_response(
        200,
        {
            "token_endpoint": f"https://127.0.0.1:{world.port}/{segment}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{plain}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{world.base_url}/{issuer}/v2.0",
            "authorization_endpoint": f"{plain}/oauth2/v2.0/authorize",
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid"],
            "tenant_region_scope": None if named is None else "EU",
        },
    )


def keys(world: World, _request: Request, tenant: str) -> Response:
    """`/{tenant}/discovery/v2.0/keys`: the public signing key."""
    known_tenant(world, tenant)
    return json_response(200, world.signer.key_set())
