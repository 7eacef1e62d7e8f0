"""The API's documents hold the pages' own figures, and another user's ids are unknown everywhere."""

import json
from decimal import Decimal

import pytest
from openapi_spec_validator import validate

from function_app import app
from local.host.functions import index
from shared.core.models import Scan
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, SECOND, collecting_scan
from tests.support.desk import Desk
from tests.unit.web.api.calling import call, read, token_of
from tests.unit.web.reviewed import as_customer, drafted, publish
from web.api.openapi import document, openapi_json
from web.api.operations import OPERATIONS, Operation
from web.rendering.overview import overview

SCAN_OPERATIONS = [one for one in OPERATIONS if one.of_scan]


@pytest.fixture
def reviewed(desk: Desk) -> Scan:
    scan = drafted(desk)
    desk.parts.cost_totals.compute(scan.key)
    publish(desk, scan)
    as_customer(desk)
    return scan


def test_the_overview_has_the_pages_figures(desk: Desk, reviewed: Scan) -> None:
    found = read(desk.parts, "getOverview", reviewed.scan_id)
    figures = overview(desk.parts, reviewed)
    assert {one["currency"]: Decimal(one["billed_cost"]) for one in found["spend"]} == {
        one.currency: one.total for one in figures.spend
    }
    assert [(one["currency"], one["monthly"] and Decimal(one["monthly"])) for one in found["savings"]] == [
        (one.currency, one.monthly) for one in figures.savings
    ]
    assert found["savings"]
    assert (found["findings"], found["undecided"]) == (figures.findings, figures.undecided)


def test_the_months_add_up_to_the_total_and_so_do_the_costs(desk: Desk, reviewed: Scan) -> None:
    spend, *_ = read(desk.parts, "getOverview", reviewed.scan_id)["spend"]
    months = sum((Decimal(one["billed_cost"] or 0) for one in spend["months"]), Decimal(0))
    query = {"currency": spend["currency"]}
    costs = read(desk.parts, "getCosts", reviewed.scan_id, query)
    groups = sum((Decimal(one["billed_cost"]) for one in costs["groups"]), Decimal(0))
    assert Decimal(spend["billed_cost"]) == months == Decimal(costs["total"]["billed_cost"]) == groups


def test_counted_savings_of_findings_add_up_to_the_overview(desk: Desk, reviewed: Scan) -> None:
    found = read(desk.parts, "listFindings", reviewed.scan_id)
    assert all(one["resources"] for one in found["findings"])
    for one in read(desk.parts, "getOverview", reviewed.scan_id)["savings"]:
        if one["monthly"] is None:
            continue
        counted = [each for view in found["findings"] for each in view["counted"]]
        own = sum((Decimal(each["amount"]) for each in counted if each["currency"] == one["currency"]), Decimal(0))
        assert own == Decimal(one["monthly"])


def test_resources_are_paged_to_the_last(desk: Desk, reviewed: Scan) -> None:
    first = read(desk.parts, "listResources", reviewed.scan_id)
    ids = []
    for page in range(first["pages"]):
        answered = read(desk.parts, "listResources", reviewed.scan_id, {"page": str(page)})
        ids += [one["resource_id"] for one in answered["resources"]]
    assert len(ids) == desk.parts.recommendations.row_counts(reviewed.key)["inventory"]


def test_costs_take_the_words_of_the_costs_page(visit: Visit) -> None:
    visit.consent()
    rows = [cost_row(FIRST, "5", service="Storage"), cost_row(FIRST, "7", service="Other", resource=None)]
    scan = finished_scan(visit.parts, rows, FIRST)
    only = read(visit.parts, "getCosts", scan.scan_id, {"by": "resource", "is_service": "Storage"})
    assert (len(only["groups"]), only["total"]["billed_cost"]) == (1, "5")
    without = read(visit.parts, "getCosts", scan.scan_id, {"is_region": "~", "month": "2026-01"})
    assert [(one["value"], one["billed_cost"]) for one in without["groups"]] == [("Other", "7")]


@pytest.mark.parametrize(
    "query",
    [
        *({"by": "x"}, {"is_x": "1"}, {"page": "-1"}, {"currency": "XXX"}, {"month": "x"}, {"against": "2026-13"}),
        *({"page": "x"}, {"is_month": "x"}),
    ],
)
def test_a_wrong_query_is_a_problem_document(visit: Visit, query: dict[str, str]) -> None:
    visit.consent()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "5")], FIRST)
    refused = call(visit.parts, "getCosts", token_of(visit.parts), {"scan_id": scan.scan_id}, query)
    assert (refused.status, refused.content_type) == (400, "application/problem+json")
    assert json.loads(refused.body).keys() == {"type", "status", "title", "detail"}


@pytest.mark.parametrize("operation", SCAN_OPERATIONS, ids=lambda one: one.operation_id)
def test_another_users_scan_and_a_scan_that_is_not_there_are_unknown(visit: Visit, operation: Operation) -> None:
    visit.consent()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "5")], FIRST)
    token = token_of(visit.parts, STRANGER)
    answers = [
        call(visit.parts, operation.operation_id, token, {"scan_id": scan_id})
        for scan_id in (scan.scan_id, "aaaaaaaa-0000-4000-8000-00000000000f", "x")
    ]
    assert [one.status for one in answers] == [404, 404, 404]
    assert len({one.body for one in answers}) == 1


def test_a_running_scan_is_a_conflict(visit: Visit) -> None:
    visit.consent()
    scan = collecting_scan(visit.parts, [("costs", SECOND)])
    assert call(visit.parts, "getCosts", token_of(visit.parts), {"scan_id": scan.scan_id}).status == 409


def test_drafts_are_not_in_the_api(desk: Desk) -> None:
    scan = drafted(desk)
    as_customer(desk)
    assert read(desk.parts, "listFindings", scan.scan_id) == {"published_at": None, "findings": []}


def test_the_activity_log_is_there_and_continues(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.consent()
    monkeypatch.setattr("web.api.documents.ENTRIES_LISTED", 1)
    finished_scan(visit.parts, [cost_row(FIRST, "5")], FIRST)
    first = read(visit.parts, "listActivity")
    second = read(visit.parts, "listActivity", "", {"before": str(first["before"])})
    assert [one["action"] for one in (*first["entries"], *second["entries"])] == ["scan_ended", "scan_started"]


def test_the_description_is_valid_openapi_and_names_every_route(visit: Visit) -> None:
    described = json.loads(visit.ask(openapi_json).body)
    assert described["openapi"].startswith("3.1")
    validate(described)
    routes = {f"/{one.route}" for one in index(app).http if one.route.startswith("api/v1/")}
    assert {*described["paths"], "/api/v1/openapi.json"} == routes


def test_every_document_is_described(desk: Desk, reviewed: Scan) -> None:
    schemas = document()["components"]["schemas"]
    for operation in OPERATIONS:
        found = read(desk.parts, operation.operation_id, reviewed.scan_id if operation.of_scan else "")
        assert set(found) == set(schemas[operation.model.__name__]["properties"]), operation.path
