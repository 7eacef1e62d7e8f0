"""An Entra of a few lines, under MSAL's and our own code: an adapter for `requests`."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from shared.core.settings import Environment, Settings
from tests.support.clock import START

HOST = "https://login.microsoftonline.com"
BASE_URL = "https://review.example.com"
CLIENT_ID = "44444444-4444-4444-4444-444444444444"
TENANT = "22222222-2222-2222-2222-222222222222"
USER = "33333333-3333-3333-3333-333333333333"
KEY, OTHER_KEY = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))
SCOPE = "https://management.azure.com/user_impersonation https://management.azure.com/.default"
NOW = int(START.timestamp())

Json = dict[str, Any]
Answer = tuple[int, Json | bytes] | Exception


def settings(authority_host: str = HOST, environment: Environment = Environment.AZURE) -> Settings:
    return Settings(
        environment=environment,
        base_url=BASE_URL,
        authority_host=authority_host,
        arm_endpoint="https://management.azure.com",
        managed_identity_client_id="",
        key_vault_url="",
        client_id=CLIENT_ID,
        client_certificate_name="",
        client_certificate_path="",
        client_secret="client secret of the tests",
        token_encryption_keys=(KEY,),
        sql_url="sqlite:///unused",
        service_bus_namespace="",
        tables_endpoint="",
        blobs_endpoint="",
        graph_endpoint="https://graph.microsoft.com",
        mail_sender="reviews@caleta.example",
        reviewers_email="",
        speed_up=1.0,
    )


def id_claims(**changes: object) -> Json:
    claims = {
        "aud": CLIENT_ID,
        "iss": f"{HOST}/{TENANT}/v2.0",
        "tid": TENANT,
        "oid": USER,
        "preferred_username": "owner@contoso.example",
        "sub": "subject",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 3600,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def token(claims: Mapping[str, Any]) -> str:
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


def granted(claims: Mapping[str, Any] | None = None, **changes: object) -> Json:
    answer = {
        "token_type": "Bearer",
        "scope": SCOPE,
        "expires_in": 3599,
        "access_token": "access-1",
        "refresh_token": "refresh-2",
        "id_token": token(id_claims() if claims is None else claims),
        **changes,
    }
    return {name: value for name, value in answer.items() if value is not None}


@dataclass
class EntraDouble(BaseAdapter):
    """Answers discovery by itself and token requests from `answers`, last one for ever.

    An answer is (status, JSON or bytes) or an exception to raise.
    """

    answers: list[Answer] = field(default_factory=list)
    requests_seen: list[requests.PreparedRequest] = field(default_factory=list)
    token_host: str = HOST
    host: str = HOST
    unknown_tenants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def session(self) -> requests.Session:
        session = requests.Session()
        session.mount("https://", self)
        session.mount("http://", self)
        return session

    @property
    def forms(self) -> list[dict[str, str]]:
        """The bodies of the token requests, oldest first."""
        posts = [request for request in self.requests_seen if request.method == "POST"]
        return [dict(parse_qsl(str(request.body), keep_blank_values=True)) for request in posts]

    def answer(self, status: int, body: Json | bytes) -> None:
        self.answers.append((status, body))

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        self.requests_seen.append(request)
        if request.method == "GET":
            return self._respond(request, *self._discovery(urlsplit(str(request.url)).path.split("/")[1]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return self._respond(request, *answer)

    def close(self) -> None:
        pass

    def _discovery(self, tenant: str) -> tuple[int, Json]:
        if tenant in self.unknown_tenants:
            return 400, {"error": "invalid_tenant", "error_codes": [90002]}
        segment = TENANT if tenant == "contoso.example" else tenant
        ends = f"{self.token_host}/{segment}/oauth2/v2.0"
        return 200, {
            "issuer": f"{self.host}/{segment}/v2.0",
            "authorization_endpoint": f"{ends}/authorize",
            "token_endpoint": f"{ends}/token",
        }

    @staticmethod
    def _respond(request: requests.PreparedRequest, status: int, body: Json | bytes) -> requests.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = requests.Response()
        response.status_code = status
        response.url = str(request.url)
        response.request = request
        response.headers["Set-Cookie"] = "fpc=tracking; path=/"
        response.raw = HTTPResponse(BytesIO(content), status=status, preload_content=False)
        return response
