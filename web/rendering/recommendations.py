"""Group recommendations for the report: alternatives for the same savings combined, never added up."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from shared.core.alternatives import alternatives
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
class Option(Generic[T]):
    """One recommendation. `monthly` is the monthly savings, None if Azure gives no amount."""

    row: T
    monthly: Decimal | None


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One action. `best` saves most; `alternatives` save the same money in another way, best first.

    `currency` None means the subscription's billing currency, which Azure does not name here.
    """

    best: Option[T]
    alternatives: tuple[Option[T], ...]
    currency: str | None


@dataclass(frozen=True)
class AdviceGroup:
    """The same advice for one or more resources, the largest savings first.

    `combined` is their total monthly savings; it can be added because the resources are
    different. It is None for one resource, without amounts, and for commitments, which can
    replace each other.
    """

    advice: str
    choices: tuple[Choice[AdvisorRecommendation], ...]
    combined: Decimal | None
    currency: str | None


def advisor_groups(rows: Iterable[AdvisorRecommendation]) -> tuple[AdviceGroup, ...]:
    """Group Advisor's recommendations by advice, the largest savings of each currency first."""
    groups: dict[Hashable, list[Choice[AdvisorRecommendation]]] = {}
    for choice in advisor_choices(rows):
        groups.setdefault((advice_of(choice), choice.currency), []).append(choice)
    return tuple(sorted(map(_advice_group, groups.values()), key=_group_order))


def advice_of(choice: Choice[AdvisorRecommendation]) -> str:
    """Return Advisor's text."""
    return choice.best.row.solution or choice.best.row.problem or "Recommendation without text"


def _advice_group(choices: Sequence[Choice[AdvisorRecommendation]]) -> AdviceGroup:
    amounts = [choice.best.monthly for choice in choices if choice.best.monthly is not None]
    is_commitment = any(choice.best.row.term or choice.best.row.benefit_scope for choice in choices)
    combined = sum_exactly(amounts) if len(choices) > 1 and amounts and not is_commitment else None
    return AdviceGroup(advice_of(choices[0]), tuple(choices), combined, choices[0].currency)


def _group_order(group: AdviceGroup) -> tuple[bool, str, Decimal]:
    amount = group.choices[0].best.monthly if group.combined is None else group.combined
    return amount is None, group.currency or "", -(amount or Decimal(0))


def advisor_choices(rows: Iterable[AdvisorRecommendation]) -> tuple[Choice[AdvisorRecommendation], ...]:
    """Return one choice for each resource and action; the largest savings first, those without an amount last."""
    groups: dict[Hashable, list[AdvisorRecommendation]] = {}
    for row in rows:
        groups.setdefault((_advisor_action(row), row.savings_currency), []).append(row)
    found = [_choice(group, lambda row: row.monthly, group[0].savings_currency) for group in groups.values()]
    return tuple(sorted(found, key=_choice_order))


def reservation_choices(rows: Iterable[ReservationRecommendation]) -> tuple[Choice[ReservationRecommendation], ...]:
    """Return one choice for each SKU and region, across terms, scopes and look-back periods.

    Each subscription has its own, unless a shared offer covers the same usage in all of them.
    """
    groups = alternatives([*rows], lambda row: (row.resource_type, row.sku_name, row.region_id))
    return _ranked((group, group[0].currency) for group in groups)


def savings_plan_choices(rows: Iterable[SavingsPlanRecommendation]) -> tuple[Choice[SavingsPlanRecommendation], ...]:
    """Return one choice for each subscription, or one in all where there is a shared offer."""
    groups = alternatives([*rows], lambda row: row.sku_name)
    return _ranked((group, group[0].currency) for group in groups)


CommitmentT = TypeVar("CommitmentT", ReservationRecommendation, SavingsPlanRecommendation)


def _ranked(groups: Iterable[tuple[Sequence[CommitmentT], str | None]]) -> tuple[Choice[CommitmentT], ...]:
    found = [_choice(group, _monthly_of_commitment, currency) for group, currency in groups]
    return tuple(sorted(found, key=_choice_order))


def _monthly_of_commitment(row: ReservationRecommendation | SavingsPlanRecommendation) -> Decimal | None:
    return per_month(row.net_savings, row.look_back_days)


def per_month(savings: Decimal | None, look_back_days: int | None) -> Decimal | None:
    """Return the savings over the look-back period, scaled to a twelfth of a year."""
    if savings is None or not look_back_days:
        return None
    return savings * DAYS_IN_YEAR / (look_back_days * MONTHS_IN_YEAR)


def _advisor_action(row: AdvisorRecommendation) -> Hashable:
    """Return the key that recommendations for the same savings share.

    Reservation recommendations all name the subscription as the resource; their SKU and
    region distinguish the actions.
    """
    properties = extended_properties(row)
    return (
        (row.resource_id or row.impacted_value or row.recommendation_id).lower(),
        row.recommendation_type_id or row.problem,
        properties.get("sku") or properties.get("vmSize"),
        properties.get("region") or properties.get("location"),
    )


def extended_properties(row: AdvisorRecommendation) -> dict[str, str]:
    """Return Advisor's extended properties, which vary by type; empty if there are none."""
    found = json.loads(row.extended_properties_json) if row.extended_properties_json else {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _choice(rows: Sequence[T], monthly: Callable[[T], Decimal | None], currency: str | None) -> Choice[T]:
    ranked = sorted((Option(row, monthly(row)) for row in rows), key=_option_order)
    return Choice(ranked[0], tuple(ranked[1:]), currency)


def _option_order(option: Option[T]) -> tuple[bool, Decimal]:
    return option.monthly is None, -(option.monthly or Decimal(0))


def _choice_order(choice: Choice[T]) -> tuple[bool, str, Decimal]:
    without_amount, largest_first = _option_order(choice.best)
    return without_amount, choice.currency or "", largest_first
