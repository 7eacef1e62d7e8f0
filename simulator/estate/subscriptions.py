"""The subscriptions of the simulated customer and their peculiarities."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from simulator.people import CONTOSO, FABRIKAM

SUBSCRIPTION_COUNT = {"tiny": 1, "small": 4, "medium": 20, "large": 50}
RESOURCES_EACH = {"tiny": 24, "small": 440, "medium": 665, "large": 1330}
"""Resources in a subscription; about a fifth of them cost nothing."""

NAMES = (
    "Production",
    "Contoso Web Shop",
    "",
    "Azure subscription 1",
    "Data Platform",
    "Development & Test",
    ".NET Services with TTL = 30 Days",
    "Finance ERP",
    "Sandbox Çelik & Söhne",
    "Connectivity Hub",
)
QUOTA_IDS = {2: "EnterpriseAgreement_2014-09-01", 3: "MSDNDevTest_2014-09-01", 5: "EnterpriseAgreement_2014-09-01"}
MOST_GROUPINGS = 14
OLDER_API_VERSION = "2023-11-01"


class CostAccess(StrEnum):
    """How Cost Management answers for a subscription."""

    FULL = "full"
    TWO_GROUPINGS = "two groupings at most"
    NO_DATA = "204"
    OFFER_REFUSED = "400 offer not supported"
    CHARGES_HIDDEN = "400 AccountCostDisabled"
    NO_OFFER = "422"
    NO_AIRS = "404"


@dataclass(frozen=True, eq=False)
class Subscription:
    """One subscription. `column_style` and `next_link_version` vary the look of cost pages."""

    index: int
    subscription_id: str
    display_name: str
    state: str
    quota_id: str
    tenant_id: str
    tags: dict[str, str] | None
    resource_count: int
    cost_access: CostAccess = CostAccess.FULL
    has_dollars: bool = False
    column_style: int = 0
    next_link_version: str | None = None
    has_modern_agreement: bool = False
    knows_advisor: bool = True
    has_commitments: bool = False
    is_varied: bool = False
    most_groupings: int = MOST_GROUPINGS

    @property
    def scope(self) -> str:
        return f"/subscriptions/{self.subscription_id}"

    @property
    def bought_reservations(self) -> bool:
        """Whether it pays for reservations that no machine uses any more."""
        return self.index % 4 == 1

    @property
    def currency(self) -> str:
        return "GBP"


def make_subscriptions(
    seed: int, size: str, estate: str, most_groupings: int = MOST_GROUPINGS
) -> tuple[Subscription, ...]:
    """The customer's own ones; a `hard` estate has four more, which Azure refuses in part.

    In a `committed` estate reservations and savings plans cover some of the machines; in a `varied` one, small
    subscriptions too have waste of every kind.
    """
    count = SUBSCRIPTION_COUNT[size]
    has_commitments = estate == "committed"
    own = [
        replace(
            _subscription(seed, size, index),
            has_commitments=has_commitments,
            is_varied=estate == "varied",
            most_groupings=most_groupings,
        )
        for index in range(count)
    ]
    refused = [_refused(seed, size, count + extra) for extra in range(4)] if estate == "hard" else []
    return (*own, *refused)


def delegated_subscription(seed: int) -> Subscription:
    """One of another tenant, managed by Azure Lighthouse: listed, yet not the customer's."""
    return Subscription(
        index=1000,
        subscription_id=_identifier(seed, 1000),
        display_name="Fabrikam managed services",
        state="Enabled",
        quota_id="PayAsYouGo_2014-09-01",
        tenant_id=FABRIKAM.tenant_id,
        tags={},
        resource_count=12,
    )


def _identifier(seed: int, index: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"simulated-tenant/{seed}/subscription/{index}"))


def _subscription(seed: int, size: str, index: int) -> Subscription:
    kind = index % 10
    has_data = kind != 3
    return Subscription(
        index=index,
        subscription_id=_identifier(seed, index),
        display_name=NAMES[kind] + (f" {index // 10 + 1}" if index >= 10 and NAMES[kind] else ""),
        state={6: "Warned", 8: "Disabled"}.get(kind, "Enabled"),
        quota_id=QUOTA_IDS.get(kind, "PayAsYouGo_2014-09-01"),
        tenant_id=CONTOSO.tenant_id,
        tags=None if kind == 2 else {"cost-centre": f"{1000 + index}", "owner": "owner@contoso.example"},
        resource_count=RESOURCES_EACH[size] if has_data else max(3, RESOURCES_EACH[size] // 20),
        cost_access={2: CostAccess.TWO_GROUPINGS, 3: CostAccess.NO_DATA}.get(kind, CostAccess.FULL),
        has_dollars=kind in (1, 7),
        column_style=kind % 3,
        next_link_version=OLDER_API_VERSION if kind == 1 else None,
        has_modern_agreement=kind in (0, 4, 9),
    )


def _refused(seed: int, size: str, index: int) -> Subscription:
    refusals = (CostAccess.OFFER_REFUSED, CostAccess.CHARGES_HIDDEN, CostAccess.NO_OFFER, CostAccess.NO_AIRS)
    access = refusals[index % 4]
    return Subscription(
        index=index,
        subscription_id=_identifier(seed, index),
        display_name=f"Sponsorship {index}",
        state="Enabled",
        quota_id="Sponsored_2016-01-01",
        tenant_id=CONTOSO.tenant_id,
        tags={},
        resource_count=RESOURCES_EACH[size] // 4,
        cost_access=access,
        knows_advisor=access is not CostAccess.NO_OFFER,
    )
