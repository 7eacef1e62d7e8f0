from collections.abc import Callable
from typing import Any

from tests.unit.local.tenant.arm.costs import ENOUGH, Costs, definition, only, url_of
from tests.unit.local.tenant.visitor import payload

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
