"""Which recommendations of commitments are alternatives for the same usage: one of them is chosen, none is added.

Terms, look-back periods and scopes are alternatives. A shared offer is computed for the whole billing
scope and covers usage in every subscription of it, so the offers for single subscriptions are its alternatives.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import astuple, replace
from typing import Any, ClassVar, Protocol, TypeVar


class Offer(Protocol):
    """A recommendation of a reservation or savings plan: a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def sub_account_id(self) -> str:
        """The subscription that was asked."""

    @property
    def benefit_scope(self) -> str | None:
        """Single or Shared."""

    @property
    def currency(self) -> str | None:
        """The currency of its amounts."""


OfferT = TypeVar("OfferT", bound=Offer)


def is_shared(offer: Offer) -> bool:
    """Return whether the offer is for the whole billing scope."""
    return (offer.benefit_scope or "").lower() == "shared"


def each_shared_once(offers: Iterable[OfferT]) -> list[OfferT]:
    """Return the offers without repetitions: Azure answers one shared offer for each subscription that is asked.

    Two are the same offer if they differ in nothing but the subscription.
    """
    seen: set[Hashable] = set()
    kept: list[OfferT] = []
    for offer in offers:
        identity: Hashable = astuple(replace(offer, sub_account_id="")) if is_shared(offer) else len(kept)
        if identity not in seen:
            seen.add(identity)
            kept.append(offer)
    return kept


def alternatives(offers: Sequence[OfferT], usage: Callable[[OfferT], Hashable]) -> list[list[OfferT]]:
    """Return the offers in groups of alternatives; `usage` is what an offer covers within a subscription."""
    shared = {(usage(offer), offer.currency) for offer in offers if is_shared(offer)}
    groups: dict[Hashable, list[OfferT]] = {}
    for offer in offers:
        covered = (usage(offer), offer.currency)
        owner = None if covered in shared else offer.sub_account_id.lower()
        groups.setdefault((owner, covered), []).append(offer)
    return list(groups.values())
