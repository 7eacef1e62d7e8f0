"""Walks through the simulated tenant without a network: handlers are called as the server calls them."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from simulator.configuration import NEUTRAL
from simulator.exchange import Json, Request, Response
from simulator.options import Options
from simulator.routes import answer
from simulator.signing import new_key
from simulator.state import State
from simulator.world import World

START = 1_795_440_000.0  # 23 November 2026, 13:20 UTC
TODAY = "2026-11-23"
CALLBACK = "http://127.0.0.1:7071/auth/callback"
ADMIN_CALLBACK = "http://127.0.0.1:7071/auth/admin-callback"
SCOPE = "https://management.azure.com/user_impersonation openid profile offline_access"
VERIFIER = "a-code-verifier-that-is-long-enough-for-the-rules-of-pkce"
OWNER = "owner@contoso.example"


@cache
def signing_key() -> str:
    """One key for all tests: making one takes a tenth of a second."""
    return new_key()


@dataclass
class FakeTime:
    """Seconds since 1970 that a test moves by hand; also the quotas' ticks."""

    seconds: float = START

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Visitor:
    """One world and a person who visits it."""

    options: Options = field(default_factory=lambda: Options(size="tiny", speed_up=1.0))
    state: State | None = None
    time: FakeTime = field(default_factory=FakeTime)

    def __post_init__(self) -> None:
        state = self.state or State(None)
        state.setting("signing_key", signing_key)
        self.world = World(self.options, state=state, now=self.time, tick=self.time)

    def send(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None, /, **query: str
    ) -> Response:
        parts = urlsplit(url)
        query_string = "&".join(part for part in (parts.query, urlencode(query)) if part)
        all_headers = {"host": "127.0.0.1:7072", **{name.lower(): value for name, value in (headers or {}).items()}}
        response = answer(self.world, Request(method, parts.path, query_string, all_headers, body))
        assert response is not None
        return response

    def post_form(self, url: str, **fields: str) -> Response:
        return self.send("POST", url, urlencode(fields).encode())

    # Signing in

    def authorize_query(self, **changes: str | None) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        query = {
            "client_id": NEUTRAL.application.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "client_info": "1",
            **changes,
        }
        return urlencode({name: value for name, value in query.items() if value is not None})

    def authorize(self, tenant: str = "organizations", /, **changes: str | None) -> Response:
        return self.send("GET", f"/{tenant}/oauth2/v2.0/authorize?{self.authorize_query(**changes)}")

    def pick(self, page: Response, username: str) -> Response:
        return self.post_form(form_action(page), username=username)

    def decide(self, page: Response, username: str, decision: str = "accept", **fields: str) -> Response:
        return self.post_form(form_action(page), username=username, decision=decision, **fields)

    def sign_in(self, username: str = OWNER, tenant: str = "organizations", /, **changes: str | None) -> dict[str, str]:
        """The parameters of the callback, after accepting where consent is asked for."""
        response = self.pick(self.authorize(tenant, **changes), username)
        if response.status == 200:
            response = self.decide(response, username)
        return callback(response)

    def redeem(self, code: str, tenant: str = "organizations", **changes: str) -> Response:
        fields = {
            "grant_type": "authorization_code",
            "client_id": NEUTRAL.application.client_id,
            "client_secret": NEUTRAL.application.client_secret,
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "scope": SCOPE,
            "client_info": "1",
            **changes,
        }
        return self.post_form(f"/{tenant}/oauth2/v2.0/token", **fields)

    def refresh(self, token: str, tenant: str = "organizations", **changes: str) -> Response:
        fields = {
            "grant_type": "refresh_token",
            "client_id": NEUTRAL.application.client_id,
            "client_secret": NEUTRAL.application.client_secret,
            "refresh_token": token,
            "scope": SCOPE,
            **changes,
        }
        return self.post_form(f"/{tenant}/oauth2/v2.0/token", **fields)

    def tokens(self, username: str = OWNER, tenant: str = "organizations", /, **changes: str | None) -> dict[str, Any]:
        callback_parameters = self.sign_in(username, tenant, **changes)
        tokens: dict[str, Any] = payload(self.redeem(callback_parameters["code"], tenant))
        return tokens

    # Resource Manager

    def bearer(self, username: str = OWNER, tenant: str = "organizations") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens(username, tenant)['access_token']}"}

    def get(self, url: str, headers: Mapping[str, str], /, **query: str) -> Response:
        return self.send("GET", url, b"", headers, **query)

    def post(self, url: str, body: Json, headers: Mapping[str, str], /, **query: str) -> Response:
        return self.send(
            "POST", url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}, **query
        )


def payload(response: Response) -> Json:
    return json.loads(response.body)


def form_action(page: Response) -> str:
    assert page.status == 200, page
    found = re.search(r'<form method="post" action="([^"]+)"', page.body.decode())
    assert found is not None, page.body.decode()
    return unescape(found.group(1))


def callback(response: Response) -> dict[str, str]:
    """The parameters of a redirect back to the app."""
    location = response.header("Location")
    assert response.status == 302, response
    assert location is not None
    assert location.startswith("http://127.0.0.1:7071/auth/")
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


def shape(value: Json) -> Json:
    """A JSON value with every leaf replaced by the name of its type."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__
