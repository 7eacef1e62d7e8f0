"""What follows from each error."""

import pytest

from collectors.scan.outcomes import (
    FIRST_BACKOFF_SECONDS,
    MAX_BACKOFF_SECONDS,
    MAX_FAULTS,
    MAX_SHORT_WAITS,
    MAX_WAIT_SECONDS,
    OUTCOMES,
    End,
    Postpone,
    RetryInPlace,
    Simplify,
    Situation,
    SkipRequest,
    StopScan,
    backoff_seconds,
    outcome_of,
)
from shared.arm.pacing import MAX_IN_PLACE_SECONDS
from shared.core import errors
from shared.core.errors import CaletaError
from shared.core.models import StepStatus

NO_TROUBLE = Situation(short_waits=0, faults=0, can_simplify=True, is_late=False)
AT_THE_BROWSER = {
    "RequestError",
    "BadRequest",
    "SignInRequired",
    "SignInAgain",
    "Forbidden",
    "NotFound",
    "Conflict",
    "TooLarge",
    "TooManyRequests",
}
NOT_OF_A_STEP = {"CaletaError", "BadMessage", "LeaseLost", "ConsentFailed", "ScanIsRunning", "ConsentDeleted"}


def situation(**differences: object) -> Situation:
    return Situation(**{**vars(NO_TROUBLE), **differences})


def test_every_error_of_collecting_has_an_outcome() -> None:
    known = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, CaletaError) and not any(c in OUTCOMES for c in value.__mro__)
    }
    assert known <= AT_THE_BROWSER | NOT_OF_A_STEP


@pytest.mark.parametrize("error", [errors.LeaseLost("x"), errors.BadMessage("x")])
def test_an_error_that_says_nothing_about_the_step_has_no_outcome(error: CaletaError) -> None:
    assert outcome_of(error, NO_TROUBLE) is None


def test_what_we_have_to_fix_is_waited_for_at_most_ten_minutes_at_a_time_and_alerts() -> None:
    faults, waits = 0, []
    for _ in range(30):
        outcome = outcome_of(errors.ConfigurationError("a secret has expired"), situation(faults=faults))
        assert isinstance(outcome, Postpone)
        assert outcome.alert == "configuration"
        faults = outcome.faults
        waits.append(outcome.seconds)
    assert waits[:4] == [5, 10, 20, 40]
    assert set(waits[8:]) == {600}


@pytest.mark.parametrize("error", [errors.Throttled(60, "costs"), errors.LocallyThrottled(60, "costs")])
def test_a_wait_forgives_no_fault(error: CaletaError) -> None:
    outcome = outcome_of(error, situation(faults=7))
    assert isinstance(outcome, Postpone)
    assert outcome.faults == 7


def test_what_we_have_to_fix_and_do_not_for_days_fails() -> None:
    outcome = outcome_of(errors.ConfigurationError("a secret has expired"), situation(is_late=True))
    assert isinstance(outcome, End)
    assert (outcome.status, outcome.alert) == (StepStatus.FAILED, "configuration")
    assert "secret" not in str(outcome.reason)


@pytest.mark.parametrize(
    ("seconds", "short_waits", "kind"),
    [
        (0, 0, RetryInPlace),
        (15, 0, RetryInPlace),
        (16, 0, Postpone),
        (15, MAX_SHORT_WAITS - 1, RetryInPlace),
        (15, MAX_SHORT_WAITS, Postpone),
    ],
)
def test_only_a_few_short_waits_are_slept_through(seconds: float, short_waits: int, kind: type) -> None:
    outcome = outcome_of(errors.Throttled(seconds, "Resource Graph"), situation(short_waits=short_waits))
    assert isinstance(outcome, kind)


def test_hints_that_prove_too_short_are_doubled() -> None:
    hint = errors.Throttled(1, "Resource Graph")
    outcomes = [outcome_of(hint, situation(short_waits=count)) for count in range(MAX_SHORT_WAITS + 1)]
    assert [getattr(outcome, "seconds", None) for outcome in outcomes] == [1, 2, 4, 8, 1]
    assert isinstance(outcomes[-1], Postpone), "the message that it comes back with restarts"


@pytest.mark.parametrize(
    ("seconds", "short_waits", "kind"),
    [
        (MAX_IN_PLACE_SECONDS, 0, RetryInPlace),
        (MAX_IN_PLACE_SECONDS + 0.1, 0, Postpone),
        (MAX_IN_PLACE_SECONDS, MAX_SHORT_WAITS, Postpone),
    ],
)
def test_a_turn_is_scheduled_unless_it_comes_at_once(seconds: float, short_waits: int, kind: type) -> None:
    outcome = outcome_of(errors.LocallyThrottled(seconds, "Cost Management"), situation(short_waits=short_waits))
    assert outcome == kind(seconds, "We pace our requests so as not to use up your Cost Management quota.")


def test_a_turn_that_does_not_come_for_days_fails_in_words_of_its_own() -> None:
    outcome = outcome_of(errors.LocallyThrottled(10, "Cost Management"), situation(is_late=True))
    assert isinstance(outcome, End)
    assert (outcome.status, outcome.code) == (StepStatus.FAILED, "Throttled")
    assert str(outcome.reason).startswith("Your Cost Management quota had no room for our requests for days.")


def test_an_absurd_hint_is_asked_about_again_within_hours() -> None:
    outcome = outcome_of(errors.Throttled(10**12, "Resource Graph"), NO_TROUBLE)
    assert isinstance(outcome, Postpone)
    assert outcome.seconds == MAX_WAIT_SECONDS


def test_the_tries_against_an_outage_span_more_than_an_hour() -> None:
    assert sum(backoff_seconds(faults) for faults in range(MAX_FAULTS - 1)) > 3_600


def test_a_backoff_doubles_up_to_a_limit() -> None:
    assert [backoff_seconds(faults) for faults in (0, 1, 2)] == [FIRST_BACKOFF_SECONDS * each for each in (1, 2, 4)]
    assert backoff_seconds(10_000) == MAX_BACKOFF_SECONDS


def test_a_challenge_of_access_evaluation_stops_the_scan_like_any_refused_sign_in() -> None:
    assert isinstance(outcome_of(errors.ClaimsChallenge("insufficient_claims", "{}"), NO_TROUBLE), StopScan)


def test_a_refused_query_is_simplified_once() -> None:
    assert isinstance(outcome_of(errors.QueryRefused("BadRequest"), NO_TROUBLE), Simplify)
    outcome = outcome_of(errors.QueryRefused("BadRequest"), situation(can_simplify=False))
    assert isinstance(outcome, End)
    assert outcome.status is StepStatus.FAILED


@pytest.mark.parametrize(
    "error", [errors.Throttled(100, "Cost Management"), errors.AzureUnavailable("x"), errors.EntraUnavailable("x")]
)
def test_nothing_is_waited_for_beyond_the_patience(error: CaletaError) -> None:
    outcome = outcome_of(error, situation(is_late=True))
    assert isinstance(outcome, End)
    assert outcome.status is StepStatus.FAILED


REFUSALS = [
    errors.PermissionMissing("Reader", "/subscriptions/x", "SubscriptionNotFound"),
    errors.NotOffered("DisallowedOperation", "Azure does not allow this."),
    errors.RefusedByAzure("SomethingNew", 403),
]


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_of_a_deleted_subscription_is_explained_by_its_deletion(error: CaletaError) -> None:
    outcome = outcome_of(error, situation(subscription_state="Deleted"))
    assert isinstance(outcome, End)
    assert (outcome.status, outcome.remedy_role, outcome.alert) == (StepStatus.SKIPPED, None, None)
    assert outcome.reason == "This subscription is deleted: Azure has no data of it that can be read."


@pytest.mark.parametrize(
    ("state", "start"),
    [
        ("Disabled", "Azure lists this subscription as disabled. "),
        ("Warned", "Azure lists this subscription as warned: it will soon be disabled. "),
        ("PastDue", "Azure lists this subscription as past due: a payment is outstanding. "),
        ("Frozen", "Azure lists this subscription as “Frozen”. "),
    ],
)
@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_names_the_state_of_a_subscription_that_is_not_enabled(
    error: CaletaError, state: str, start: str
) -> None:
    named, plain = (outcome_of(error, situation(subscription_state=each)) for each in (state, "Enabled"))
    assert isinstance(named, End)
    assert isinstance(plain, End)
    assert named.reason == start + (plain.reason or "")
    assert named.remedy_role == plain.remedy_role


def test_an_outage_is_not_explained_by_the_state_of_a_subscription() -> None:
    late = situation(is_late=True, subscription_state="Deleted")
    outcome = outcome_of(errors.AzureUnavailable("x"), late)
    assert isinstance(outcome, End)
    assert outcome.code == "Unavailable"


def test_a_refusal_without_a_word_of_azure_ends_after_a_few_attempts() -> None:
    error, waited = errors.RefusedWithoutReason("query_costs", 403), 0.0
    outcome = outcome_of(error, situation(faults=0))
    while isinstance(outcome, Postpone):
        waited += outcome.seconds
        outcome = outcome_of(error, situation(faults=outcome.faults))
    assert isinstance(outcome, End)
    assert waited < 120
    assert outcome.reason == (
        "Azure refused our request with status 403 and no explanation. The cause is unknown. We have been alerted."
    )


def test_an_unknown_refusal_shows_azures_own_code_and_concerns_one_list_of_many() -> None:
    error = errors.RefusedByAzure("SomethingNew", 403)
    end, skip = outcome_of(error, NO_TROUBLE), outcome_of(error, situation(can_skip=True))
    assert isinstance(end, End)
    assert isinstance(skip, SkipRequest)
    assert "status 403 and the code SomethingNew" in (end.reason or "")
    assert (end.status, end.remedy_role) == (StepStatus.FAILED, None)
    assert skip.reason == end.reason


def test_no_outcome_of_an_error_is_a_success() -> None:
    late = situation(is_late=True, can_simplify=False, faults=100)
    for error_class in OUTCOMES:
        error = error_class.__new__(error_class)
        vars(error).update(retry_after_seconds=1, quota="q", code="c", reason="r", role="o", scope="s", status=403)
        outcome = outcome_of(error, late)
        assert isinstance(outcome, StopScan) or (isinstance(outcome, End) and outcome.status != StepStatus.SUCCEEDED)
