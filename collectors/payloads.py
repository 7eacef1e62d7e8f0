"""Reads values out of Azure's answers: tolerant where Azure is loose, loud where a guess would be needed."""

import json
import re
from decimal import Decimal, InvalidOperation

from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload

LARGEST_AMOUNT = 10**14
"""The tables keep fourteen digits before the point."""

_DAYS = re.compile(r"(?:Last)?\s*(\d{1,3})\s*(?:Days?)?", re.IGNORECASE)


def items(payload: Json, what: str) -> list[dict[str, Json]]:
    """The objects of a list answer's `value`. Raises UnexpectedPayload; no answer (204) is no empty list either."""
    found = payload.get("value") if isinstance(payload, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise UnexpectedPayload(f"the list of {what} has no usable `value`")
    return found


def member(value: Json, name: str) -> dict[str, Json]:
    """The object under this name; empty when it is missing or null."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Json, limit: int) -> str | None:
    """A text, cut to what the column holds; None when there is none."""
    return value[:limit] if isinstance(value, str) and value else None


def lenient_amount(value: Json) -> Decimal | None:
    """An amount given as a number, as text or as {currency, value}; None when it is not one."""
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
    """A currency's three letters, or None."""
    return value.upper() if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{3}", value) else None


def days(value: Json) -> int | None:
    """A look-back period given as a number, "30" or "Last30Days"; None when it is none of these."""
    found = _DAYS.fullmatch(str(value)) if isinstance(value, (int, str)) else None
    return int(found.group(1)) if found else None


def region(value: Json) -> str | None:
    """A location as Azure's short name: "UK South" and "uksouth" are one."""
    return value.replace(" ", "").lower()[:90] if isinstance(value, str) and value else None


def compact(value: Json) -> str:
    """JSON text; amounts are written as numbers."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_number)


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise UnexpectedPayload(f"a value of type {type(value).__name__} was not expected")
