"""Validate an ID token: the checks that MSAL leaves to the application.

The signature is not checked: the token comes from the token endpoint over TLS, never through
the browser, which OpenID Connect Core 3.1.3.7 (6) accepts instead.
https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.identity.tenants import PERSONAL_ACCOUNTS, TENANT_ID

CLOCK_SKEW_SECONDS = 300
MAX_USERNAME_CHARACTERS = 320


@dataclass(frozen=True)
class Identity:
    """A user of one tenant. `username` is for display only: it can be reassigned."""

    tenant_id: str
    user_object_id: str
    username: str


class IdTokenRefused(Exception):
    """The token fails a check; the text names the claim, never its value."""

    def __init__(self, claim: str) -> None:
        super().__init__(f"the ID token's {claim} is invalid")
        self.claim = claim


class PersonalAccountRefused(IdTokenRefused):
    """A personal Microsoft account."""


class OtherTenantRefused(IdTokenRefused):
    """The user signed in to another tenant than the one named."""


def identity_of(
    claims: Mapping[str, Any],
    *,
    client_id: str,
    authority_host: str,
    nonce: str,
    named_tenant_id: str | None,
    now: datetime,
) -> Identity:
    """Return who signed in; raises IdTokenRefused. `nonce` is MSAL's, which sends and compares its SHA-256."""
    tenant_id = _guid(claims, "tid")
    if tenant_id == PERSONAL_ACCOUNTS:
        raise PersonalAccountRefused("tid")
    _must_be(claims, "aud", client_id)
    _must_be(claims, "iss", f"{authority_host}/{tenant_id}/v2.0")
    _must_be(claims, "nonce", hashlib.sha256(nonce.encode()).hexdigest())
    _check_times(claims, now)
    if named_tenant_id not in (None, tenant_id):
        raise OtherTenantRefused("tid")
    object_id = _guid(claims, "oid")
    return Identity(tenant_id, object_id, _username(claims) or object_id)


def _must_be(claims: Mapping[str, Any], name: str, expected: str) -> None:
    if claims.get(name) != expected:
        raise IdTokenRefused(name)


def _guid(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not TENANT_ID.fullmatch(value.lower()):
        raise IdTokenRefused(name)
    return value.lower()


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    if now.timestamp() > _moment(claims, "exp") + CLOCK_SKEW_SECONDS:
        raise IdTokenRefused("exp")
    if "nbf" in claims and now.timestamp() < _moment(claims, "nbf") - CLOCK_SKEW_SECONDS:
        raise IdTokenRefused("nbf")


def _moment(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise IdTokenRefused(name)
    return value


def _username(claims: Mapping[str, Any]) -> str:
    value = claims.get("preferred_username")
    if not isinstance(value, str):
        return ""
    printable = "".join(sign for sign in value if unicodedata.category(sign)[0] != "C")
    return printable.strip()[:MAX_USERNAME_CHARACTERS]
