"""Parse a claims challenge from WWW-Authenticate (RFC 9110, section 11.6.1).

https://learn.microsoft.com/entra/identity-platform/claims-challenge
"""

import base64
import binascii
import json
import re

_PARAMETER = re.compile(r"""([A-Za-z_][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))""")
MAX_LENGTH = 16_384


def claims_challenge(www_authenticate: str | None) -> str | None:
    """Return the claims (JSON text) that a new token needs; None if this is not a claims challenge.

    Several schemes may share the header, and quoted texts may contain commas; the claims
    are base64, url-safe or not, padded or not.
    """
    if not www_authenticate or len(www_authenticate) > MAX_LENGTH:
        return None
    found = [(name.lower(), quoted or bare) for name, quoted, bare in _PARAMETER.findall(www_authenticate)]
    if ("error", "insufficient_claims") not in found:
        return None
    return next((claims for name, value in found if name == "claims" and (claims := _decoded(value))), None)


def _decoded(value: str) -> str | None:
    standard = value.strip().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        text = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode()
        claims = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        return None
    return text if isinstance(claims, dict) else None
