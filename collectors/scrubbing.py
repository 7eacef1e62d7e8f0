"""Remove secret-looking text from customers' tags, SKUs and properties."""

import re
from collections.abc import Callable
from dataclasses import replace

from collectors.payloads import compact
from shared.arm.request import ArmPage, Json
from shared.core.redaction import REDACTED, redact

SECRET_NAME = re.compile(
    r"(?i)passw|pwd|secret|credential|private.?key|connection.?string"
    r"|(?:api|access|account|shared|storage|master).?key"
    r"|(?:^|[^a-z])(?:sas|access|auth|bearer|refresh|api)?.?token$"
)
"""The text under a member with such a name is replaced."""


def scrub(value: Json) -> Json:
    """Return the same structure with secret-looking texts, and texts under a secret's name, replaced."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        return {redact(name): _member(name, member) for name, member in value.items()}
    return value


def _member(name: str, value: Json) -> Json:
    if isinstance(value, str) and value and SECRET_NAME.search(name):
        return REDACTED
    return scrub(value)


def scrubbed_page(page: ArmPage, scrub_payload: Callable[[Json], Json]) -> ArmPage:
    """Return the page with its payload scrubbed; the original bytes if there was nothing to scrub."""
    payload = scrub_payload(page.payload)
    if payload == page.payload:
        return page
    return replace(page, payload=payload, body=compact(payload).encode())
