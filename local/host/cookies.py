"""What becomes of a Set-Cookie header on its way through the worker and the host."""

from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import quote


class WorkerCrash(Exception):
    """The worker process would have ended here."""


def rewritten(cookies: list[SimpleCookie]) -> Iterator[str]:
    """The headers that leave. A cookie that could not be parsed is not among them."""
    for jar in cookies:
        for morsel in jar.values():
            yield _header(morsel)


def _header(morsel: "Morsel[str]") -> str:
    """The host builds the header anew: value percent-escaped, domain and path always there.

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
