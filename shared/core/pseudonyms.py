"""Pseudonyms of customers' identifiers, for records that outlive the customer's data."""

import hashlib
import hmac
from collections.abc import Callable

PURPOSE = b"caleta pseudonym:"
"""Keeps these digests apart from whatever else a key is used for."""


class Pseudonyms:
    """Keyed digests (HMAC-SHA-256, 64 hexadecimal digits): without a key no one can tell whose they are.

    `keys` returns the keys, newest first, and may raise ConfigurationError or AzureUnavailable. A digest made under a
    key that was taken away since can no longer be led back to the identifier, not by us either.
    """

    def __init__(self, keys: Callable[[], tuple[str, ...]]) -> None:
        self._keys = keys

    def of(self, identifier: str) -> str:
        """Return the pseudonym under the newest key."""
        return self.all_of(identifier)[0]

    def all_of(self, identifier: str) -> tuple[str, ...]:
        """Return the pseudonyms under all keys: an older record has an older one."""
        return tuple(_digest(key, identifier) for key in self._keys())


def _digest(key: str, identifier: str) -> str:
    return hmac.new(key.encode(), PURPOSE + identifier.lower().encode(), hashlib.sha256).hexdigest()
