"""Converts between HTTP messages and azure.functions' requests and responses, with its own converters."""

from collections.abc import Iterable
from dataclasses import dataclass

import azure.functions as func
from azure.functions.http import HttpRequestConverter, HttpResponseConverter
from azure.functions.meta import Datum

from local.host.cookies import rewritten
from local.host.routes import Match, decode


@dataclass(frozen=True)
class HttpCall:
    """A request as it was received: `target` is path and query, still encoded."""

    method: str
    host: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True)
class Reply:
    """A response as it is sent."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One value per name, names in lower case, repeated ones joined by a comma."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


def query_values(query: str) -> dict[str, str]:
    """As the host passes them: repeated keys joined by a comma whatever their casing, empty values dropped."""
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    decoded = [(decode(name.replace("+", " ")), decode(value.replace("+", " "))) for name, value in pairs]
    first_names = {name.lower(): name for name, _ in reversed(decoded)}
    return {first_names[name]: value for name, value in joined(pair for pair in decoded if pair[1]).items()}


def to_request(call: HttpCall, match: Match) -> func.HttpRequest:
    """The func.HttpRequest of a call."""
    request: func.HttpRequest = HttpRequestConverter.decode(
        Datum(
            {
                "method": Datum(call.method, "string"),
                "url": Datum(f"http://{call.host}{call.target}", "string"),
                "headers": _data(joined(call.headers)),
                "query": _data(query_values(call.query)),
                "params": _data(match.values),
                "body": Datum(call.body, "bytes"),
            },
            "http",
        ),
        trigger_metadata={},
    )
    return request


def _data(values: dict[str, str]) -> dict[str, Datum]:
    return {name: Datum(value, "string") for name, value in values.items()}


def to_reply(returned: object) -> Reply:
    """The response for a function's return value; raises for what the worker cannot encode."""
    value = HttpResponseConverter.encode(returned, expected_type=None).value
    headers = {name.title(): datum.value for name, datum in value["headers"].items()}
    cookies = [("Set-Cookie", text) for text in rewritten(value["cookies"] or [])]
    return Reply(int(value["status_code"].value), (*headers.items(), *cookies), value["body"].value)
