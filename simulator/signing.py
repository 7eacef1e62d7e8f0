"""JSON web tokens as Entra signs them: RS256, with a key that is made once."""

import base64
import json
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator.state import State


def base64url(data: bytes) -> str:
    """Base 64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of such a text; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_key() -> str:
    """A private key, as PEM text."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class Signer:
    """Makes and checks tokens."""

    key_id = "simulated-signing-key"

    def __init__(self, state: State) -> None:
        self._state = state

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        pem = self._state.setting("signing_key", new_key)
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - new_key made it
        return key

    def sign(self, claims: dict[str, Any]) -> str:
        head = {"typ": "JWT", "alg": "RS256", "kid": self.key_id}
        signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        return f"{signed}.{base64url(self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def claims(self, token: str) -> dict[str, Any] | None:
        """The claims of a token signed here, expired or not; None for anything else."""
        signed, _, signature = token.rpartition(".")
        try:
            self._key.public_key().verify(
                from_base64url(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims: dict[str, Any] = json.loads(from_base64url(signed.split(".")[1]))
        except (InvalidSignature, ValueError, IndexError):
            return None
        return claims

    def key_set(self) -> dict[str, Any]:
        """The document behind `jwks_uri`."""
        numbers = self._key.public_key().public_numbers()
        modulus = base64url(numbers.n.to_bytes(256, "big"))
        return {"keys": [{"kty": "RSA", "use": "sig", "kid": self.key_id, "n": modulus, "e": "AQAB"}]}
