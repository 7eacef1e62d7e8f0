"""The report sections that customers and reviewers share: costs by currency, recommendations, coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.arm.catalogue import collected_kind
from shared.core.coverage import Coverage
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import TopResource
from shared.sql.collected.recommendations import (
    ReservationRecommendation,
    SavingsPlanRecommendation,
)
from shared.wiring import Services
from web.rendering.bar_lists import (
    Bar,
    BarList,
    bar_list,
    region_name,
    resource_bars,
    resource_group_naming,
    service_name,
    subscription_naming,
)
from web.rendering.cost_chart import StackedColumns, stacked_columns
from web.rendering.cost_figures import CurrencyFigures, figures
from web.rendering.recommendations import (
    AdviceGroup,
    Choice,
    advisor_groups,
    reservation_choices,
    savings_plan_choices,
)

DIMENSIONS = ("service", "subscription", "resource_group", "region")
REFUND = "refund"
TOP_RESOURCES = 10


@dataclass(frozen=True)
class CurrencySection:
    """The report's figures, chart and bar lists of one currency."""

    figures: CurrencyFigures
    chart: StackedColumns
    bar_lists: tuple[BarList, ...]
    top_resources: tuple[Bar, ...]
    not_attributable: Decimal
    refunds: Decimal


@dataclass(frozen=True)
class Advice:
    """Azure's recommendations; `suppressed` are those the customer dismissed or postponed in Advisor."""

    advisor: tuple[AdviceGroup, ...]
    suppressed: tuple[AdviceGroup, ...]
    reservations: tuple[Choice[ReservationRecommendation], ...]
    savings_plans: tuple[Choice[SavingsPlanRecommendation], ...]


def sections(services: Services, scan: Scan, subscriptions: Mapping[str, str]) -> list[CurrencySection]:
    """Return one section for each currency of the scan."""
    costs = services.cost_totals
    key = scan.key
    totals = costs.by_dimension(key, (*DIMENSIONS, REFUND))
    by_resource = costs.by_resource(key)
    top_resources = by_resource.top(TOP_RESOURCES)
    refunds = totals.pop(REFUND)
    return [
        CurrencySection(
            figures=own,
            chart=stacked_columns(own.layers, scan.period.months, own.currency),
            bar_lists=bar_lists(own, subscriptions),
            top_resources=top_resource_bars(own, top_resources, subscriptions),
            not_attributable=by_resource.not_attributable.get(own.currency, Decimal(0)),
            refunds=sum_exactly(one.billed_cost for one in refunds if one.billing_currency == own.currency),
        )
        for own in figures(totals, scan.period.months)
    ]


def bar_lists(own: CurrencyFigures, subscriptions: Mapping[str, str]) -> tuple[BarList, ...]:
    """Return the same costs grouped by each dimension."""
    return (
        bar_list("Cost by service", own.services, service_name),
        bar_list("Cost by subscription", own.subscriptions, subscription_naming(subscriptions)),
        bar_list("Cost by location", own.regions, region_name),
        bar_list("Cost by resource group", own.resource_groups, resource_group_naming(subscriptions)),
    )


def top_resource_bars(
    own: CurrencyFigures, top_resources: Sequence[TopResource], subscriptions: Mapping[str, str]
) -> tuple[Bar, ...]:
    """Return bars for the most expensive resources of one currency."""
    resources = [resource for resource in top_resources if resource.billing_currency == own.currency]
    return resource_bars(resources, own.total, subscriptions)


def advice(services: Services, scan: Scan) -> Advice:
    """Return Azure's recommendations."""
    stored = services.recommendations
    key = scan.key
    rows = stored.advisor(key)
    return Advice(
        advisor=advisor_groups(row for row in rows if not row.is_suppressed),
        suppressed=advisor_groups(row for row in rows if row.is_suppressed),
        reservations=reservation_choices(stored.reservations(key)),
        savings_plans=savings_plan_choices(stored.savings_plans(key)),
    )


def kinds_read(read: Coverage) -> set[str]:
    """Return the kinds of data that were read at least in part; the others are unknown."""
    return {kind.name for kind in read.collectors if kind.succeeded or kind.rows}


def coverage_by_kind(read: Coverage) -> dict[str, str]:
    """Return for how many subscriptions each kind of data was read, so that missing data never looks like zero."""
    return {
        progress.name: f"{collected_kind(progress.name).title}: read for {progress.succeeded} of {progress.steps} "
        f"{'subscription' if progress.steps == 1 else 'subscriptions'}"
        f"{f', {progress.partly} of them in part' if progress.partly else ''}."
        for progress in read.collectors
    }
