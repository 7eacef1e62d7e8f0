"""Rewrites Set-Cookie headers as the Functions worker and host do."""

from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import quote


class WorkerCrash(Exception):
    """The worker process would have ended here."""


def rewritten(cookies: list[SimpleCookie]) -> Iterator[str]:
    """The headers that are sent. A cookie that cannot be parsed is dropped."""
    for jar in cookies:
        for morsel in jar.values():
            yield _header(morsel)


def _header(morsel: "Morsel[str]") -> str:
    """The host rebuilds the header: value percent-escaped, domain and path always present.

    `Expires` ends the worker on Python 3.13:
    https://github.com/Azure/azure-functions-python-worker/issues/1908
    """
    if morsel["expires"]:
        raise WorkerCrash("Set-Cookie with Expires")
    parts = [f"{morsel.key}={quote(morsel.value, safe='-_.~')}"]
    if morsel["max-age"]:
        parts.append(f"max-age={int(morsel['max-age'])}")
    parts += [f"domain={morsel['domain']}", f"path={morsel['path']}"]
    parts += ["secure"] if morsel["secure"] else []
    parts += [f"samesite={morsel['samesite'].lower()}"] if morsel["samesite"] else []
    parts += ["httponly"] if morsel["httponly"] else []
    return "; ".join(parts)
