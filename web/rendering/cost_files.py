"""The cost rows of a scan as files: by the names of the report, and by the names of FOCUS.

FOCUS: https://focus.finops.org/focus-specification/v1-0/. The second file is aligned with it, not conformant: it has
the columns that Azure's answers fill, under FOCUS's names and in its formats, and lacks the others. Columns that FOCUS
does not have begin with an x and a low line, as it asks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from shared.core.azure_names import region_name
from shared.core.formats import subscription
from shared.core.periods import add_months
from shared.sql.collected.cost_rows import CostRow
from web.rendering.bar_lists import resource_type
from web.rendering.csv_export import BYTE_ORDER_MARK, csv_parts
from web.rendering.workbook import Kind

Value = Callable[[CostRow, Mapping[str, str]], object]
"""What a column holds of a row; the second argument has the subscriptions' names by lower-case id."""


@dataclass(frozen=True)
class CostColumn:
    """A column of a file of cost rows."""

    title: str
    value: Value
    kind: Kind = Kind.TEXT


def _subscription(line: CostRow, names: Mapping[str, str]) -> str:
    return subscription(line.sub_account_id, names)


def _resource(line: CostRow, _: Mapping[str, str]) -> str | None:
    return line.resource_id.rpartition("/")[2] if line.resource_id else None


def _type(line: CostRow, _: Mapping[str, str]) -> str | None:
    return resource_type(line.resource_id.strip("/").split("/")) if line.resource_id else None


def _region(line: CostRow, _: Mapping[str, str]) -> str | None:
    return region_name(line.region_id) if line.region_id else None


def _stored(name: str) -> Value:
    def value(line: CostRow, _: Mapping[str, str]) -> object:
        return getattr(line, name)

    return value


def _starts(line: CostRow, _: Mapping[str, str]) -> str:
    return _instant(line.charge_period_start)


def _ends(line: CostRow, _: Mapping[str, str]) -> str:
    return _instant(add_months(line.charge_period_start, 1))


def _instant(day: date) -> str:
    """Return a day's first moment as FOCUS has it: 2026-01-01T00:00:00Z."""
    return f"{datetime.combine(day, time.min, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _provider(_: CostRow, __: Mapping[str, str]) -> str:
    return "Microsoft"


COST_COLUMNS = (
    CostColumn("Month", _stored("charge_period_start"), Kind.MONTH),
    CostColumn("Subscription", _subscription),
    CostColumn("Resource group", _stored("resource_group")),
    CostColumn("Resource", _resource),
    CostColumn("Type", _type),
    CostColumn("Location", _region),
    CostColumn("Service", _stored("service_name")),
    CostColumn("Meter subcategory", _stored("meter_subcategory")),
    CostColumn("Meter", _stored("meter_name")),
    CostColumn("Charge category", _stored("charge_category")),
    CostColumn("Pricing category", _stored("pricing_category")),
    CostColumn("Commitment", _stored("commitment_discount_type")),
    CostColumn("Publisher", _stored("publisher")),
    CostColumn("Quantity", _stored("consumed_quantity"), Kind.AMOUNT),
    CostColumn("Currency", _stored("billing_currency")),
    CostColumn("Billed cost", _stored("billed_cost"), Kind.AMOUNT),
    CostColumn("Subscription ID", _stored("sub_account_id")),
    CostColumn("Resource ID", _stored("resource_id")),
)
"""The columns of costs.csv and of the workbook's sheet of cost rows."""

FOCUS_COLUMNS = (
    CostColumn("BilledCost", _stored("billed_cost")),
    CostColumn("BillingCurrency", _stored("billing_currency")),
    CostColumn("BillingPeriodStart", _starts),
    CostColumn("BillingPeriodEnd", _ends),
    CostColumn("ChargeCategory", _stored("charge_category")),
    CostColumn("ChargeDescription", _stored("meter_name")),
    CostColumn("ChargeFrequency", _stored("charge_frequency")),
    CostColumn("ChargePeriodStart", _starts),
    CostColumn("ChargePeriodEnd", _ends),
    CostColumn("CommitmentDiscountType", _stored("commitment_discount_type")),
    CostColumn("ConsumedQuantity", _stored("consumed_quantity")),
    CostColumn("PricingCategory", _stored("pricing_category")),
    CostColumn("ProviderName", _provider),
    CostColumn("RegionId", _stored("region_id")),
    CostColumn("RegionName", _region),
    CostColumn("ResourceId", _stored("resource_id")),
    CostColumn("ResourceName", _resource),
    CostColumn("ResourceType", _type),
    CostColumn("ServiceName", _stored("service_name")),
    CostColumn("SubAccountId", _stored("sub_account_id")),
    CostColumn("SubAccountName", _subscription),
    CostColumn("x_ChargeType", _stored("charge_type")),
    CostColumn("x_PublisherType", _stored("publisher")),
    CostColumn("x_ResourceGroupName", _stored("resource_group")),
    CostColumn("x_SkuMeterName", _stored("meter_name")),
    CostColumn("x_SkuMeterSubcategory", _stored("meter_subcategory")),
)
"""The columns of costs-focus.csv. Months are of the calendar, as Azure's billing months are."""


def rows_of(
    columns: Iterable[CostColumn], lines: Iterable[CostRow], subscriptions: Mapping[str, str]
) -> Iterator[list[object]]:
    """Yield a row of values for each line."""
    values = [column.value for column in columns]
    return ([value(line, subscriptions) for value in values] for line in lines)


def cost_csv(
    columns: tuple[CostColumn, ...], lines: Iterable[CostRow], subscriptions: Mapping[str, str]
) -> Iterator[bytes]:
    """Yield the file part by part. Only the file for spreadsheets begins with a byte order mark."""
    if columns is COST_COLUMNS:
        yield BYTE_ORDER_MARK.encode()
    rows = rows_of(columns, lines, subscriptions)
    yield from (part.encode() for part in csv_parts([column.title for column in columns], rows))
