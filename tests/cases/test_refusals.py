"""Refusals of Azure from public bug reports: each is explained by its true cause."""

import pytest

from collectors.registry import PLANNED_AT_START
from collectors.scan.finish import ending
from collectors.scan.plan import plan
from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.core.coverage import coverage
from shared.core.models import StepStatus
from tests.cases.steps import SUBSCRIPTION, Case, answered_by, ended
from tests.support.arm_replay import Reply
from tests.support.collecting import TENANT, Surroundings, collecting_scan, requested_scan, scan_message


@pytest.mark.parametrize("code", [None, "404"])
def test_no_cost_data_yet_is_asked_for_a_few_times_then_skipped_in_words(
    parts: Surroundings, case: Case, code: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    given = case("01")
    body = given["body"] if code is None else {"error": {"code": code, "message": "404"}}
    wire = answered_by(parts, *[Reply(given["status"], body)] * 5)
    step = ended(parts, collecting_scan(parts, [("costs", SUBSCRIPTION)]), "costs")
    assert (step.status, len(wire.sent)) == (StepStatus.SKIPPED, 5)
    assert step.status_reason == (
        "Azure reported 5 times that it has no data here, which does not mean zero cost. "
        "If the subscription is new, scan again in a day or two."
    )
    assert "alert=" not in caplog.text


def test_a_deleted_subscription_is_said_to_be_deleted_and_asks_for_no_role(parts: Surroundings, case: Case) -> None:
    given = case("03")
    listed = [{**item, "tenantId": TENANT} for item in given["body"]["value"]]
    parts.azure.pages[LIST_SUBSCRIPTIONS.name, None] = [{"value": listed}]
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    answered_by(parts, *[Reply(given["then"]["status"], given["then"]["body"])] * len(PLANNED_AT_START))
    steps = [ended(parts, scan, each.name) for each in PLANNED_AT_START]
    assert {step.status for step in steps} == {StepStatus.SKIPPED}
    assert {step.status_reason for step in steps} == {
        "This subscription is deleted: Azure has no data of it that can be read."
    }
    assert coverage(steps).remedies == ()
    assert "Grant" not in (ending(steps)[1] or "")
