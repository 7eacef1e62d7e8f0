"""Column types and a sum that mean the same on Azure SQL and on SQLite."""

import hashlib
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from shared.core.money import EXACT
from shared.core.money import sum_exactly as sum_exactly  # noqa: PLC0414  it is imported from here

MONEY_DIGITS = 38
MONEY_DECIMALS = 24
"""Azure's amounts have up to 17 significant digits, so that a fraction of a cent needs 22 decimals.

Fourteen digits are left before the point: a hundred million million of any currency.
"""

LARGEST_MONEY = Decimal(10) ** (MONEY_DIGITS - MONEY_DECIMALS)
"""What an amount has to be below, on either side of zero."""

_ROUNDING = Context(prec=200, rounding=ROUND_HALF_EVEN)
_SMALLEST = Decimal(1).scaleb(-MONEY_DECIMALS)
_PLAIN_LENGTH = MONEY_DECIMALS + 2


def round_money(amount: Decimal) -> Decimal:
    """The amount as it is stored: at most MONEY_DECIMALS decimals, half to even."""
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -MONEY_DECIMALS:
        return amount
    return amount.quantize(_SMALLEST, context=_ROUNDING)


def money_text(amount: Decimal) -> str:
    """The amount in plain digits, as SQLite stores it. A short text without exponent needs no rounding."""
    text = str(amount)
    if len(text) <= _PLAIN_LENGTH and "E" not in text:
        return text
    return format(round_money(amount), "f")


class Money(TypeDecorator[Decimal]):
    """An exact amount: decimal(38, 24) on SQL Server, text on SQLite, which has no decimals."""

    impl = Numeric(MONEY_DIGITS, MONEY_DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(64))
        return dialect.type_descriptor(Numeric(MONEY_DIGITS, MONEY_DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | Decimal | None:
        if value is None:
            return None
        return money_text(value) if dialect.name == "sqlite" else round_money(value)

    def process_result_value(self, value: str | Decimal | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; stored without zone, so that both databases compare it alike.

    datetime2 on SQL Server: its older datetime rounds to 3 ms, so that a moment read back
    would not equal the one stored.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "mssql":
            return dialect.type_descriptor(DateTime())
        from sqlalchemy.dialects.mssql import DATETIME2

        return dialect.type_descriptor(DATETIME2(6))  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


class Month(TypeDecorator[date]):
    """The first day of a month, stored as a number such as 202611: a third of a date's bytes on SQLite."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else month_number(value)

    def process_result_value(self, value: int | date | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        return month_of(value) if isinstance(value, int) else value


def month_number(month: date) -> int:
    """Return the number that stands for a month; raises ValueError for a day within one."""
    if month.day != 1:
        raise ValueError("a day that begins no month was about to be stored as one")
    return month.year * 100 + month.month


def month_of(number: int) -> date:
    """Return the first day of the month that the number stands for."""
    return date(*divmod(number, 100), 1)


class TenantHash(TypeDecorator[int]):
    """A tenant as a number, for the many rows of one: bound from its id, read as the number.

    64 bits of SHA-256, computed alike by row-level security's predicate: among a million tenants two are alike with
    a chance of one in forty million, and each query names the tenant's own rows besides.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return tenant_hash(value) if isinstance(value, str) else value


def tenant_hash(tenant_id: str) -> int:
    """Return the first eight bytes of the SHA-256 of the id as a signed number."""
    return int.from_bytes(hashlib.sha256(tenant_id.encode()).digest()[:8], "big", signed=True)


class exact_sum(GenericFunction[Decimal]):  # noqa: N801  it reads as SQL
    """The sum of a Money column to the last decimal: SUM on SQL Server, ExactSum on SQLite."""

    type = Money()
    inherit_cache = True


@compiles(exact_sum)
def _sum_of_decimals(element: exact_sum, compiler: SQLCompiler, **options: object) -> str:
    return f"sum({compiler.process(element.clauses, **options)})"


@compiles(exact_sum, "sqlite")
def _sum_of_texts(element: exact_sum, compiler: SQLCompiler, **options: object) -> str:
    return f"exact_sum({compiler.process(element.clauses, **options)})"


class ExactSum:
    """SQLite's aggregate behind exact_sum; NULLs are passed over, a sum of nothing is NULL."""

    def __init__(self) -> None:
        self._total: Decimal | None = None

    def step(self, text: str | None) -> None:
        if text is not None:
            self._total = Decimal(text) if self._total is None else EXACT.add(self._total, Decimal(text))

    def finalize(self) -> str | None:
        return None if self._total is None else format(self._total, "f")
