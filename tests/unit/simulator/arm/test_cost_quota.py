from collections.abc import Callable
from typing import Any

from tests.unit.simulator.arm.costs import ENOUGH, Costs, definition, only, url_of
from tests.unit.simulator.visitor import payload

Recording = Callable[[str], dict[str, Any]]
QPU = "x-ms-ratelimit-microsoft.costmanagement-qpu"
ENTITY = "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"


def test_a_year_costs_twelve_units(costs: Costs) -> None:
    response = costs.ask(only(costs))
    assert response.header(f"{QPU}-consumed") == "12"
    assert response.header(f"{QPU}-remaining") == "QueriesPerHour:588,QueriesPerMin:48,QueriesPer10Sec:0"
    assert response.header(ENTITY) == "60"


def test_a_good_answers_headers_are_those_recorded(costs: Costs, recording: Recording) -> None:
    recorded = recording("cost-query/throttle-headers-on-200.json")["response"]["headers"]
    response = costs.ask(only(costs))
    for name, value in recorded.items():
        assert response.header(name) is not None, name
        assert (response.header(name) or "").split(":")[0].isdigit() is value.split(":")[0].isdigit()


def test_the_second_query_within_ten_seconds_is_throttled(costs: Costs, recording: Recording) -> None:
    recorded = recording("cost-query/error-429-too-many-requests.json")["response"]
    costs.ask(only(costs))
    costs.visitor.time.pass_by(3)
    response = costs.visitor.post(url_of(only(costs)), definition(), costs.headers)
    assert (response.status, payload(response)) == (429, recorded["body"])
    assert response.header(f"{QPU}-retry-after") == "7"
    assert response.header("Retry-After") is None
    costs.visitor.time.pass_by(7)
    assert costs.visitor.post(url_of(only(costs)), definition(), costs.headers).status == 200


def test_pages_cost_units_too_and_a_scope_has_four_requests_a_minute(costs: Costs) -> None:
    month = definition(timePeriod={"from": "2026-10-01T00:00:00Z", "to": "2026-10-31T00:00:00Z"})
    responses = [costs.visitor.post(url_of(only(costs)), month, costs.headers) for _ in range(5)]
    assert [response.status for response in responses] == [200, 200, 200, 200, 429]
    assert responses[3].header(f"{QPU}-remaining") == "QueriesPerHour:596,QueriesPerMin:56,QueriesPer10Sec:8"
    assert responses[4].header(ENTITY) == "60"
    assert responses[4].header(f"{QPU}-retry-after") is None


def test_the_quota_belongs_to_the_tenant_not_to_the_user(small: Costs) -> None:
    first, second = small.visitor.world.estate.subscriptions[:2]
    small.ask(first)
    admin = {**small.visitor.bearer("admin@contoso.example"), **ENOUGH}
    assert small.visitor.post(url_of(second), definition(), admin).status == 429


def test_without_a_client_type_the_shared_bucket_is_empty(costs: Costs, recording: Recording) -> None:
    recorded = recording("cost-query/throttle-429-client-type-bucket-empty.json")["response"]
    headers = {name: value for name, value in costs.headers.items() if name != "ClientType"}
    response = costs.visitor.post(url_of(only(costs)), definition(), headers)
    assert response.status == recorded["status"]
    for name, value in recorded["headers"].items():
        assert response.header(name) == value


def test_the_customers_own_people_share_the_quota(small: Costs) -> None:
    first, second = small.visitor.world.estate.subscriptions[:2]
    month = {"from": "2026-10-01T00:00:00Z", "to": "2026-10-31T00:00:00Z"}
    colleague = {**small.visitor.bearer("admin@contoso.example"), "ClientType": "portal"}
    small.visitor.time.pass_by(60)
    small.visitor.post(url_of(first), definition(timePeriod=month), colleague)
    refused = small.visitor.post(url_of(second), definition(), small.headers)
    assert (refused.status, refused.header(f"{QPU}-retry-after")) == (429, "10")
    assert refused.header(f"{QPU}-remaining") == "QueriesPerHour:599,QueriesPerMin:59,QueriesPer10Sec:11"


def test_a_portal_can_be_used_right_before_a_query(costs: Costs) -> None:
    costs.visitor.world.faults.set("portal_use", 1)
    costs.visitor.time.pass_by(60)
    refused = costs.visitor.post(url_of(only(costs)), definition(), costs.headers)
    assert (refused.status, refused.header(f"{QPU}-retry-after")) == (429, "10")
    half = definition(timePeriod={"from": "2026-05-01T00:00:00Z", "to": "2026-10-31T00:00:00Z"})
    response = costs.visitor.post(url_of(only(costs)), half, costs.headers)
    assert response.header(f"{QPU}-remaining") == "QueriesPerHour:588,QueriesPerMin:48,QueriesPer10Sec:0"


def test_counters_can_be_missing_from_a_good_answer(costs: Costs) -> None:
    costs.visitor.world.faults.set("no_counters", 1)
    assert costs.ask(only(costs)).header(f"{QPU}-remaining") is None
    assert costs.ask(only(costs)).header(f"{QPU}-remaining") is not None
