"""The result of a reviewer's query in words: dates, names and two decimals, with the stored value beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.core.formats import day, month, number
from shared.core.operator_jobs import JobKind
from web.rendering.azure_values import in_words, label

AMOUNTS = {"cost", "costusd", "pretaxcost", "pretaxcostusd"}
CURRENCY = "currency"


@dataclass(frozen=True)
class Cell:
    """One value; None: Azure gave none. `stored` is what Azure wrote, where it differs."""

    text: str | None
    stored: str | None = None
    is_number: bool = False


def headings(columns: Sequence[str], kind: JobKind) -> list[str]:
    """Return the column heads: of a cost query, Azure's names in words; of another, those of the reviewer's query."""
    return [label(name) for name in columns] if kind is JobKind.COST_QUERY else [*columns]


def cells(columns: Sequence[str], row: Sequence[Any], kind: JobKind, subscriptions: Mapping[str, str]) -> list[Cell]:
    """Return the row's cells. `subscriptions` are names by id."""
    names = [column.lower() for column in columns]
    currency = str(row[names.index(CURRENCY)] or "") if CURRENCY in names else ""
    return [_cell(name, value, kind, currency, subscriptions) for name, value in zip(names, row, strict=True)]


def _cell(name: str, value: object, kind: JobKind, currency: str, subscriptions: Mapping[str, str]) -> Cell:
    if value is None or value == "":
        return Cell(None)
    stored = str(value)
    is_amount = kind is JobKind.COST_QUERY and name in AMOUNTS
    if stored in subscriptions:
        text = subscriptions[stored]
    elif kind is JobKind.COST_QUERY and name in DATES:
        text = DATES[name](stored)
    else:
        text = _amount(stored, currency) if is_amount else _text(value, kind)
    return Cell(text, stored if text != stored else None, is_amount)


def _text(value: object, kind: JobKind) -> str:
    """A reviewer who asks Resource Graph for an id gets the whole id."""
    is_wanted_id = kind is JobKind.RESOURCE_QUERY and isinstance(value, str) and value.startswith("/")
    return str(value) if is_wanted_id else in_words(value)


def _amount(stored: str, currency: str) -> str:
    try:
        return number(Decimal(stored), currency)
    except InvalidOperation:
        return stored


def _date(stored: str, written: Callable[[date], str]) -> str:
    """Azure writes a month as `2026-10-01T00:00:00` and a day as `20261001`, both without a time zone."""
    try:
        return written(datetime.fromisoformat(stored).date())
    except ValueError:
        return stored


DATES: Mapping[str, Callable[[str], str]] = {
    "billingmonth": lambda stored: _date(stored, month),
    "usagedate": lambda stored: _date(stored, day),
}
