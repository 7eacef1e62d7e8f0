"""The client with manners: it waits before Azure has to refuse, and tells all instances what it has learnt."""

from datetime import timedelta

import pytest

from collectors.advisor import requests as advice_requests
from collectors.costs import requests as cost_requests
from collectors.inventory import requests as inventory_requests
from shared.arm.paced_arm import Caller, PacedArm
from shared.arm.quota_state import QuotaStates
from shared.arm.request import Json
from shared.core.errors import AzureUnavailable, LocallyThrottled, QueryRefused, Throttled
from tests.support.arm_replay import CONTEXT, NOW, OTHER_SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.clock import FakeClock
from tests.support.tables import MemoryTables

OURS, THEIR_OWN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
QPU = "x-ms-ratelimit-microsoft.costmanagement-qpu"
HINT = "x-ms-ratelimit-microsoft.costmanagement-{}-retry-after"
(COSTS,) = cost_requests(CONTEXT)
(OTHER_COSTS,) = cost_requests(type(CONTEXT)(OTHER_SUBSCRIPTION, CONTEXT.period))
(INVENTORY,) = inventory_requests(CONTEXT)
ADVICE = advice_requests(CONTEXT)[0]
EMPTY: Json = {"properties": {"columns": [], "rows": [], "nextLink": None}}


def caller(work: str = "step 1", tenant_id: str = OURS) -> Caller:
    return Caller(tenant_id, "33333333-3333-4333-8333-333333333333", work, Tokens())


class Azure:
    """Two instances of the app, one store between them, and what Azure answers next."""

    def __init__(self) -> None:
        self.tables, self.clock, self.wire = MemoryTables(), FakeClock(NOW), Wire()
        self.one, self.two = self.instance(), self.instance()

    def instance(self, speed_up: float = 1.0) -> PacedArm:
        return PacedArm(client(self.wire, clock=self.clock), QuotaStates(self.tables, self.clock), self.clock, speed_up)

    def answers(self, status: int = 200, body: object = EMPTY, **headers: str) -> None:
        self.wire.replies.append(Reply(status, body, {name.replace("_", "-"): text for name, text in headers.items()}))

    def says(self, status: int, headers: dict[str, str]) -> None:
        self.wire.replies.append(Reply(status, EMPTY if status == 200 else {}, headers))


@pytest.fixture
def azure() -> Azure:
    return Azure()


def test_a_query_without_room_is_not_sent_whichever_instance_asks(azure: Azure) -> None:
    azure.answers()
    azure.one.send(COSTS, caller())
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(OTHER_COSTS, caller("step 2"))
    assert told.value.retry_after_seconds == 10.5
    assert len(azure.wire.sent) == 1
    azure.clock.sleep(10.5)
    azure.answers()
    azure.two.send(OTHER_COSTS, caller("step 2"))


def test_another_tenant_does_not_wait(azure: Azure) -> None:
    azure.answers()
    azure.answers()
    azure.one.send(COSTS, caller())
    azure.one.send(OTHER_COSTS, caller("step 9", THEIR_OWN))


def test_another_apps_use_is_believed(azure: Azure) -> None:
    azure.says(200, {f"{QPU}-consumed": "12", f"{QPU}-remaining": "QueriesPer10Sec:0,QueriesPerMin:0"})
    azure.one.send(COSTS, caller())
    azure.clock.sleep(11)
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(OTHER_COSTS, caller("step 2"))
    assert told.value.retry_after_seconds == 39.5, "the others' 48 units, none of them older than ten seconds"


def test_what_a_good_answer_says_of_a_retry_is_no_reason_to_wait(azure: Azure) -> None:
    azure.says(200, {HINT.format("entity"): "60", HINT.format("tenant"): "60"})
    azure.one.send(COSTS, caller())
    azure.clock.sleep(10.5)
    azure.answers()
    azure.two.send(OTHER_COSTS, caller("step 2"))


def test_hints_that_prove_too_short_are_believed_less_and_less(azure: Azure) -> None:
    waits = []
    for _ in range(5):
        azure.says(429, {HINT.format("qpu"): "1"})
        with pytest.raises(Throttled) as refused:
            azure.one.send(COSTS, caller())
        waits.append(refused.value.retry_after_seconds)
        azure.clock.sleep(waits[-1])
    assert waits == [1, 15, 60, 120, 300]
    assert azure.one.is_congested(OURS)
    assert not azure.two.is_congested(THEIR_OWN)


def test_a_refusal_tells_the_other_instances_too(azure: Azure) -> None:
    azure.says(429, {HINT.format("qpu"): "7", HINT.format("clienttype"): "53"})
    with pytest.raises(Throttled) as refused:
        azure.one.send(COSTS, caller())
    assert refused.value.retry_after_seconds == 53, "the largest hint"
    azure.clock.sleep(20)
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(OTHER_COSTS, caller("step 2"))
    assert told.value.retry_after_seconds == 43.5, "after the one that was refused first"


def test_a_refusal_about_one_subscription_lets_the_others_go_on(azure: Azure) -> None:
    azure.says(429, {HINT.format("entity"): "53"})
    with pytest.raises(Throttled):
        azure.one.send(COSTS, caller())
    azure.answers()
    azure.two.send(OTHER_COSTS, caller("step 2"))
    azure.clock.sleep(11)
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(COSTS, caller())
    assert told.value.retry_after_seconds == 42


def test_a_query_that_azure_found_wanting_costs_nothing(azure: Azure) -> None:
    azure.answers(400, {"error": {"code": "BadRequest", "message": "no"}})
    azure.answers()
    with pytest.raises(QueryRefused):
        azure.one.send(COSTS, caller())
    azure.one.send(COSTS, caller())


def test_a_query_whose_answer_was_lost_counts_as_sent(azure: Azure) -> None:
    azure.answers(503)
    with pytest.raises(AzureUnavailable):
        azure.one.send(COSTS, caller())
    with pytest.raises(LocallyThrottled):
        azure.one.send(COSTS, caller())


@pytest.mark.parametrize("is_down", [True, False])
def test_without_the_store_it_asks_and_azures_own_hints_set_the_pace(azure: Azure, is_down: bool) -> None:
    azure.tables.is_down = is_down
    azure.answers()
    azure.says(429, {HINT.format("qpu"): "7"})
    azure.one.send(COSTS, caller())
    with pytest.raises(Throttled) as refused:
        azure.one.send(OTHER_COSTS, caller("step 2"))
    assert refused.value.retry_after_seconds == (7 if is_down else 10.5)
    assert isinstance(refused.value, LocallyThrottled) is not is_down


def test_resource_graph_is_left_alone_by_all_until_its_quota_is_there_again(azure: Azure) -> None:
    azure.says(200, {"x-ms-user-quota-remaining": "2", "x-ms-user-quota-resets-after": "00:00:05"})
    azure.one.send(INVENTORY, caller())
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(INVENTORY, caller("step 2"))
    assert (told.value.retry_after_seconds, told.value.quota) == (5, "Resource Graph")
    azure.clock.sleep(5)
    azure.says(200, {"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"})
    azure.answers()
    azure.two.send(INVENTORY, caller())
    azure.one.send(INVENTORY, caller())


def test_resource_managers_bucket_is_one_for_each_subscription(azure: Azure) -> None:
    azure.says(200, {"x-ms-ratelimit-remaining-subscription-reads": "3"})
    azure.one.send(ADVICE, caller())
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(ADVICE, caller("step 2"))
    assert told.value.retry_after_seconds == 1
    other = type(CONTEXT)(OTHER_SUBSCRIPTION, CONTEXT.period)
    azure.answers()
    azure.two.send(advice_requests(other)[0], caller("step 3"))


def test_a_throttled_read_closes_its_bucket_for_all(azure: Azure) -> None:
    azure.says(429, {"Retry-After": "17"})
    with pytest.raises(Throttled):
        azure.one.send(ADVICE, caller())
    with pytest.raises(LocallyThrottled) as told:
        azure.two.send(ADVICE, caller("step 2"))
    assert told.value.retry_after_seconds == 17


def test_a_speed_up_shortens_windows_and_never_the_count(azure: Azure) -> None:
    fast = azure.instance(speed_up=60.0)
    azure.answers()
    azure.answers()
    fast.send(COSTS, caller())
    with pytest.raises(LocallyThrottled) as told:
        fast.send(OTHER_COSTS, caller("step 2"))
    assert told.value.retry_after_seconds == 10.5, "in Azure's seconds"
    azure.clock.moment += timedelta(seconds=10.5 / 60)
    fast.send(OTHER_COSTS, caller("step 2"))


def test_a_new_scan_does_not_queue_up_behind_a_cancelled_one(azure: Azure) -> None:
    azure.answers()
    azure.one.send(COSTS, caller("step 1"))
    for number in range(2, 5):
        with pytest.raises(LocallyThrottled):
            azure.one.send(COSTS, caller(f"step {number}"))
    azure.one.clear_reservations(OURS)
    with pytest.raises(LocallyThrottled) as told:
        azure.one.send(COSTS, caller("the new scan's"))
    assert told.value.retry_after_seconds == 10.5
