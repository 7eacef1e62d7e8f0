"""Rules over Azure's offers of commitments: alternatives to each other and to all else."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from findings.rule import Words
from shared.core.findings import Confidence, Effort, Measure

DAYS_IN_YEAR = 365
MONTHS_IN_YEAR = 12

T = TypeVar("T")


@dataclass(frozen=True)
class Commitment:
    """One offer. Those of one subscription with the same `choice` are ways to the same saving.

    `currency` None: the subscription's billing currency, which Azure does not name here.
    """

    subscription_id: str
    choice: tuple[Hashable, ...]
    name: str
    region: str | None
    currency: str | None
    monthly: Decimal | None
    evidence: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class CommitmentRule(Generic[T]):
    """Reads one kind of offer; of the ways to one saving the best is kept."""

    name: str
    words: Words
    measure: Measure
    confidence: Confidence
    effort: Effort
    offer: Callable[[T], Commitment]


def monthly_of(net_savings: Decimal | None, look_back_days: int | None) -> Decimal | None:
    """Savings over the look-back window, scaled to a twelfth of a year; None where Azure names none."""
    if net_savings is None or not look_back_days:
        return None
    return net_savings * DAYS_IN_YEAR / (look_back_days * MONTHS_IN_YEAR)
