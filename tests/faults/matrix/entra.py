"""The matrix's Entra: hands out tokens for a refresh token, or refuses as the test wants."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from shared.arm.request import Json
from tests.faults.matrix.front import Asked, Reply
from tests.support.entra_double import granted

SECRET = "canary"
"""Stands in every token, link, challenge and error text: none of these may be found in a log or a reason."""

FIRST_REFRESH_TOKEN = f"{SECRET}-refresh-0"
STEP_UP = {"access_token": {"acrs": {"essential": True, "value": f"c1-{SECRET}"}}}
"""A claims challenge."""


def json_reply(payload: Json, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON."""
    body = json.dumps(payload, default=float).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8", **named})


def refusal(error: str, code: int = 0, **more: object) -> Reply:
    """A token request refused in Entra's form."""
    text = f"AADSTS{code}: {SECRET}@contoso.example was refused." if code else f"{SECRET} was refused."
    return json_reply({"error": error, "error_codes": [code] if code else [], "error_description": text, **more}, 400)


@dataclass(frozen=True)
class TokenRequest:
    """What was asked of the token endpoint; `number` counts from 1."""

    number: int
    refresh_token: str
    claims: dict[str, Json]

    @property
    def steps_up(self) -> bool:
        """Whether the claims of the challenge were asked for."""
        return "acrs" in self.claims.get("access_token", {})


class Entra:
    """Answers as `mood` says, None for a grant. Tokens are numbered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.mood: Callable[[TokenRequest], Reply | None] = lambda _: None
        self.requests: list[TokenRequest] = []
        self.stepped_up: set[str] = set()

    def answer(self, asked: Asked) -> Reply:
        segment = asked.target.strip("/").partition("/")[0]
        if asked.method == "GET":
            return self._discovery(segment)
        form = parse_qs(asked.body.decode())
        claims = json.loads(form.get("claims", ["{}"])[0])
        request = TokenRequest(len(self.requests) + 1, form["refresh_token"][0], claims)
        self.requests.append(request)
        return self.mood(request) or self._grant(request)

    def _discovery(self, segment: str) -> Reply:
        ends = f"{self.url}/{segment}/oauth2/v2.0"
        return json_reply(
            {
                "issuer": f"{self.url}/{segment}/v2.0",
                "authorization_endpoint": f"{ends}/authorize",
                "token_endpoint": f"{ends}/token",
            }
        )

    def _grant(self, request: TokenRequest) -> Reply:
        token = f"{SECRET}-access-{request.number}"
        if request.steps_up:
            self.stepped_up.add(token)
        return json_reply(
            granted(access_token=token, refresh_token=f"{SECRET}-refresh-{request.number}", id_token=None)
        )
