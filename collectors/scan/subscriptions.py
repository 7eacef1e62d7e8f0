"""List the subscriptions of the signed-in tenant from Resource Manager.

https://learn.microsoft.com/rest/api/resources/subscriptions/list
"""

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.payloads import items
from shared.arm.allow_list import IDENTIFIER
from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.arm.paced_arm import Caller, PacedArm
from shared.arm.request import ArmRequest, Json
from shared.core.errors import PagesWithoutEnd, UnexpectedPayload
from shared.core.formats import unnamed_subscription
from shared.core.left_out import LeftOut
from shared.core.models import Subscription

MAX_PAGES = 100


@dataclass(frozen=True)
class ListedSubscriptions:
    """The subscriptions of the caller's tenant, each once, sorted by id, and what else the list held."""

    own: tuple[Subscription, ...]
    left_out: LeftOut


def list_subscriptions(arm: PacedArm, caller: Caller) -> ListedSubscriptions:
    """Return all subscriptions that the caller can see.

    None of the own tenant means that the user has no role on any. Raises what PacedArm raises, PagesWithoutEnd,
    and UnexpectedPayload if not one can be read.
    """
    found: dict[str, Subscription] = {}
    delegated: dict[str, str] = {}
    unreadable, cursor = 0, None
    for _ in range(MAX_PAGES):
        page = arm.send(ArmRequest(LIST_SUBSCRIPTIONS), caller, cursor)
        for item in _items(page.payload):
            try:
                listed = _subscription(item)
            except UnexpectedPayload:
                unreadable += 1
                continue
            if _is_own(item, caller.tenant_id):
                found[listed.subscription_id] = listed
            else:
                delegated[listed.subscription_id] = listed.display_name
        cursor = page.next_cursor
        if cursor is None:
            if unreadable and not found and not delegated:
                raise UnexpectedPayload("no subscription has a usable id")
            own = tuple(found[key] for key in sorted(found))
            return ListedSubscriptions(own, LeftOut.of(tuple(delegated.values()), unreadable))
    raise PagesWithoutEnd("the list of subscriptions never ends")


def _items(payload: Json) -> list[dict[str, Json]]:
    if payload is None:
        raise UnexpectedPayload("the list of subscriptions has no content")
    return items(payload, "subscriptions")


def subscriptions_of(payload: Json, tenant_id: str) -> tuple[Subscription, ...]:
    """Return one page's subscriptions of this tenant, in every state.

    Subscriptions that other tenants delegate (Lighthouse) are left out; one that names no tenant
    belongs to this tenant. Raises UnexpectedPayload.
    """
    found = [(item, _subscription(item)) for item in _items(payload)]
    return tuple(subscription for item, subscription in found if _is_own(item, tenant_id))


def _is_own(item: Mapping[str, Json], tenant_id: str) -> bool:
    owner = item.get("tenantId")
    return not owner or str(owner).lower() == tenant_id.lower()


def _subscription(item: Mapping[str, Json]) -> Subscription:
    subscription_id, state, name = item.get("subscriptionId"), item.get("state"), item.get("displayName")
    if not isinstance(subscription_id, str) or not IDENTIFIER.fullmatch(subscription_id):
        raise UnexpectedPayload("a subscription has no usable id")
    policies = item.get("subscriptionPolicies")
    quota_id = policies.get("quotaId") if isinstance(policies, dict) else None
    return Subscription(
        subscription_id=subscription_id.lower(),
        display_name=name[:256] if isinstance(name, str) and name.strip() else unnamed_subscription(subscription_id),
        state=state if isinstance(state, str) else "Unknown",
        quota_id=quota_id if isinstance(quota_id, str) else None,
    )
