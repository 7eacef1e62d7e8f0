"""Encryption at rest of refresh tokens and of sign-ins that are under way."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.core.errors import ConfigurationError

NEW_KEY = "make one with `python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`"


class TokenVault:
    """Fernet with key rotation: the first key encrypts, all of them decrypt.

    https://cryptography.io/en/latest/fernet/
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        if not keys:
            raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS is empty: {NEW_KEY}")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS holds what is no Fernet key: {NEW_KEY}") from None

    def encrypt(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Raises ConfigurationError when no key opens it: a lost key is our fault, never a revoked consent."""
        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken:
            raise ConfigurationError(
                "TOKEN_ENCRYPTION_KEYS: none of the keys opens what is stored; put the missing key back at the end"
            ) from None
