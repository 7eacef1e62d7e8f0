"""Check a certificate before MSAL uses it: MSAL's own errors come late and would quote the key."""

import re
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.core.errors import ConfigurationError

PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def checked(setting: str, pem: str, now: datetime) -> dict[str, Any]:
    """Return MSAL's `client_credential` for a PEM text; raises ConfigurationError that names only the setting."""
    key_text, certificate_text = _part(PRIVATE_KEY, pem), _part(CERTIFICATE, pem)
    if not key_text or not certificate_text:
        raise ConfigurationError(f"{setting} must hold a private key and its certificate as PEM")
    key, certificate = _key(setting, key_text), _certificate(setting, certificate_text)
    if certificate.public_key() != key.public_key():
        raise ConfigurationError(f"{setting}: the private key is not that of the certificate, which must come first")
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        ends = certificate.not_valid_after_utc.date()
        raise ConfigurationError(f"{setting}: the certificate is not valid now (it ends on {ends}): renew it")
    return {"private_key": key_text, "public_certificate": certificate_text}


def _part(pattern: re.Pattern[str], pem: str) -> str:
    found = pattern.search(pem)
    return found.group() if found else ""


def _key(setting: str, text: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(f"{setting}: the private key cannot be read; it must have no passphrase") from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigurationError(f"{setting}: the private key must be an RSA key, which Entra asks for")
    return key


def _certificate(setting: str, text: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError:
        raise ConfigurationError(f"{setting}: the certificate cannot be read") from None
