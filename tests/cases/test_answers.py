"""Answers of Azure from public bug reports that were misread: what can be read is read."""

from urllib.parse import parse_qs, urlsplit

import pytest

from shared.core.models import StepStatus
from tests.cases.steps import SUBSCRIPTION, Case, answered_by, ended
from tests.support.arm_replay import Reply
from tests.support.collecting import Surroundings, collecting_scan


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
