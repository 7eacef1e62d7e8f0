"""A Key Vault of a few lines under Microsoft's own client: its REST answers, with the challenge before them.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

import json
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from shared.identity.key_vault import KeyVault
from tests.support.clock import FakeClock

URL = "https://caleta-kv.vault.azure.net"
CHALLENGE = 'Bearer authorization="https://login.microsoftonline.com/ours", resource="https://vault.azure.net"'
TOKEN = "a token of our own"


class Identity(TokenCredential):
    """A credential; `fault` is raised instead of a token."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        self.scopes.extend(scopes)
        if self.fault is not None:
            raise self.fault
        return AccessToken(TOKEN, 4_102_444_800)


class Transport(RequestsTransport):  # type: ignore[misc]  # azure-core exports it untyped
    """The library's own, without its sleep between tries."""

    def sleep(self, duration: float) -> None:
        """Not in a test."""


@dataclass
class KeyVaultDouble(BaseAdapter):
    """Holds versions of secrets. `fault` (status, code) or an exception answers everything instead."""

    clock: FakeClock
    secrets: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    fault: tuple[int, str] | Exception | None = None
    values_read: list[str] = field(default_factory=list)
    lists: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def vault(self, identity: TokenCredential | None = None) -> KeyVault:
        session = requests.Session()
        session.mount("https://", self)
        return KeyVault(URL, identity or Identity(), Transport(session=session, session_owner=False))

    def add(self, name: str, value: str, *, enabled: bool = True) -> str:
        """A version made now; its id."""
        version = uuid.uuid4().hex
        created = int(self.clock.now().timestamp())
        attributes = {"enabled": enabled, "created": created, "updated": created}
        self.secrets.setdefault(name, {})[version] = {
            "id": f"{URL}/secrets/{name}/{version}",
            "value": value,
            "attributes": attributes,
        }
        return version

    def disable(self, name: str, version: str) -> None:
        self.secrets[name][version]["attributes"]["enabled"] = False

    def enabled(self, name: str) -> list[str]:
        """The values of the enabled versions, oldest first."""
        return [one["value"] for one in self.secrets.get(name, {}).values() if one["attributes"]["enabled"]]

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return respond(request, 401, {"error": {"code": "Unauthorized"}})
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault is not None:
            return respond(request, self.fault[0], {"error": {"code": self.fault[1], "message": "of the vault"}})
        name, *rest = urlsplit(str(request.url)).path.strip("/").split("/")[1:]
        return respond(request, *self._answer(str(request.method), name, rest, json.loads(request.body or "{}")))

    def close(self) -> None:
        pass

    def _answer(self, method: str, name: str, rest: list[str], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        versions = self.secrets.get(name, {})
        if method == "PUT":
            version = self.add(name, body["value"])
            return 200, self.secrets[name][version]
        if rest == ["versions"]:
            self.lists += 1
            listed = [{key: one[key] for key in ("id", "attributes")} for one in versions.values()]
            return 200, {"value": listed, "nextLink": None}
        if not versions:
            return 404, {"error": {"code": "SecretNotFound"}}
        version = rest[0] if rest else list(versions)[-1]
        if method == "PATCH":
            versions[version]["attributes"].update(body["attributes"])
            return 200, {key: versions[version][key] for key in ("id", "attributes")}
        if not versions[version]["attributes"]["enabled"]:
            return 403, {"error": {"code": "Forbidden", "innererror": {"code": "SecretDisabled"}}}
        self.values_read.append(version)
        return 200, versions[version]


def respond(request: requests.PreparedRequest, status: int, body: dict[str, Any]) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.url = str(request.url)
    response.request = request
    response.headers["Content-Type"] = "application/json"
    if status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    content = json.dumps(body).encode()
    response.raw = HTTPResponse(BytesIO(content), headers=response.headers, status=status, preload_content=False)
    return response
