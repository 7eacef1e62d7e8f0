"""An HTTP answer, read to its end within bounds of size and time."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Never

import requests

from shared.arm.request import Json
from shared.core.clock import Clock
from shared.core.errors import AzureUnavailable, UnexpectedPayload

MAX_BODY_BYTES = 20 * 1024 * 1024
"""Above Azure's own largest answer: Resource Graph refuses beyond 16 MiB."""

MAX_SECONDS = 120
"""For a whole answer, however slowly its bytes arrive."""

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """`payload` is None without a body; `is_json` is False for a body that is not (complete) JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    payload: Json
    is_json: bool
    received_at: datetime

    @property
    def request_id(self) -> str:
        """Azure's id of this call, made safe for a log."""
        return _safe(self.headers.get("x-ms-request-id", ""))

    @property
    def quota_remaining(self) -> str:
        """Every counter of what is left, made safe for a log."""
        counters = [value for name, value in self.headers.items() if re.search("(?i)remaining", name)]
        return _safe(",".join(counters))


def _safe(text: str) -> str:
    return re.sub(r"[^\w:;,./{}-]", "", text)[:200] or "-"


def receive(response: requests.Response, what: str, clock: Clock) -> Answer:
    """Reads the whole answer. Raises UnexpectedPayload when it is too long, AzureUnavailable when too slow."""
    body = _body(response, what, clock)
    payload, is_json = _parsed(body, what)
    # An empty answer of status 200 was cut off; only 204 says that there is nothing.
    is_whole = is_json and (bool(body) or response.status_code != 200)
    return Answer(response.status_code, response.headers, body, payload, is_whole, clock.now())


def _body(response: requests.Response, what: str, clock: Clock) -> bytes:
    started, chunks, size = clock.now(), [], 0
    for chunk in response.iter_content(CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise UnexpectedPayload(f"the answer of {what} is longer than {MAX_BODY_BYTES} bytes")
        if (clock.now() - started).total_seconds() > MAX_SECONDS:
            raise AzureUnavailable(f"the answer of {what} came too slowly", "Slow")
    return b"".join(chunks)


def _parsed(body: bytes, what: str) -> tuple[Json, bool]:
    if not body.strip():
        return None, True
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse), True
    except RecursionError:
        raise UnexpectedPayload(f"the answer of {what} is nested too deeply") from None
    except ValueError:
        return None, False


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no number")
