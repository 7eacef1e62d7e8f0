"""Read values from Azure's responses: tolerant of harmless variations, strict where a guess would be needed."""

import json
import re
from decimal import Decimal, InvalidOperation

from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload

LARGEST_AMOUNT = 10**14
"""The tables store fourteen digits before the decimal point."""

_DAYS = re.compile(r"(?:Last)?\s*(\d{1,3})\s*(?:Days?)?", re.IGNORECASE)


def items(payload: Json, what: str) -> list[dict[str, Json]]:
    """Return the objects in `value` of a list response; none for no content (204). Raises UnexpectedPayload."""
    if payload is None:
        return []
    found = payload.get("value") if isinstance(payload, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UnexpectedPayload(f"the list of {what} has no usable `value`")
    return found


def member(value: Json, name: str) -> dict[str, Json]:
    """Return the object under this name; empty if it is missing or null."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Json, limit: int) -> str | None:
    """Return a text, cut to `limit` characters; None if there is none."""
    return value[:limit] if isinstance(value, str) and value else None


def lenient_amount(value: Json) -> Decimal | None:
    """Return an amount given as a number, text or {currency, value}; None if it is none of these."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < LARGEST_AMOUNT else None


def currency(value: Json) -> str | None:
    """Return a currency's three letters, or None."""
    return value.upper() if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{3}", value) else None


def days(value: Json) -> int | None:
    """Return the days of a look-back period given as a number, "30" or "Last30Days"; None for anything else."""
    found = _DAYS.fullmatch(str(value)) if isinstance(value, (int, str)) else None
    return int(found.group(1)) if found else None


def region(value: Json) -> str | None:
    """Return a location as Azure's short name: "UK South" and "uksouth" are the same; None for "Unassigned"."""
    name = value.replace(" ", "").lower()[:90] if isinstance(value, str) else ""
    return name if name not in ("", "unassigned") else None


def compact(value: Json) -> str:
    """Return compact JSON text; amounts are numbers."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_number)


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise UnexpectedPayload(f"unexpected value of type {type(value).__name__}")
