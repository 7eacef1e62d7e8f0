"""The front door: only Cloudflare may call the app, and only it is believed about the caller's address.

https://developers.cloudflare.com/fundamentals/reference/http-headers/
"""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

from shared.core.errors import Forbidden
from shared.core.settings import Settings
from web.http.messages import Request

PROOF_HEADER = "x-caleta-front-door"
"""Set by Cloudflare on each request to the origin; it replaces what the browser may have sent."""

ADDRESS_HEADER = "cf-connecting-ip"

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Answered without the front door: a health check has no secret; for /readyz the host requires the function key."""

UNKNOWN_ADDRESS = "unknown"
"""The address of a caller that did not come through the front door: all of them share one limit."""

IPV6_NETWORK_BITS = 64
"""A connection's share of IPv6: one customer has 2^64 addresses in it."""


def check_front_door(request: Request, settings: Settings) -> None:
    """Raise Forbidden for a request past the front door. Without secrets, on a developer's machine, there is none."""
    if not settings.front_door_secrets or request.path in OPEN_PATHS or is_from_front_door(request, settings):
        return
    raise Forbidden("This address is not public", f"Open {settings.base_url} instead.")


def is_from_front_door(request: Request, settings: Settings) -> bool:
    """Whether the request has one of the secrets. Each is compared in constant time, the matching one included."""
    given = request.headers.get(PROOF_HEADER, "").encode()
    found = [hmac.compare_digest(given, secret.encode()) for secret in settings.front_door_secrets]
    return any(found)


def client_address(request: Request, settings: Settings) -> str:
    """Return the caller's address as a key for limits: an IPv4 address, a /64 network of IPv6, or UNKNOWN_ADDRESS.

    The header is believed from the front door only: any other caller can write what it likes.
    """
    if not is_from_front_door(request, settings):
        return UNKNOWN_ADDRESS
    try:
        address = ip_address(request.headers.get(ADDRESS_HEADER, ""))
    except ValueError:
        return UNKNOWN_ADDRESS
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((int(address), IPV6_NETWORK_BITS), strict=False))
