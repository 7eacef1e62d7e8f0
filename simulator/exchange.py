"""Requests and responses as a handler sees them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

Json = Any
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request as it was received; header names are lower case, the path is decoded."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query_string, keep_blank_values=True)

    @cached_property
    def form(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def parameter(self, name: str) -> str | None:
        """The first query parameter of that name, in any casing."""
        return next((value for key, value in self.query if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Response:
    """A response; the server adds Content-Length."""

    status: int
    body: bytes = b""
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> "Response":
        return Response(self.status, self.body, (*self.headers, *headers))


class Refusal(Exception):
    """Ends a request with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"answered {response.status}")
        self.response = response


def json_response(status: int, payload: Json, headers: Headers = ()) -> Response:
    """A JSON response."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    return Response(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))


def html_response(status: int, html: str, headers: Headers = ()) -> Response:
    """An HTML response."""
    return Response(status, html.encode(), (("Content-Type", "text/html; charset=utf-8"), *headers))


def redirect(location: str) -> Response:
    """302 to this address."""
    return Response(302, b"", (("Location", location), ("Cache-Control", "no-store, no-cache")))


def with_query(url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The address with these parameters added."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(list(parameters))}"
