"""Read an HTTP response to its end, with limits of size and time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import requests

from shared.arm.request import Json
from shared.core.clock import Clock
from shared.core.errors import AzureUnavailable, UnexpectedPayload
from shared.core.exact_json import exact_json

MAX_BODY_BYTES = 20 * 1024 * 1024
"""Above Azure's largest response: Resource Graph's limit is 16 MiB."""

MAX_SECONDS = 120
"""Time limit of a whole response."""

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class ArmResponse:
    """A response. `payload` is None without a body; `is_json` is False for a body that is not complete JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    payload: Json
    is_json: bool
    received_at: datetime

    @property
    def request_id(self) -> str:
        """Return Azure's id of this call, safe to log."""
        return _safe(self.headers.get("x-ms-request-id", ""))

    @property
    def quota_remaining(self) -> str:
        """Return all counters of remaining quota, safe to log."""
        counters = [value for name, value in self.headers.items() if re.search("(?i)remaining", name)]
        return _safe(",".join(counters))


def _safe(text: str) -> str:
    return re.sub(r"[^\w:;,./{}-]", "", text)[:200] or "-"


def receive(response: requests.Response, what: str, clock: Clock) -> ArmResponse:
    """Read the whole response. Raises UnexpectedPayload if it is too long, AzureUnavailable if too slow."""
    body = _body(response, what, clock)
    payload, is_json = _parsed(body, what)
    # An empty response with status 200 was truncated; only 204 means no content.
    is_whole = is_json and (bool(body) or response.status_code != 200)
    return ArmResponse(response.status_code, response.headers, body, payload, is_whole, clock.now())


def _body(response: requests.Response, what: str, clock: Clock) -> bytes:
    started, chunks, size = clock.now(), [], 0
    for chunk in response.iter_content(CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise UnexpectedPayload(f"the response of {what} is longer than {MAX_BODY_BYTES} bytes")
        if (clock.now() - started).total_seconds() > MAX_SECONDS:
            raise AzureUnavailable(f"the response of {what} was too slow", "Slow")
    return b"".join(chunks)


def _parsed(body: bytes, what: str) -> tuple[Json, bool]:
    try:
        return exact_json(body), True
    except RecursionError:
        raise UnexpectedPayload(f"the response of {what} is nested too deeply") from None
    except ValueError:
        return None, False
