import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from simulator.estate.grouping import FULL_GROUPINGS, SIMPLE_GROUPINGS
from simulator.estate.subscriptions import CostAccess
from simulator.options import Options
from tests.unit.simulator.arm.costs import Costs, definition, only, refused, url_of, with_access
from tests.unit.simulator.visitor import Visitor, payload, shape

Recording = Callable[[str], dict[str, Any]]


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


def test_a_success_can_be_followed_by_a_passing_404(costs: Costs) -> None:
    costs.visitor.world.faults.set("cost_404_null", 1)
    refused(costs.ask(only(costs)), 404, "NotFound", "DataProvider.GetDimensionDataAsync returns null")
    assert costs.ask(only(costs)).status == 200
