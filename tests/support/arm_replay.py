"""The real ArmClient over a wire that plays answers back: nothing leaves the machine."""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from collectors.base import StepContext
from shared.arm.client import ArmClient
from shared.core.errors import ClaimsChallenge
from shared.core.periods import BillingPeriod
from tests.support.clock import FakeClock

ARM = "https://management.azure.com"
SUBSCRIPTION = "0a1b2c3d-0000-4000-8000-000000000001"
OTHER_SUBSCRIPTION = "0a1b2c3d-0000-4000-8000-000000000002"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PERIOD = BillingPeriod(date(2025, 11, 1), date(2026, 11, 1))
CONTEXT = StepContext(SUBSCRIPTION, PERIOD)


@dataclass
class Reply:
    """One answer: `body` is bytes as they are, text as it is, anything else as JSON. Or an error of the wire."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Wire(BaseAdapter):
    """Answers in turn, and keeps what was sent."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self.replies = list(replies)
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        self.sent.append(request)
        reply = self.replies.pop(0)
        if reply.error is not None:
            raise reply.error
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response.raw = HTTPResponse(io.BytesIO(reply.content()), status=reply.status, preload_content=False)
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        self.replies.clear()


class Tokens:
    """A token source that numbers its tokens and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:
        self.asked.append({"renew": renew, "claims_challenge": claims_challenge})
        return f"access-token-{len(self.asked)}"

    def challenge_not_met(self, claims_challenge: str) -> ClaimsChallenge:
        return ClaimsChallenge("insufficient_claims", claims_challenge)


def client(wire: Wire, arm_endpoint: str = ARM, clock: FakeClock | None = None) -> ArmClient:
    http = requests.Session()
    http.mount("https://", wire)
    http.mount("http://", wire)
    return ArmClient(arm_endpoint, clock or FakeClock(NOW), http)
