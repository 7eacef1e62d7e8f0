"""A program that calls the API, through the same door as a real request."""

import json
from collections.abc import Mapping
from typing import Any

from shared.core.models import Session
from shared.wiring import Services
from tests.support.collecting import TENANT, USER
from web.api.operations import answer
from web.error_pages import answer as through_the_door
from web.http.messages import Request, Response


def token_of(parts: Services, user: str = USER) -> str:
    """A token of this user."""
    now = parts.clock.now()
    return parts.api_tokens.create(Session(TENANT, user, "owner@contoso.example", now, now), "Test", 1)


def call(
    parts: Services,
    operation: str,
    token: str,
    route: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    cookies: Mapping[str, str] | None = None,
) -> Response:
    """The answer, whatever it is."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    request = Request("GET", "/api/v1/scans", route or {}, query or {}, {}, cookies or {}, headers)
    return through_the_door(answer(operation), request, parts)


def read(parts: Services, operation: str, scan_id: str = "", query: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
    """The document."""
    response = call(parts, operation, token_of(parts), {"scan_id": scan_id} if scan_id else {}, query)
    found = json.loads(response.body)
    assert response.status == 200, found
    return found
