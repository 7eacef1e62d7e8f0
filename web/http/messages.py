"""Requests and responses without framework types, so that pages can be tested as functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; `max_age_seconds` 0 deletes it. Never `Expires`: the worker crashes on it."""

    name: str
    value: str
    max_age_seconds: int


@dataclass(frozen=True)
class Request:
    """A request as pages see it. Nothing in it is verified.

    `query` and `form` hold single values: repeated and overlong parameters are refused. Read
    `form` after identity, origin and role: the first look at it parses the body, and can raise.
    Header names are lower case.
    """

    method: str
    path: str
    route: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """The response of a page."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[Cookie, ...] = ()


def redirect(location: str, *cookies: Cookie) -> Response:
    """Return 303 See Other: the browser fetches `location` with GET."""
    return Response(status=303, headers={"Location": location}, cookies=cookies)
