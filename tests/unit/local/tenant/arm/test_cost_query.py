import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from local.tenant.estate.grouping import FULL_GROUPINGS, SIMPLE_GROUPINGS
from local.tenant.estate.subscriptions import CostAccess, Subscription
from local.tenant.exchange import Json, Response
from local.tenant.options import Options
from tests.unit.local.tenant.visitor import Visitor, payload, shape

Recording = Callable[[str], dict[str, Any]]
ENOUGH = {"ClientType": "CaletaCostReview"}
QPU = "x-ms-ratelimit-microsoft.costmanagement-qpu"
ENTITY = "x-ms-ratelimit-microsoft.costmanagement-entity-retry-after"


def definition(*groupings: str, **changes: Json) -> dict[str, Any]:
    return {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": "2025-11-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"},
        "dataset": {
            "granularity": "Monthly",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in groupings or FULL_GROUPINGS],
        },
        **changes,
    }


def url_of(subscription: Subscription, top: int = 5000) -> str:
    return f"{subscription.scope}/providers/Microsoft.CostManagement/query?api-version=2025-03-01&$top={top}"


class Costs:
    """Asks for costs as one person, as fast as the quotas allow."""

    def __init__(self, visitor: Visitor, username: str = "owner@contoso.example") -> None:
        self.visitor = visitor
        self.headers = {**visitor.bearer(username), **ENOUGH}

    def ask(self, subscription: Subscription, body: dict[str, Any] | None = None, url: str = "") -> Response:
        self.visitor.time.pass_by(60)
        return self.visitor.post(url or url_of(subscription), body or definition(), self.headers)

    def pages(self, subscription: Subscription, body: dict[str, Any], top: int) -> list[dict[str, Any]]:
        url, found = url_of(subscription, top), []
        while url:
            page = payload(self.ask(subscription, body, url))
            found.append(page["properties"])
            url = page["properties"]["nextLink"] or ""
        return found


@pytest.fixture
def costs(visitor: Visitor) -> Costs:
    return Costs(visitor)


@pytest.fixture
def small() -> Costs:
    return Costs(Visitor(Options(size="small", estate="hard", speed_up=1.0)))


def only(costs: Costs) -> Subscription:
    return costs.visitor.world.estate.subscriptions[0]


def with_access(costs: Costs, access: CostAccess) -> Subscription:
    return next(item for item in costs.visitor.world.estate.subscriptions if item.cost_access is access)


def refused(response: Response, status: int, code: str, text: str) -> None:
    error = payload(response)["error"]
    assert (response.status, error["code"]) == (status, code), error
    assert text in error["message"]


def test_a_page_looks_as_recorded(costs: Costs, recording: Recording) -> None:
    recorded = recording("cost-query/daily-by-resource-group-page-1-with-next-link.json")["response"]["body"]
    answered = payload(costs.ask(only(costs), url=url_of(only(costs), 100)))
    assert shape({**answered, "properties": None}) == shape({**recorded, "properties": None})
    assert set(answered["properties"]) == set(recorded["properties"])
    assert shape(answered["properties"]["columns"]) == shape(recorded["properties"]["columns"])


def test_columns_are_cost_month_groupings_and_currency(costs: Costs) -> None:
    properties = payload(costs.ask(only(costs)))["properties"]
    assert [column["name"] for column in properties["columns"]] == ["Cost", "BillingMonth", *FULL_GROUPINGS, "Currency"]
    assert properties["columns"][1]["type"] == "Datetime"
    months = {row[1] for row in properties["rows"]}
    assert len(months) == 12
    assert min(months) == "2025-11-01T00:00:00"


def test_the_cost_column_is_named_after_the_aggregation(costs: Costs) -> None:
    aggregation = {"totalCost": {"name": "PreTaxCost", "function": "Sum"}}
    body = definition(dataset={"granularity": "None", "aggregation": aggregation})
    columns = payload(costs.ask(only(costs), body))["properties"]["columns"]
    assert [column["name"] for column in columns] == ["PreTaxCost", "Currency"]


def test_without_an_aggregation_there_is_no_cost_column(costs: Costs) -> None:
    columns = payload(costs.ask(only(costs), definition(dataset={"granularity": "Monthly"})))["properties"]["columns"]
    assert [column["name"] for column in columns] == ["BillingMonth", "Currency"]


def test_amounts_have_what_makes_real_ones_hard(small: Costs) -> None:
    subscription = small.visitor.world.estate.subscriptions[1]
    link = payload(small.ask(subscription))["properties"]["nextLink"]
    bodies = [small.ask(subscription).body, small.ask(subscription, url=link).body]
    pages = [json.loads(body, parse_float=Decimal)["properties"]["rows"] for body in bodies]
    amounts = [row[0] for page in pages for row in page]
    assert b"e-06" in bodies[0]
    assert Decimal("0.0") in amounts
    assert min(amounts) < 0
    digits = [len(amount.as_tuple().digits) for amount in amounts]
    assert 16 <= max(digits) <= 17
    assert max(-int(amount.as_tuple().exponent) for amount in amounts) <= 18


def test_ids_are_lower_case_and_may_be_missing(costs: Costs) -> None:
    rows = payload(costs.ask(only(costs)))["properties"]["rows"]
    ids = {row[2] for row in rows}
    assert "" in ids
    assert all(item == item.lower() for item in ids)


def test_some_subscriptions_are_billed_in_two_currencies(small: Costs) -> None:
    rows = payload(small.ask(small.visitor.world.estate.subscriptions[1]))["properties"]["rows"]
    assert {row[-1] for row in rows} == {"GBP", "USD"}


def test_column_order_and_casing_differ_between_subscriptions(small: Costs) -> None:
    first, second, third = small.visitor.world.estate.subscriptions[:3]
    orders = [
        [column["name"] for column in payload(small.ask(each, definition(*SIMPLE_GROUPINGS)))["properties"]["columns"]]
        for each in (first, second, third)
    ]
    assert orders == [
        ["Cost", "BillingMonth", "ResourceId", "ServiceName", "Currency"],
        ["Cost", "ResourceId", "ServiceName", "BillingMonth", "Currency"],
        ["billingMonth", "resourceId", "serviceName", "currency", "cost"],
    ]


def test_pages_join_to_the_whole(costs: Costs) -> None:
    whole = payload(costs.ask(only(costs)))["properties"]["rows"]
    pages = costs.pages(only(costs), definition(), 100)
    assert [len(page["rows"]) for page in pages[:-1]] == [100] * (len(pages) - 1)
    assert [row for page in pages for row in page["rows"]] == whole


def test_the_next_link_has_an_unescaped_skip_token(costs: Costs) -> None:
    link = payload(costs.ask(only(costs), url=url_of(only(costs), 100)))["properties"]["nextLink"]
    assert link.startswith("http://127.0.0.1:7072/subscriptions/")
    assert "&$skiptoken=" in link


def test_a_next_link_may_change_its_version_and_casing(small: Costs) -> None:
    subscription = small.visitor.world.estate.subscriptions[1]
    link = payload(small.ask(subscription, url=url_of(subscription, 100)))["properties"]["nextLink"]
    assert "api-version=2023-11-01" in link
    assert "microsoft.costmanagement" in link
    assert small.ask(subscription, url=link).status == 200


def test_a_next_link_wants_the_same_body_and_a_post(costs: Costs) -> None:
    link = payload(costs.ask(only(costs), url=url_of(only(costs), 100)))["properties"]["nextLink"]
    refused(costs.ask(only(costs), definition("ServiceName"), link), 400, "BadRequest", "skip token")
    assert costs.visitor.get(link, costs.headers).status == 405


def test_page_size_is_1000_unless_asked_and_5000_at_most(small: Costs) -> None:
    subscription = small.visitor.world.estate.subscriptions[0]
    plain = url_of(subscription).replace("&$top=5000", "")
    assert len(payload(small.ask(subscription, url=plain))["properties"]["rows"]) == 1000
    assert len(payload(small.ask(subscription))["properties"]["rows"]) == 5000
    refused(small.ask(subscription, url=url_of(subscription, 5001)), 400, "BadRequest", "$top")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"type": "Forecast"}, "type 'Forecast'"),
        ({"timeframe": "LastYear"}, "Timeframe 'LastYear'"),
        ({"timePeriod": None}, "timePeriod is required"),
        ({"timePeriod": {"from": "2025-10-31T00:00:00Z", "to": "2026-10-31T23:59:59Z"}}, "cannot exceed 1 year"),
        ({"timePeriod": {"from": "2014-04-01T00:00:00Z", "to": "2014-06-30T00:00:00Z"}}, "time period is invalid"),
        ({"timePeriod": {"from": "soon", "to": "later"}}, "cannot be read"),
        ({"dataset": None}, "Dataset is invalid or not supplied."),
    ],
)
def test_a_wrong_definition_is_refused(costs: Costs, changes: dict[str, Any], text: str) -> None:
    refused(costs.ask(only(costs), definition(**changes)), 400, "BadRequest", text)


@pytest.mark.parametrize("name", ["ConsumedService", "resourceid", "Nonsense"])
def test_an_unknown_grouping_is_answered_with_the_valid_ones(costs: Costs, name: str) -> None:
    refused(costs.ask(only(costs), definition(name)), 400, "BadRequest", "valid values: 'ResourceId'")


def test_a_grouping_twice_is_refused(costs: Costs) -> None:
    refused(costs.ask(only(costs), definition("Meter", "Meter")), 400, "BadRequest", "duplicate")


def test_a_body_of_another_kind_is_refused(costs: Costs) -> None:
    response = costs.visitor.send("POST", url_of(only(costs)), b"{}", {**costs.headers, "Content-Type": "text/plain"})
    assert response.status == 415
    broken = costs.visitor.send(
        "POST", url_of(only(costs)), b"{", {**costs.headers, "Content-Type": "application/json"}
    )
    refused(broken, 400, "InvalidRequestContent", "deserialized")


def test_an_older_agreement_takes_two_groupings_and_sums_exactly(small: Costs) -> None:
    older = with_access(small, CostAccess.TWO_GROUPINGS)
    refused(small.ask(older), 400, "BadRequest", "maximum of 2 group by")
    body = small.ask(older, definition(*SIMPLE_GROUPINGS)).body
    properties = json.loads(body, parse_float=Decimal)["properties"]
    keys = [tuple(row[:4]) for row in properties["rows"]]
    assert len(set(keys)) == len(keys)
    estate = small.visitor.world.estate
    full = replace(older, cost_access=CostAccess.FULL)
    lines = estate.cost_rows(full, range(2025 * 12 + 10, 2026 * 12 + 10))
    exact = sum(Decimal(repr(line.amount)) for line in lines)
    assert abs(sum(row[4] for row in properties["rows"]) - exact) < Decimal("1e-6")


def test_a_subscription_without_costs_is_204(small: Costs) -> None:
    response = small.ask(with_access(small, CostAccess.NO_DATA))
    assert (response.status, response.body) == (204, b"")


@pytest.mark.parametrize(
    ("access", "status", "code", "recorded"),
    [
        (CostAccess.OFFER_REFUSED, 400, "BadRequest", "error-400-unsupported-offer-0243p"),
        (CostAccess.CHARGES_HIDDEN, 400, "AccountCostDisabled", "error-400-account-cost-disabled"),
        (CostAccess.NO_OFFER, 422, "422", "error-422-no-valid-offer-type"),
    ],
)
def test_refused_offers_are_worded_as_recorded(
    small: Costs, recording: Recording, access: CostAccess, status: int, code: str, recorded: str
) -> None:
    subscription = with_access(small, access)
    refused(small.ask(subscription), status, code, "")
    said, was = (
        body["error"]["message"].partition("(Request ID")[0]
        for body in (payload(small.ask(subscription)), recording(f"cost-query/{recorded}.json")["response"]["body"])
    )
    assert said == was.replace("11111111-1111-1111-1111-111111111111", subscription.subscription_id)


def test_a_missing_role_is_401_as_recorded(recording: Recording) -> None:
    reader = Costs(Visitor(Options(size="small", speed_up=1.0)), "reader@contoso.example")
    estate = reader.visitor.world.estate
    assert reader.ask(estate.subscriptions[0]).status == 200
    response = reader.ask(estate.subscriptions[1])
    recorded = recording("cost-query/error-401-rbac-access-denied.json")["response"]
    assert response.status == recorded["status"]
    assert shape(payload(response)) == shape(recorded["body"])
    assert payload(response)["error"]["code"] == recorded["body"]["error"]["code"]
    assert response.header("WWW-Authenticate") is None


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


def test_a_success_can_be_followed_by_a_passing_404(costs: Costs) -> None:
    costs.visitor.world.faults.set("cost_404_null", 1)
    refused(costs.ask(only(costs)), 404, "NotFound", "DataProvider.GetDimensionDataAsync returns null")
    assert costs.ask(only(costs)).status == 200


def test_future_months_have_no_rows(costs: Costs) -> None:
    period = {"from": "2026-11-01T00:00:00Z", "to": "2027-03-31T00:00:00Z"}
    rows = payload(costs.ask(only(costs), definition(timePeriod=period)))["properties"]["rows"]
    assert {row[1] for row in rows} == {"2026-11-01T00:00:00"}
