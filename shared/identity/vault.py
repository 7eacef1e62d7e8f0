"""Encrypt refresh tokens and pending sign-ins at rest."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.core.errors import ConfigurationError
from shared.core.setting_checks import NEW_KEY
from shared.identity.keys import FixedKeys, KeySource


class TokenVault:
    """Fernet with key rotation: the newest key encrypts, all keys decrypt.

    `keys` is a key source, or fixed keys, newest first. Every method raises ConfigurationError
    or AzureUnavailable: a lost or unreachable key is our fault, never a revoked consent.
    https://cryptography.io/en/latest/fernet/
    """

    def __init__(self, keys: tuple[str, ...] | KeySource) -> None:
        if isinstance(keys, tuple):
            fernets(keys)
            keys = FixedKeys(keys)
        self._keys = keys

    def encrypt(self, secret: str) -> bytes:
        return self._fernet().encrypt(secret.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the secret. Raises ConfigurationError if no key decrypts it."""
        try:
            return self._fernet().decrypt(encrypted).decode()
        except InvalidToken:
            return self._decrypt_after_reload(encrypted)

    def under_newest_key(self, encrypted: bytes) -> bytes | None:
        """Return the secret under the newest key; None if it is already. Raises ConfigurationError like `decrypt`."""
        newest = fernets(self._keys.newest_first())[0]
        try:
            newest.decrypt(encrypted)
        except InvalidToken:
            self.decrypt(encrypted)
            return self._fernet().rotate(encrypted)
        return None

    def _decrypt_after_reload(self, encrypted: bytes) -> str:
        try:
            return self._fernet(reload=True).decrypt(encrypted).decode()
        except InvalidToken:
            raise ConfigurationError(
                "TOKEN_ENCRYPTION_KEYS: no key decrypts what is stored; add the missing key at the end, "
                "or enable its version in the Key Vault again"
            ) from None

    def _fernet(self, *, reload: bool = False) -> MultiFernet:
        return MultiFernet(fernets(self._keys.newest_first(reload=reload)))


def fernets(keys: tuple[str, ...]) -> list[Fernet]:
    """Return one Fernet per key; raises ConfigurationError for no key or an invalid one."""
    if not keys:
        raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS is empty: {NEW_KEY}")
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS holds an invalid Fernet key: {NEW_KEY}") from None
