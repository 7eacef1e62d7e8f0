"""What a scan says of itself."""

from shared.core.coverage import coverage, in_words
from shared.core.models import StepStatus
from tests.support.steps import a_step

SECOND = {"subscription_id": "aaaaaaaa-0000-4000-8000-000000000002", "subscription_name": "archive"}
ROLE = {
    "remedy_role": "Cost Management Reader",
    "remedy_scope": "/subscriptions/1",
    "status_reason": "A role is missing.",
}


def test_steps_are_counted_by_their_end() -> None:
    statuses = (*StepStatus, StepStatus.SUCCEEDED)
    whole = coverage([a_step(status=status) for status in statuses])
    assert (whole.steps, whole.succeeded, whole.blocked, whole.skipped, whole.failed) == (8, 2, 1, 1, 1)
    assert whole.unfinished == 3


def test_a_scan_without_steps_claims_nothing() -> None:
    whole = coverage([])
    assert (whole.steps, whole.collectors, whole.subscriptions, whole.remedies) == (0, (), (), ())
    assert whole.summary == "No subscription was read."


def test_each_collector_has_its_own_progress_in_order_of_appearance() -> None:
    costs, advisor = coverage(
        [
            a_step(status=StepStatus.SUCCEEDED, rows=7),
            a_step(collector="advisor", status=StepStatus.FAILED),
            a_step(status=StepStatus.RUNNING, rows=2, **SECOND),
            a_step(status=StepStatus.BLOCKED, **SECOND),
        ]
    ).collectors
    assert (costs.name, costs.steps, costs.finished, costs.rows, costs.percent) == ("costs", 3, 2, 9, 66)
    assert (advisor.name, advisor.failed, advisor.percent) == ("advisor", 1, 100)


def test_a_hundred_percent_means_that_all_is_finished() -> None:
    steps = [a_step(status=StepStatus.SUCCEEDED)] * 999 + [a_step(status=StepStatus.RUNNING)]
    assert coverage(steps).collectors[0].percent == 99


def test_subscriptions_come_by_name_whatever_its_case() -> None:
    whole = coverage([a_step(), a_step(**SECOND)])
    assert [each.name for each in whole.subscriptions] == ["archive", "Production"]


def test_a_subscription_is_complete_only_if_every_step_succeeded() -> None:
    read, half = coverage(
        [
            a_step(status=StepStatus.SUCCEEDED, **SECOND),
            a_step(status=StepStatus.SUCCEEDED),
            a_step(collector="advisor", status=StepStatus.SKIPPED),
        ]
    ).subscriptions
    assert (read.is_finished, read.is_complete) == (True, True)
    assert (half.is_finished, half.is_complete) == (True, False)


def test_the_summary_counts_subscriptions_read_in_full() -> None:
    whole = coverage([a_step(status=StepStatus.SUCCEEDED), a_step(status=StepStatus.BLOCKED, **SECOND)])
    assert whole.summary == "1 of 2 subscriptions were read in full."
    assert coverage([a_step(status=StepStatus.SUCCEEDED)]).summary == "1 of 1 subscription was read in full."


def test_what_was_read_without_remark_needs_no_sentence() -> None:
    (subscription,) = coverage([a_step(status=StepStatus.SUCCEEDED)]).subscriptions
    assert subscription.sentences == ()


def test_a_success_with_a_remark_says_it() -> None:
    (subscription,) = coverage([a_step(status=StepStatus.SUCCEEDED, status_reason="The simpler query.")]).subscriptions
    assert subscription.sentences == ("Costs: read. The simpler query.",)


def test_a_state_that_is_not_active_is_said_once() -> None:
    disabled = "Azure lists this subscription as disabled."
    (read,) = coverage([a_step(status=StepStatus.SUCCEEDED, subscription_state="Disabled")]).subscriptions
    reason = f"{disabled} A role is missing."
    (blocked,) = coverage(
        [a_step(status=StepStatus.BLOCKED, status_reason=reason, subscription_state="Disabled")]
    ).subscriptions
    assert read.sentences == (disabled,)
    assert blocked.sentences == (f"Costs: blocked. {reason}",)


def test_collectors_that_share_a_reason_share_a_sentence() -> None:
    blocked = {"status": StepStatus.BLOCKED, **ROLE}
    (subscription,) = coverage(
        [
            a_step(**blocked),
            a_step(collector="reservations", **blocked),
            a_step(collector="savings_plans", **blocked),
            a_step(collector="advisor", status=StepStatus.WAITING, status_reason="Azure asked us to wait 53 s."),
        ]
    ).subscriptions
    assert subscription.sentences == (
        "Costs, reservations and savings plans: blocked. A role is missing.",
        "Advisor: waiting. Azure asked us to wait 53 s.",
    )


def test_what_is_not_read_yet_says_so() -> None:
    (subscription,) = coverage([a_step(), a_step(collector="advisor", status=StepStatus.RUNNING)]).subscriptions
    assert subscription.sentences == ("Costs: in the queue.", "Advisor: being read.")


def test_one_remedy_for_each_role_and_scope() -> None:
    blocked = {"status": StepStatus.BLOCKED, **ROLE}
    other = {**blocked, "remedy_role": "Reader"}
    costs, inventory = coverage(
        [a_step(**blocked), a_step(collector="inventory", **other), a_step(collector="reservations", **blocked)]
    ).remedies
    assert (costs.role, costs.scope, costs.collectors) == (
        "Cost Management Reader",
        "/subscriptions/1",
        ("costs", "reservations"),
    )
    assert (inventory.role, inventory.collectors) == ("Reader", ("inventory",))
    assert costs.sentence == (
        "Grant Cost Management Reader on Production (1), then start a new scan to read costs and reservations."
    )


def test_a_failure_that_the_customer_cannot_fix_has_no_remedy() -> None:
    assert coverage([a_step(status=StepStatus.FAILED), a_step(status=StepStatus.BLOCKED)]).remedies == ()


def test_names_are_listed_as_a_person_would() -> None:
    assert in_words(["costs"]) == "costs"
    assert in_words(["costs", "savings_plans"]) == "costs and savings plans"
