"""A call to Azure Resource Manager and its answer, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.arm.endpoints import Endpoint
from shared.core.errors import ClaimsChallenge

Json = Any
"""Parsed JSON; numbers with a fraction or an exponent are Decimal, never float."""


@dataclass(frozen=True)
class ArmRequest:
    """One call of an allowed endpoint. `subscription_id` None only where the path has none.

    `subscription_ids` are those that a query across subscriptions is about; without them it
    is the one. `title` is what people call this one of a step's several calls: with it, Azure's
    refusal of this call does not keep the others from being made.
    """

    endpoint: Endpoint
    subscription_id: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Json] | None = None
    subscription_ids: tuple[str, ...] = ()
    title: str = ""

    @property
    def scope(self) -> tuple[str | None, ...]:
        """The subscriptions that the call is about, and no others."""
        return self.subscription_ids or (self.subscription_id,)


@dataclass(frozen=True)
class ArmPage:
    """One answer. `payload` is None for 204; `next_cursor` is the next link or skip token."""

    status: int
    body: bytes
    payload: Json
    next_cursor: str | None


class TokenSource(Protocol):
    """Access tokens of one signed-in user, kept in memory only."""

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:
        """A token for ARM_SCOPE; `renew` asks for one newer than the last.

        Raises ConsentRevoked, ClaimsChallenge, EntraUnavailable, ConfigurationError.
        """

    def unmet(self, claims_challenge: str) -> ClaimsChallenge:
        """Notes for the next sign-in that no token but the person can meet this; the error to raise."""
