"""The `claims` parameter: our capability and the content of a claims challenge.

https://learn.microsoft.com/entra/identity-platform/claims-challenge
"""

import json
from collections.abc import Mapping
from typing import Any

CAPABILITIES = ("CP1",)
"""CP1: this client handles claims challenges (Continuous Access Evaluation)."""

MAX_CHALLENGE_CHARACTERS = 4000


def usable_challenge(text: str | None) -> str | None:
    """Return the challenge if it is a JSON object of acceptable size, else None."""
    if not text or len(text) > MAX_CHALLENGE_CHARACTERS:
        return None
    try:
        claims = json.loads(text)
    except ValueError:
        return None
    if not isinstance(claims, dict) or not all(isinstance(part, dict) for part in claims.values()):
        return None
    return text


def with_capabilities(challenge: str | None) -> str:
    """Return the value of `claims` for a token request.

    MSAL sends none with a refresh token, and a token obtained without CP1 is never challenged,
    so we merge it here.
    """
    ours = {"access_token": {"xms_cc": {"values": list(CAPABILITIES)}}}
    return json.dumps(_merged(_parsed(challenge), ours))


def both(first: str | None, second: str | None) -> str | None:
    """Return the union of two challenges."""
    merged = _merged(_parsed(first), _parsed(second))
    return usable_challenge(json.dumps(merged)) if merged else None


def _parsed(challenge: str | None) -> dict[str, Any]:
    usable = usable_challenge(challenge)
    parsed: dict[str, Any] = json.loads(usable) if usable else {}
    return parsed


def _merged(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in addition.items():
        known = merged.get(name)
        merged[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged
