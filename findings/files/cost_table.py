"""Reads costs from an export (CSV) or from a query's answer (JSON), row by row, whatever the columns are called.

https://learn.microsoft.com/azure/cost-management-billing/dataset-schema/schema-index
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from findings.files.errors import UnusableFile
from shared.core import focus

NAMES: dict[str, tuple[str, ...]] = {
    "amount": ("totalcost", "costinbillingcurrency", "billedcost", "pretaxcost", "cost", "costinpricingcurrency"),
    "currency": ("billingcurrency", "billingcurrencycode", "currency", "currencycode"),
    "day": ("billingmonth", "chargeperiodstart", "date", "usagedate", "usagedatetime", "usagestart"),
    "resource_id": ("resourceid", "instanceid", "instancename"),
    "subscription": ("subscriptionid", "subscriptionguid", "subaccountid"),
    "service": ("metercategory", "x_skumetercategory", "servicename", "consumedservice"),
    "subcategory": ("metersubcategory", "x_skumetersubcategory"),
    "meter": ("metername", "x_skumetername", "skumeter", "meter"),
    "quantity": ("totalquantity", "consumedquantity", "quantity", "usagequantity"),
    "charge": ("chargetype", "chargecategory"),
    "frequency": ("frequency", "chargefrequency"),
    "publisher": ("publishertype", "publishername"),
    "commitment": ("pricingmodel", "commitmentdiscounttype"),
}
"""Our name -> the names in exports of each agreement, in FOCUS and in answers, best first, in lower case."""

NEEDED = ("amount", "resource_id", "day")
HOW = "Export actual cost with a date for each row, or answer a query that groups by month and ResourceId."
MONTH_FIRST = "/"


@dataclass(frozen=True)
class CostLine:
    """One row. The id is in lower case and empty for a cost without a resource."""

    month: date
    resource_id: str
    subscription_id: str
    currency: str
    service: str
    subcategory: str
    meter: str
    charge: str
    frequency: str
    publisher: str
    commitment: str
    amount: Decimal
    quantity: Decimal | None


@dataclass(frozen=True)
class CostTable:
    """A file of costs; `lines` reads it again from the start, so that memory does not grow with it."""

    file: Path

    def lines(self) -> Iterator[CostLine]:
        """Yield its rows. Raises UnusableFile with one sentence."""
        try:
            yield from self._lines()
        except OSError as error:
            raise UnusableFile(self.file, f"it cannot be opened ({error.strerror}).") from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise UnusableFile(self.file, f"it is neither CSV nor JSON. {HOW}") from error

    def _lines(self) -> Iterator[CostLine]:
        columns: _Columns | None = None
        for number, row in enumerate(self._rows(), 1):
            if columns is None:
                columns = self._columns([str(name) for name in row])
            elif row:
                yield self._line(columns, row, number)
        if columns is None:
            raise UnusableFile(self.file, f"it is empty. {HOW}")

    def _rows(self) -> Iterator[Sequence[Any]]:
        """Yield the heading and then each row, of either format."""
        with self.file.open(encoding="utf-8-sig", newline="") as opened:
            start = opened.read(1)
            opened.seek(0)
            if start in ("{", "["):
                yield from _json_rows(self.file, opened.read())
            else:
                yield from csv.reader(opened)

    def _columns(self, heading: Sequence[str]) -> "_Columns":
        written = {name.strip().lower().replace(" ", ""): place for place, name in enumerate(heading)}
        places = {ours: written[name] for ours, names in NAMES.items() for name in reversed(names) if name in written}
        missing = [NAMES[ours][0] for ours in NEEDED if ours not in places]
        if missing:
            raise UnusableFile(self.file, f"it has no column for {', '.join(missing)}. {HOW}")
        return _Columns(places)

    def _line(self, columns: "_Columns", row: Sequence[Any], number: int) -> CostLine:
        try:
            return columns.line(row)
        except (ValueError, InvalidOperation, IndexError) as error:
            raise UnusableFile(self.file, f"row {number:,} has no usable date or amount. {HOW}") from error


@dataclass(frozen=True)
class _Columns:
    """Where each value of a row stands."""

    places: dict[str, int]

    def line(self, row: Sequence[Any]) -> CostLine:
        resource_id = self._text(row, "resource_id").lower()
        parts = resource_id.split("/")
        own = parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else ""
        return CostLine(
            month=_month(self._text(row, "day")),
            resource_id=resource_id,
            subscription_id=own or self._text(row, "subscription").rpartition("/")[2].lower(),
            currency=self._text(row, "currency").upper() or "???",
            service=self._text(row, "service"),
            subcategory=self._text(row, "subcategory"),
            meter=self._text(row, "meter"),
            charge=focus.charge_category(self._text(row, "charge")) or "",
            frequency=_frequency(self._text(row, "frequency")),
            publisher=self._text(row, "publisher"),
            commitment=focus.commitment_discount_type(self._text(row, "commitment")) or "",
            amount=Decimal(self._text(row, "amount") or "0"),
            quantity=_quantity(self._text(row, "quantity")),
        )

    def _text(self, row: Sequence[Any], name: str) -> str:
        place = self.places.get(name)
        value = None if place is None else row[place]
        return "" if value is None else str(value).strip()


def _quantity(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def _frequency(written: str) -> str:
    """Return FOCUS's word; files in FOCUS have it already."""
    return focus.charge_frequency(written) or written


def _month(written: str) -> date:
    """Parse 2026-10-01, 2026-10-01T00:00:00Z, 20261001, 202610 and the month first form 10/31/2026 of exports."""
    if MONTH_FIRST in written:
        month, _, year = written.split(" ", maxsplit=1)[0].split(MONTH_FIRST)
        return date(int(year), int(month), 1)
    digits = written.replace("-", "")
    return date(int(digits[:4]), int(digits[4:6]), 1)


def _json_rows(file: Path, text: str) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query's answer, or of a list of objects with the same members."""
    try:
        content = json.loads(text, parse_float=str)
    except ValueError as error:
        raise UnusableFile(file, f"it is not JSON. {HOW}") from error
    table = content.get("properties", content) if isinstance(content, dict) else content
    if isinstance(table, dict) and isinstance(table.get("columns"), list) and isinstance(table.get("rows"), list):
        yield [str(column.get("name")) if isinstance(column, dict) else str(column) for column in table["columns"]]
        yield from (row for row in table["rows"] if isinstance(row, list))
        return
    records = table.get("value") if isinstance(table, dict) else table
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnusableFile(file, f"it holds no columns and rows. {HOW}")
    names = list(dict.fromkeys(name for record in records for name in record))
    yield names
    yield from ([record.get(name) for name in names] for record in records)
