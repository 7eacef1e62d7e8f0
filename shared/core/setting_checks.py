"""What the value of one setting may look like. A complaint names the setting and the remedy, never the value."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.core.errors import ConfigurationError

MICROSOFT_HOSTS = {
    "ENTRA_AUTHORITY_HOST": (
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
    ),
    "ARM_ENDPOINT": ("management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"),
    "GRAPH_ENDPOINT": (
        "graph.microsoft.com",
        "graph.microsoft.us",
        "dod-graph.microsoft.us",
        "microsoftgraph.chinacloudapi.cn",
    ),
}
"""Of the public cloud and the sovereign ones.

https://learn.microsoft.com/graph/deployments
"""


@dataclass(frozen=True)
class ValueFormat:
    """What a value looks like, to the program and to a person."""

    pattern: re.Pattern[str]
    example: str


GUID = ValueFormat(re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "a GUID, the client id")
SECRET_NAME = ValueFormat(re.compile(r"[0-9A-Za-z-]{1,127}"), "a name of letters, digits and hyphens")
ADDRESS = ValueFormat(
    re.compile(r"[^@\s<>()\[\],;:\"#\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"), "reviews@example.com"
)
NAMESPACE = ValueFormat(
    re.compile(r"[a-zA-Z][a-zA-Z0-9-]{4,48}[a-zA-Z0-9]\.servicebus\.(windows|usgovcloudapi|chinacloudapi)\.(net|cn)"),
    "<name>.servicebus.windows.net",
)
RESOURCE_HOSTS = {
    "KEY_VAULT_URL": ValueFormat(
        re.compile(r"[a-z0-9-]{3,24}\.vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)"),
        "https://<name>.vault.azure.net",
    ),
    "BLOBS_ENDPOINT": ValueFormat(
        re.compile(r"[a-z0-9]{3,24}\.blob\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"),
        "https://<account>.blob.core.windows.net",
    ),
    "TABLES_ENDPOINT": ValueFormat(
        re.compile(r"[a-z0-9]{3,24}\.table\.core\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"),
        "https://<account>.table.core.windows.net",
    ),
}
"""The hosts of our own resources."""

FRONT_DOOR_SECRET = re.compile(r"[A-Za-z0-9_-]{32,128}")
"""Never what App Service leaves of a Key Vault reference that it cannot read: any caller could send that text."""

FRONT_DOOR_SECRETS_AT_MOST = 2
NEW_PROOF = "make one with `python -c 'import secrets; print(secrets.token_urlsafe(32))'`"

FERNET_KEY_BYTES = 32
NEW_KEY = "make one with `python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`"


def url(name: str, value: str, is_local: bool) -> str:
    """Scheme and host; outside a developer's machine https on the default port, and Microsoft's if there is a list."""
    parts = _parts(name, value)
    if not is_local and (parts.scheme != "https" or parts.username or parts.port not in (None, 443)):
        raise ConfigurationError(f"{name} must be https on the default port outside APP_ENVIRONMENT=local")
    if not is_local and name in MICROSOFT_HOSTS and parts.hostname not in MICROSOFT_HOSTS[name]:
        raise ConfigurationError(f"{name} must be one of Microsoft's hosts: {', '.join(MICROSOFT_HOSTS[name])}")
    return f"{parts.scheme}://{parts.netloc}"


def resource_url(name: str, value: str, is_local: bool) -> str:
    """The address of one of our own Azure resources; an emulator has another, on a developer's machine."""
    if not value or is_local:
        return value
    checked = url(name, value, is_local=False)
    form = RESOURCE_HOSTS[name]
    if not form.pattern.fullmatch(urlsplit(checked).hostname or ""):
        raise ConfigurationError(f"{name} must look like {form.example}")
    return checked


def namespace(name: str, value: str, is_local: bool) -> str:
    """The host of a Service Bus namespace."""
    return value if is_local else matching(name, value, NAMESPACE)


def matching(name: str, value: str, form: ValueFormat) -> str:
    """The value if it has this form; empty stays empty."""
    if value and not form.pattern.fullmatch(value):
        raise ConfigurationError(f"{name} must look like {form.example}")
    return value


def is_address(text: str) -> bool:
    """Whether mail can be sent to this."""
    return ADDRESS.pattern.fullmatch(text) is not None


def fernet_keys(name: str, value: str, _is_local: bool = False) -> tuple[str, ...]:
    """The comma-separated keys; each is checked."""
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not all(is_fernet_key(key) for key in keys):
        raise ConfigurationError(f"{name} holds what is no Fernet key: {NEW_KEY}")
    return keys


def front_door_secrets(name: str, value: str, _is_local: bool = False) -> tuple[str, ...]:
    """The comma-separated secrets of the front door; each is checked."""
    found = tuple(secret.strip() for secret in value.split(",") if secret.strip())
    if len(found) > FRONT_DOOR_SECRETS_AT_MOST:
        raise ConfigurationError(f"{name} holds more than {FRONT_DOOR_SECRETS_AT_MOST} secrets: remove the oldest")
    if not all(FRONT_DOOR_SECRET.fullmatch(secret) for secret in found):
        raise ConfigurationError(
            f"{name} must hold secrets of 32 to 128 letters, digits, hyphens and underscores: {NEW_PROOF}; "
            "a Key Vault reference that App Service cannot read looks like this too"
        )
    return found


def is_fernet_key(text: str) -> bool:
    """32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == FERNET_KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def only_one(given: Mapping[str, str], *names: str) -> None:
    """Raises if more than one of these is set."""
    found = [name for name in names if given[name]]
    if len(found) > 1:
        raise ConfigurationError(f"{' and '.join(found)} contradict each other: keep one of them")


def number(name: str, value: str, least: float, most: float) -> float:
    """A number within these limits."""
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        raise ConfigurationError(f"{name} must be a number from {least:g} to {most:.0f}")
    return found


def _parts(name: str, value: str) -> "_Parts":
    try:
        parts = _Parts(value)
    except ValueError:  # a port that is none, brackets that do not close: the text quotes them
        parts = None
    if parts is None or not parts.is_plain:
        raise ConfigurationError(f"{name} must be a URL of scheme and host only, such as https://example.com")
    return parts


class _Parts:
    """A URL taken apart; raises ValueError for one that cannot be."""

    def __init__(self, value: str) -> None:
        split = urlsplit(value)
        self.scheme, self.netloc, self.hostname = split.scheme, split.netloc, split.hostname
        self.username, self.port = split.username, split.port
        self.is_plain = bool(
            split.scheme in ("http", "https")
            and split.hostname
            and split.path in ("", "/")
            and not split.query
            and not split.fragment
        )
