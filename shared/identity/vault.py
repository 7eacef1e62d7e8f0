"""Encryption at rest of refresh tokens and of sign-ins that are under way."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.core.errors import ConfigurationError
from shared.core.setting_checks import NEW_KEY
from shared.identity.keys import GivenKeys, KeySource


class TokenVault:
    """Fernet with key rotation: the newest key encrypts, all of them decrypt.

    `keys` are a source, or keys that never change, newest first. Every method raises
    ConfigurationError or AzureUnavailable: a key that is lost or out of reach is our
    fault, never a revoked consent.
    https://cryptography.io/en/latest/fernet/
    """

    def __init__(self, keys: tuple[str, ...] | KeySource) -> None:
        if isinstance(keys, tuple):
            fernets(keys)
            keys = GivenKeys(keys)
        self._keys = keys

    def encrypt(self, secret: str) -> bytes:
        return self._fernet().encrypt(secret.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Raises ConfigurationError when no key opens it."""
        try:
            return self._fernet().decrypt(encrypted).decode()
        except InvalidToken:
            return self._decrypt_anew(encrypted)

    def under_newest_key(self, encrypted: bytes) -> bytes | None:
        """The same secret under the newest key; None if it is already. Raises ConfigurationError as `decrypt` does."""
        newest = fernets(self._keys.newest_first())[0]
        try:
            newest.decrypt(encrypted)
        except InvalidToken:
            self.decrypt(encrypted)
            return self._fernet().rotate(encrypted)
        return None

    def _decrypt_anew(self, encrypted: bytes) -> str:
        try:
            return self._fernet(anew=True).decrypt(encrypted).decode()
        except InvalidToken:
            raise ConfigurationError(
                "TOKEN_ENCRYPTION_KEYS: none of the keys opens what is stored; put the missing key back at the end, "
                "or enable its version in the Key Vault again"
            ) from None

    def _fernet(self, *, anew: bool = False) -> MultiFernet:
        return MultiFernet(fernets(self._keys.newest_first(anew=anew)))


def fernets(keys: tuple[str, ...]) -> list[Fernet]:
    """One for each key; raises ConfigurationError for none, and for what is no key."""
    if not keys:
        raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS is empty: {NEW_KEY}")
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS holds what is no Fernet key: {NEW_KEY}") from None
