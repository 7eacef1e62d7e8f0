"""Whom a review can be handed over to."""

from datetime import timedelta

from shared.sql.reviews.operators import KnownOperators, Reviewer
from shared.wiring import Services

REMEMBERED = timedelta(days=90)
"""Who has not come to the desk for so long is not offered a review."""


def colleagues(services: Services) -> list[Reviewer]:
    """Everybody who has signed in with a role of late, by name."""
    return KnownOperators(services.database).since(services.clock.now() - REMEMBERED)
