"""A call to Azure Resource Manager and its page, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.arm.endpoints import Endpoint
from shared.core.errors import ClaimsChallenge

Json = Any
"""Parsed JSON; numbers with a fraction or an exponent are Decimal, never float."""


@dataclass(frozen=True)
class ArmRequest:
    """One call of an allowed endpoint. `subscription_id` is None only if the path has none.

    `subscription_ids` are the subscriptions of a query across several. `title` names this one of
    a step's several calls: with a title, Azure's refusal of this call does not stop the others.
    """

    endpoint: Endpoint
    subscription_id: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Json] | None = None
    subscription_ids: tuple[str, ...] = ()
    title: str = ""

    @property
    def scope(self) -> tuple[str | None, ...]:
        """Return the subscriptions that the call concerns."""
        return self.subscription_ids or (self.subscription_id,)


@dataclass(frozen=True)
class ArmPage:
    """One page. `payload` is None for 204; `next_cursor` is the next link or skip token."""

    status: int
    body: bytes
    payload: Json
    next_cursor: str | None


class TokenSource(Protocol):
    """Access tokens of one signed-in user, in memory only."""

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:
        """Return a token for ARM_SCOPE; `renew` requests a newer one than the last.

        Raises ConsentRevoked, ClaimsChallenge, EntraUnavailable, ConfigurationError.
        """

    def challenge_not_met(self, claims_challenge: str) -> ClaimsChallenge:
        """Store a challenge that only a new sign-in can meet; return the error to raise."""
