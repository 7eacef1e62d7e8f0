"""Errors for programs: application/problem+json, https://www.rfc-editor.org/rfc/rfc9457."""

import json
from http import HTTPStatus

from shared.core.errors import RequestError, TooManyRequests
from web.http.messages import Response

PROBLEM_TYPE = "application/problem+json"
API_PATH = "/api/"
"""Addresses whose errors are for programs."""


def problem_of(error: RequestError) -> Response:
    """Return a refused request: what happened and what to do next."""
    headers = {"Retry-After": str(error.retry_after_seconds)} if isinstance(error, TooManyRequests) else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.title, error.remedy, headers)


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Return a problem document."""
    document = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(status=status, body=body, content_type=PROBLEM_TYPE, headers=headers or {})
