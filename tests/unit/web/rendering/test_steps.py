from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.coverage import coverage
from shared.core.models import Step, StepStatus
from tests.support.clock import START
from tests.support.steps import a_step
from web.rendering.steps import all_lines, state_text

STEP = a_step(updated_at=START, attempt=1)
WAITING = replace(
    STEP,
    status=StepStatus.WAITING,
    status_reason="Cost Management asked us to wait 53 s.",
    not_before=START + timedelta(seconds=53),
)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (STEP, "queued"),
        (replace(STEP, pages=1, rows=5000), "queued, 5,000 rows so far"),
        (replace(STEP, status_reason="Taken up again."), "queued: Taken up again."),
        (replace(STEP, status=StepStatus.RUNNING), "reading"),
        (replace(STEP, status=StepStatus.RUNNING, pages=1, rows=1), "reading, 1 row so far"),
        (WAITING, "waiting: Cost Management asked us to wait 53 s (53 s left)"),
        (
            replace(WAITING, status_reason="We pace our requests so as not to use up your Cost Management quota."),
            "waiting: We pace our requests so as not to use up your Cost Management quota (53 s left)",
        ),
        (replace(WAITING, not_before=START), "waiting: Cost Management asked us to wait 53 s (continuing shortly)"),
        (replace(WAITING, not_before=None, status_reason=None), "waiting: Azure asked us to wait"),
        (replace(STEP, status=StepStatus.SUCCEEDED, rows=12345), "read, 12,345 rows"),
        (replace(STEP, status=StepStatus.SKIPPED, status_reason="Not offered."), "skipped: Not offered."),
        (replace(STEP, status=StepStatus.FAILED), "failed: Azure gave no reason"),
    ],
)
def test_each_state_is_said_in_words(step: Step, said: str) -> None:
    assert state_text(step, START) == said


def test_what_was_read_in_part_is_said_beside_what_was_not() -> None:
    partly = replace(STEP, status=StepStatus.SUCCEEDED, rows=2, unread_json="[]", status_reason="1 of 30 was not.")
    ((line,),) = (one.others for one in all_lines(coverage([partly]).subscriptions, START))
    assert (line.tone, line.text) == ("warn", "read in part, 2 rows: 1 of 30 was not.")


def test_a_blocked_step_names_the_role_and_where_it_is_missing() -> None:
    step = replace(STEP, status=StepStatus.BLOCKED, remedy_role="Reader", remedy_scope="/subscriptions/a")
    assert state_text(step, START) == "blocked: Reader is missing on this subscription"


def test_subscriptions_with_something_left_come_first() -> None:
    done = replace(STEP, subscription_id="b", subscription_name="Alpha", status=StepStatus.SUCCEEDED, rows=3)
    first, second = all_lines(coverage([STEP, done]).subscriptions, START)
    assert (first.name, first.is_read_in_full) == ("Production", False)
    assert (second.name, second.is_read_in_full, second.read) == ("Alpha", True, ("Cost Management (3 rows)",))
