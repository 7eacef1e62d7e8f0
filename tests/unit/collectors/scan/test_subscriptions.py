"""The subscriptions of the signed-in tenant, and of no other."""

import pytest

from collectors.scan.subscriptions import MAX_PAGES, list_subscriptions, subscriptions_of
from shared.arm.paced_arm import Caller, PacedArm
from shared.arm.quota_state import QuotaStates
from shared.arm.request import Json
from shared.core.errors import LocallyThrottled, PagesWithoutEnd, Throttled, UnexpectedPayload
from tests.support.arm_replay import ARM, OTHER_SUBSCRIPTION, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.clock import FakeClock
from tests.support.tables import MemoryTables

TENANT = "22222222-2222-2222-2222-222222222222"
ASKER = Caller(TENANT, "a user", "a plan", Tokens())


def paced(wire: Wire) -> PacedArm:
    clock = FakeClock()
    return PacedArm(client(wire), QuotaStates(MemoryTables(), clock), clock)


def _item(subscription_id: str = SUBSCRIPTION, **changed: Json) -> dict[str, Json]:
    return {
        "subscriptionId": subscription_id,
        "tenantId": TENANT,
        "displayName": "Production",
        "state": "Enabled",
        "subscriptionPolicies": {"quotaId": "EnterpriseAgreement_2014-09-01"},
        **changed,
    }


def test_a_subscription_is_read() -> None:
    (found,) = subscriptions_of({"value": [_item()]}, TENANT)
    assert (found.subscription_id, found.display_name, found.state) == (SUBSCRIPTION, "Production", "Enabled")
    assert found.quota_id == "EnterpriseAgreement_2014-09-01"


def test_delegated_subscriptions_of_other_tenants_are_left_out() -> None:
    payload = {"value": [_item(), _item(OTHER_SUBSCRIPTION, tenantId="33333333-3333-3333-3333-333333333333")]}
    assert [each.subscription_id for each in subscriptions_of(payload, TENANT)] == [SUBSCRIPTION]


@pytest.mark.parametrize("tenant", [None, "", TENANT.upper()])
def test_a_subscription_that_names_no_tenant_is_our_own(tenant: Json) -> None:
    assert len(subscriptions_of({"value": [_item(tenantId=tenant)]}, TENANT)) == 1


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_subscription_without_a_name_is_named_by_the_start_of_its_id(name: Json) -> None:
    (found,) = subscriptions_of({"value": [_item(displayName=name)]}, TENANT)
    assert found.display_name == f"Subscription without a name ({SUBSCRIPTION[:8]}…)"


@pytest.mark.parametrize("state", ["Disabled", "Deleted", "PastDue", "Warned"])
def test_every_state_is_kept_and_told(state: str) -> None:
    (found,) = subscriptions_of({"value": [_item(state=state)]}, TENANT)
    assert found.state == state


@pytest.mark.parametrize(
    "payload", [None, {}, [], {"value": None}, {"value": [_item("x")]}, {"value": [_item(subscriptionId=None)]}]
)
def test_an_unknown_shape_is_refused(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        subscriptions_of(payload, TENANT)


def test_all_pages_are_read_and_each_subscription_is_there_once() -> None:
    link = f"{ARM}/subscriptions?api-version=2022-12-01&$skiptoken=2"
    wire = Wire(
        Reply(body={"value": [_item(OTHER_SUBSCRIPTION)], "nextLink": link}),
        Reply(body={"value": [_item(), _item(OTHER_SUBSCRIPTION.upper())]}),
    )
    found = list_subscriptions(paced(wire), ASKER)
    assert [each.subscription_id for each in found.own] == [SUBSCRIPTION, OTHER_SUBSCRIPTION]
    assert found.left_out.is_empty


def test_a_list_that_azure_wants_left_alone_is_not_asked_for_again_meanwhile() -> None:
    wire = Wire(Reply(429, headers={"Retry-After": "3600"}))
    arm = paced(wire)
    with pytest.raises(Throttled):
        list_subscriptions(arm, ASKER)
    with pytest.raises(LocallyThrottled):
        list_subscriptions(arm, ASKER)
    assert len(wire.sent) == 1


def test_a_list_without_an_end_is_refused() -> None:
    links = [f"{ARM}/subscriptions?api-version=2022-12-01&$skiptoken={number}" for number in range(MAX_PAGES)]
    wire = Wire(*[Reply(body={"value": [], "nextLink": link}) for link in links])
    with pytest.raises(PagesWithoutEnd):
        list_subscriptions(paced(wire), ASKER)


def test_an_odd_subscription_is_counted_and_the_others_are_listed() -> None:
    delegated = _item(OTHER_SUBSCRIPTION, tenantId="33333333-3333-3333-3333-333333333333", displayName="Fabrikam")
    wire = Wire(Reply(body={"value": [_item("not an id"), _item(), delegated]}))
    found = list_subscriptions(paced(wire), ASKER)
    assert [each.subscription_id for each in found.own] == [SUBSCRIPTION]
    assert (found.left_out.delegated, found.left_out.unreadable) == (("Fabrikam",), 1)


def test_a_list_of_nothing_but_odd_subscriptions_is_of_another_form() -> None:
    with pytest.raises(UnexpectedPayload):
        list_subscriptions(paced(Wire(Reply(body={"value": [_item("not an id")]}))), ASKER)
