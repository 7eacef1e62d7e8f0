"""Finds the function of a request as the real host does: the first match in the order of names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from local.host.functions import HttpFunction

INVALID_BYTE = re.compile("[\udc80-\udcff]")
CATCH_ALL = re.compile(r"\{\*(\w+)\}")
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Match:
    """A function and the values of its route's parameters."""

    function: HttpFunction
    values: dict[str, str]


def decode(encoded: str) -> str:
    """Percent-decoded; bytes that are not UTF-8 stay as they were written, as in .NET."""
    text = unquote(encoded, errors="surrogateescape")
    return INVALID_BYTE.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def decode_path(encoded: str) -> str:
    """The path as the host matches it: decoded but for slashes, dot segments taken out."""
    segments: list[str] = []
    for segment in re.sub("%2[fF]", lambda found: "%25" + found[0][1:], encoded).split("/"):
        text = decode(segment)
        if text == "..":
            segments = segments[:1] if len(segments) < 2 else segments[:-1]
        elif text != ".":
            segments.append(text)
    return "/".join(segments)


def find(functions: Iterable[HttpFunction], method: str, path: str) -> Match | None:
    """The first function, by name, whose route and method fit; None is a 404, never a 405."""
    segments = path.strip("/").split("/")
    return next(_matches(functions, method, segments), None)


def _matches(functions: Iterable[HttpFunction], method: str, segments: list[str]) -> Iterator[Match]:
    for function in functions:
        values = _values(function.route.strip("/").split("/"), segments)
        if values is not None and (not function.methods or method in function.methods):
            yield Match(function, values)


def _values(route: list[str], segments: list[str]) -> dict[str, str] | None:
    """The parameters' values, or None when the route does not fit. Casing does not matter."""
    rest = CATCH_ALL.fullmatch(route[-1])
    if rest:
        before = len(route) - 1
        values = _values(route[:-1], segments[:before]) if before else {}
        return None if values is None else {**values, rest[1]: "/".join(segments[before:])}
    if len(route) != len(segments):
        return None
    pairs = [(PARAMETER.fullmatch(expected), expected, given) for expected, given in zip(route, segments, strict=True)]
    if not all(given if parameter else expected.lower() == given.lower() for parameter, expected, given in pairs):
        return None
    return {parameter[1]: given for parameter, _, given in pairs if parameter}
