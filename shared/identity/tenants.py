"""Validate how a customer names a tenant."""

import re
from typing import Final

ORGANIZATIONS: Final = "organizations"
"""Entra's name for the home tenant of the user who signs in, work and school accounts only."""

PERSONAL_ACCOUNTS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of personal Microsoft accounts, which have no Azure billing of an organisation.

https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
"""

TENANT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])")
MAX_DOMAIN_CHARACTERS = 253


class TenantNotFound(Exception):
    """Entra has no tenant of this name, or has it in another cloud."""


def named_tenant(text: str | None) -> str | None:
    """Return the tenant that the customer named, in lower case; None if none was named.

    Raises TenantNotFound for what cannot be a tenant's name, such as `common`.
    """
    name = (text or "").strip().lower()
    if not name:
        return None
    is_domain = len(name) <= MAX_DOMAIN_CHARACTERS and DOMAIN.fullmatch(name)
    if name == PERSONAL_ACCOUNTS or not (TENANT_ID.fullmatch(name) or is_domain):
        raise TenantNotFound
    return name
