"""A request and a response without any framework's types, so that pages can be tested as functions."""

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
    """What a page may know of a request. Everything in it is unverified.

    `query` and `form` hold single values: a repeated or over-long parameter was refused
    before. Header names are lower case.
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
    """What a page answers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[Cookie, ...] = ()


def redirect(location: str, *cookies: Cookie) -> Response:
    """See Other: the browser fetches `location` with GET."""
    return Response(status=303, headers={"Location": location}, cookies=cookies)
