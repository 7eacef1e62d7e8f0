"""Entra's errors: AADSTS codes, OAuth errors and Entra's own texts.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from simulator.azure_names import ARM_APPLICATION_ID
from simulator.exchange import Refusal, Response, json_response
from simulator.world import World


@dataclass(frozen=True)
class AadstsError:
    """One AADSTS error: OAuth `error`, `suberror`, text, and whether it has an `error_uri`."""

    error: str
    text: str
    suberror: str | None = None
    has_uri: bool = False
    status: int = 400


@cache
def catalogue() -> dict[int, AadstsError]:
    """All supported errors, from `aadsts.json`."""
    texts = json.loads((Path(__file__).parent / "aadsts.json").read_text(encoding="utf-8"))
    return {int(code): AadstsError(**values) for code, values in texts.items()}


REFRESH_REFUSALS = (50057, 50076, 50173, 65001, 70008, 70043, 700082, 53003)
"""The codes with which `POST /_simulation/revoke` can make Entra refuse refresh tokens."""


def stamp(moment: float) -> str:
    """A timestamp in the form of Entra's texts."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def description(world: World, code: int, values: dict[str, str], trace_id: str, correlation_id: str) -> str:
    """The several lines of `error_description`."""
    application = world.configuration.application
    fixed = {"app_id": application.client_id, "app_name": application.name, "resource_id": ARM_APPLICATION_ID}
    lines = (
        f"AADSTS{code}: {catalogue()[code].text.format(**fixed, **values)}",
        f"Trace ID: {trace_id}",
        f"Correlation ID: {correlation_id}",
        f"Timestamp: {_moment(world.now())}",
    )
    return "\r\n".join(lines)


def _moment(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def token_error(world: World, code: int, **values: str) -> Response:
    """A refusal of the token endpoint."""
    sts = catalogue()[code]
    trace_id, correlation_id = str(uuid4()), str(uuid4())
    body: dict[str, Any] = {
        "error": "invalid_grant" if sts.error == "access_denied" else sts.error,
        "error_description": description(world, code, values, trace_id, correlation_id),
        "error_codes": [code],
        "timestamp": _moment(world.now()),
        "trace_id": trace_id,
        "correlation_id": correlation_id,
    }
    if sts.has_uri:
        body["error_uri"] = f"https://login.microsoftonline.com/error?code={code}"
    if sts.suberror:
        body["suberror"] = sts.suberror
    return json_response(sts.status, body, (("Cache-Control", "no-store, no-cache"), ("x-ms-request-id", trace_id)))


def refuse(world: World, code: int, **values: str) -> Refusal:
    """A refusal of the token endpoint, to be raised."""
    return Refusal(token_error(world, code, **values))


def callback_error(world: World, code: int, state: str | None, **values: str) -> list[tuple[str, str]]:
    """The query parameters of a refusal that is sent to the redirect address."""
    sts = catalogue()[code]
    parameters = [
        ("error", sts.error),
        ("error_description", description(world, code, values, str(uuid4()), str(uuid4()))),
    ]
    if sts.has_uri:
        parameters.append(("error_uri", f"https://login.microsoftonline.com/error?code={code}"))
    return parameters if state is None else [*parameters, ("state", state)]
