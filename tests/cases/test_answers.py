"""Answers of Azure from public bug reports that were misread: what can be read is read."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.reservations import RESOURCE_TYPES, SCOPES
from shared.arm.request import Json
from shared.core.models import Step, StepStatus
from tests.cases.steps import SUBSCRIPTION, Case, answered_by, ended
from tests.support.arm_replay import Reply
from tests.support.collecting import Surroundings, collecting_scan, cost_page, inventory_page


def test_a_next_link_with_blanks_is_encoded_and_followed(parts: Surroundings, case: Case) -> None:
    given = case("05")
    wire = answered_by(parts, Reply(given["status"], given["body"]), Reply(200, {"value": []}))
    step = ended(parts, collecting_scan(parts, [("advisor", SUBSCRIPTION)]), "advisor")
    assert (step.status, step.pages) == (StepStatus.SUCCEEDED, 2)
    followed = wire.sent[1].url or ""
    assert " " not in followed
    assert parse_qs(urlsplit(followed).query)["$filter"] == ["Category eq 'Cost'"]


@pytest.mark.parametrize(("name", "lists"), [("savings_plans", 4), ("advisor", 1), ("reservations", 30)])
def test_no_content_is_no_recommendation(parts: Surroundings, case: Case, name: str, lists: int) -> None:
    answered_by(parts, *[Reply(case("10")["status"])] * lists)
    step = ended(parts, collecting_scan(parts, [(name, SUBSCRIPTION)]), name)
    assert (step.status, step.rows, step.is_read_in_full) == (StepStatus.SUCCEEDED, 0, True)


def test_costs_without_columns_and_rows_are_no_cost_data(parts: Surroundings, case: Case) -> None:
    given = case("15")
    answered_by(parts, Reply(given["status"], {"properties": given["properties"]}))
    step = ended(parts, collecting_scan(parts, [("costs", SUBSCRIPTION)]), "costs")
    assert (step.status, step.status_code) == (StepStatus.SUCCEEDED, "NoRows")


def test_resources_that_azure_counts_and_does_not_send_make_the_inventory_incomplete(
    parts: Surroundings, case: Case
) -> None:
    given = case("06")
    page = inventory_page(SUBSCRIPTION, "one")
    answered_by(parts, Reply(given["status"], {**given["body"], "data": page["data"]}))
    step = ended(parts, collecting_scan(parts, [("inventory", SUBSCRIPTION)]), "inventory")
    assert (step.status, step.rows, step.is_read_in_full) == (StepStatus.SUCCEEDED, 1, False)
    assert step.status_reason == (
        "8,320 of 8,321 rows could not be read and are not counted: Azure counted them and did not send them (8,320). "
        "We have been alerted."
    )


def costs_of(parts: Surroundings, rows: list[Json]) -> Step:
    """The step of a subscription whose costs are one page with these cost, currency and month."""
    page = cost_page(SUBSCRIPTION, *["1"] * len(rows))
    for cells, (cost, currency, month, _) in zip(page["properties"]["rows"], rows, strict=True):
        cells[0], cells[1], cells[-1] = cost, month, currency
    body = json.dumps(page, default=float).encode()
    answered_by(parts, Reply(200, body))
    return ended(parts, collecting_scan(parts, [("costs", SUBSCRIPTION)]), "costs")


def test_a_row_without_a_cost_is_set_aside_and_the_other_counts(parts: Surroundings, case: Case) -> None:
    step = costs_of(parts, case("09")[0]["rows"])
    assert (step.status, step.rows, step.rows_set_aside) == (StepStatus.SUCCEEDED, 1, 1)
    assert (
        step.status_reason
        == "1 of 2 rows could not be read and is not counted: a cost is not a number (1). We have been alerted."
    )


def test_a_cost_of_nothing_without_a_currency_is_set_aside(parts: Surroundings, case: Case) -> None:
    step = costs_of(parts, case("09")[1]["rows"])
    assert (step.status, step.rows, step.rows_set_aside) == (StepStatus.SUCCEEDED, 0, 1)
    assert (
        step.status_reason
        == "1 of 1 row could not be read and is not counted: a cost has no currency (1). We have been alerted."
    )


def test_an_odd_list_of_reservations_costs_no_other_list(parts: Surroundings, case: Case) -> None:
    lists = len(RESOURCE_TYPES) * len(SCOPES)
    replies = [Reply(200, {"value": []})] * lists
    replies[1] = Reply(200, {"value": case("09")[2]["value"]})
    wire = answered_by(parts, *replies)
    step = ended(parts, collecting_scan(parts, [("reservations", SUBSCRIPTION)]), "reservations")
    assert (step.status, len(wire.sent), step.is_read_in_full) == (StepStatus.SUCCEEDED, lists, False)
    assert "a reservation recommendation is of an unknown kind (1)" in (step.status_reason or "")
