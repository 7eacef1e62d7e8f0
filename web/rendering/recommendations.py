"""Recommendations as the report shows them: alternatives for one saving together, never added up."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from shared.core.money import sum_exactly
from shared.sql.collected.recommendations import (
    AdvisorRecommendation,
    ReservationRecommendation,
    SavingsPlanRecommendation,
)

DAYS_IN_YEAR = 365
MONTHS_IN_YEAR = 12

T = TypeVar("T")


@dataclass(frozen=True)
class Alternative(Generic[T]):
    """One way to a saving. `monthly` is what it saves in a month, None where Azure gives no amount."""

    row: T
    monthly: Decimal | None


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One saving. `best` is the way that saves most, `others` are other ways to the same saving, best first.

    `currency` None: the subscription's billing currency, which Azure does not name here.
    """

    best: Alternative[T]
    others: tuple[Alternative[T], ...]
    currency: str | None


@dataclass(frozen=True)
class AdviceGroup:
    """The same advice for one or many resources, the largest saving first.

    `together` is what all of them save in a month: the resources are different ones, so that
    it may be added. None for one resource, where no amount is given, and for commitments: of
    those, one can replace another.
    """

    advice: str
    choices: tuple[Choice[AdvisorRecommendation], ...]
    together: Decimal | None
    currency: str | None


def advisor_groups(rows: Iterable[AdvisorRecommendation]) -> tuple[AdviceGroup, ...]:
    """Advisor's recommendations by what they advise, the largest saving of each currency first."""
    groups: dict[Hashable, list[Choice[AdvisorRecommendation]]] = {}
    for choice in advisor_choices(rows):
        groups.setdefault((advice_of(choice), choice.currency), []).append(choice)
    return tuple(sorted(map(_advice_group, groups.values()), key=_group_place))


def advice_of(choice: Choice[AdvisorRecommendation]) -> str:
    """Advisor's sentence."""
    return choice.best.row.solution or choice.best.row.problem or "Advisor gave no text"


def _advice_group(choices: Sequence[Choice[AdvisorRecommendation]]) -> AdviceGroup:
    amounts = [choice.best.monthly for choice in choices if choice.best.monthly is not None]
    is_commitment = any(choice.best.row.term or choice.best.row.benefit_scope for choice in choices)
    together = sum_exactly(amounts) if len(choices) > 1 and amounts and not is_commitment else None
    return AdviceGroup(advice_of(choices[0]), tuple(choices), together, choices[0].currency)


def _group_place(group: AdviceGroup) -> tuple[bool, str, Decimal]:
    amount = group.choices[0].best.monthly if group.together is None else group.together
    return amount is None, group.currency or "", -(amount or Decimal(0))


def advisor_choices(rows: Iterable[AdvisorRecommendation]) -> tuple[Choice[AdvisorRecommendation], ...]:
    """One choice for each resource and action."""
    return _choices(rows, _advisor_action, advisor_monthly, lambda row: row.savings_currency)


def reservation_choices(rows: Iterable[ReservationRecommendation]) -> tuple[Choice[ReservationRecommendation], ...]:
    """One choice for each subscription, SKU and region, whatever the term, the scope and the look-back."""
    return _choices(
        rows,
        lambda row: (row.sub_account_id, row.resource_type, row.sku_name, row.region_id),
        lambda row: per_month(row.net_savings, row.look_back_days),
        lambda row: row.currency,
    )


def savings_plan_choices(rows: Iterable[SavingsPlanRecommendation]) -> tuple[Choice[SavingsPlanRecommendation], ...]:
    """One choice for each subscription."""
    return _choices(
        rows,
        lambda row: (row.sub_account_id, row.sku_name),
        lambda row: per_month(row.net_savings, row.look_back_days),
        lambda row: row.currency,
    )


def per_month(savings: Decimal | None, look_back_days: int | None) -> Decimal | None:
    """Savings over the look-back window, scaled to a twelfth of a year."""
    if savings is None or not look_back_days:
        return None
    return savings * DAYS_IN_YEAR / (look_back_days * MONTHS_IN_YEAR)


def advisor_monthly(row: AdvisorRecommendation) -> Decimal | None:
    """Advisor's monthly amount; where it gives only the year's, a twelfth of it."""
    if row.monthly_savings is not None:
        return row.monthly_savings
    return None if row.annual_savings is None else row.annual_savings / MONTHS_IN_YEAR


def _advisor_action(row: AdvisorRecommendation) -> Hashable:
    """What makes two recommendations ways to the same saving.

    Those for reservations all name the subscription as the resource: there the SKU and
    the region tell one action from another.
    """
    properties = extended_properties(row)
    return (
        (row.resource_id or row.impacted_value or row.recommendation_id).lower(),
        row.recommendation_type_id or row.problem,
        properties.get("sku") or properties.get("vmSize"),
        properties.get("region") or properties.get("location"),
    )


def extended_properties(row: AdvisorRecommendation) -> dict[str, str]:
    """Advisor's extra values, which vary by type; empty when there are none."""
    found = json.loads(row.extended_properties_json) if row.extended_properties_json else {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _choices(
    rows: Iterable[T],
    action: Callable[[T], Hashable],
    monthly: Callable[[T], Decimal | None],
    currency: Callable[[T], str | None],
) -> tuple[Choice[T], ...]:
    """Grouped by action and currency; the largest saving of each currency first, those without an amount last."""
    groups: dict[Hashable, list[T]] = {}
    for row in rows:
        groups.setdefault((action(row), currency(row)), []).append(row)
    found = [_choice(group, monthly, currency(group[0])) for group in groups.values()]
    return tuple(sorted(found, key=_place))


def _choice(rows: Sequence[T], monthly: Callable[[T], Decimal | None], currency: str | None) -> Choice[T]:
    ranked = sorted((Alternative(row, monthly(row)) for row in rows), key=_order)
    return Choice(ranked[0], tuple(ranked[1:]), currency)


def _order(alternative: Alternative[T]) -> tuple[bool, Decimal]:
    return alternative.monthly is None, -(alternative.monthly or Decimal(0))


def _place(choice: Choice[T]) -> tuple[bool, str, Decimal]:
    without_amount, largest_first = _order(choice.best)
    return without_amount, choice.currency or "", largest_first
