"""The amortized costs of a subscription are read where its actual costs show a commitment, or could hide one."""

from decimal import Decimal

import pytest

from collectors.registry import collector
from collectors.scan.run import collect
from shared.arm.endpoints import QUERY_COSTS
from shared.arm.request import Json
from shared.core.errors import PermissionMissing, QueryRefused
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from tests.support.collecting import (
    COST_COLUMNS,
    FIRST,
    TENANT,
    Surroundings,
    collecting_scan,
    cost_page,
    latest,
    step_body,
    steps_of,
)

COSTS, AMORTIZED = collector("costs"), collector("amortized_costs")
QUEUE = "collect-amortized-costs"
QUERY = QUERY_COSTS.name


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return collecting_scan(parts, [("costs", FIRST)])


def page(**values: str | None) -> Json:
    """One row, in which these columns differ."""
    made = cost_page(FIRST, "1.5")
    (row,) = made["properties"]["rows"]
    for name, value in values.items():
        row[COST_COLUMNS.index(name)] = value
    return made


def read(parts: Surroundings, scan: Scan, *pages: Json) -> list[Step]:
    """Read the actual costs; return the steps for amortized costs."""
    parts.azure.pages[QUERY, FIRST] = [*pages]
    collect(parts, COSTS, step_body(steps_of(parts, scan)[0]))
    return [step for step in steps_of(parts, scan) if step.collector == "amortized_costs"]


@pytest.mark.parametrize(
    "signs",
    [
        {"PricingModel": "Reservation"},
        {"PricingModel": "SavingsPlan"},
        {"ChargeType": "Purchase"},
        {"ChargeType": "Purchase", "PublisherType": None},
    ],
    ids=str,
)
def test_a_row_that_shows_a_commitment_calls_for_them(
    parts: Surroundings, scan: Scan, signs: dict[str, str | None]
) -> None:
    (step,) = read(parts, scan, cost_page(FIRST, "3"), page(**signs))
    assert (step.subscription_id, step.subscription_name) == (FIRST, "Name of 1")
    (message,) = parts.outbox.of(QUEUE)
    assert (message.message_id, message.session_id) == (f"{scan.scan_id}:{step.step_id}:1", TENANT)
    assert latest(parts, scan).status is ScanStatus.COLLECTING


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"PricingModel": "Spot"},
        {"ChargeType": "Refund"},
        {"ChargeType": "Purchase", "PublisherType": "Marketplace"},
        {"ChargeType": "Purchase", "PublisherType": "marketplace"},
    ],
    ids=str,
)
def test_without_one_they_are_not_read_and_the_scan_continues(
    parts: Surroundings, scan: Scan, rows: dict[str, str]
) -> None:
    assert read(parts, scan, page(**rows)) == []
    assert parts.outbox.of(QUEUE) == []
    assert latest(parts, scan).status is ScanStatus.FINISHING


def test_a_simpler_query_cannot_tell_so_they_are_read_and_start_with_the_same_query(
    parts: Surroundings, scan: Scan
) -> None:
    parts.azure.mishaps = [QueryRefused("BadRequest"), QueryRefused("BadRequest")]
    (step,) = read(parts, scan, cost_page(FIRST, "1.5"))
    assert step.simplified == 2


def test_costs_that_were_refused_call_for_nothing(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [PermissionMissing("Cost Management Reader", FIRST, "AuthorizationFailed")]
    assert read(parts, scan, page(PricingModel="Reservation")) == []


def test_they_are_stored_beside_the_actual_costs_and_never_added_to_them(parts: Surroundings, scan: Scan) -> None:
    (step,) = read(parts, scan, page(PricingModel="Reservation"))
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "20.25", "7")]
    collect(parts, AMORTIZED, step_body(step))
    assert parts.recommendations.cost_sums(scan.key) == {"GBP": Decimal("1.5")}
    assert parts.commitments.effective_cost_sums(scan.key) == {"GBP": Decimal("27.25")}
    assert {each.status for each in steps_of(parts, scan)} == {StepStatus.SUCCEEDED}
    assert latest(parts, scan).status is ScanStatus.FINISHING


def test_a_worker_that_died_before_the_message_was_sent_leaves_a_step_that_still_gets_it(
    parts: Surroundings, scan: Scan
) -> None:
    parts.outbox.refuses = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        read(parts, scan, page(PricingModel="Reservation"))
    costs, amortized = steps_of(parts, scan)
    assert (costs.status, amortized.attempt) == (StepStatus.RUNNING, 0)
    parts.time.sleep(301)
    collect(parts, COSTS, step_body(costs))
    assert len(parts.outbox.of(QUEUE)) == 1
    assert [step.collector for step in steps_of(parts, scan)] == ["costs", "amortized_costs"]


def test_a_message_delivered_again_changes_nothing(parts: Surroundings, scan: Scan) -> None:
    (step,) = read(parts, scan, page(PricingModel="Reservation"))
    collect(parts, COSTS, step_body(steps_of(parts, scan)[0]))
    assert [each.step_id for each in steps_of(parts, scan) if each.collector == "amortized_costs"] == [step.step_id]
    assert {message.message_id for message in parts.outbox.of(QUEUE)} == {f"{scan.scan_id}:{step.step_id}:1"}
