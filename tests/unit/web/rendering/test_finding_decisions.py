from dataclasses import replace
from datetime import timedelta

from shared.core.findings import AffectedResource, Decision, FindingState
from tests.support.clock import START
from web.rendering.finding_decisions import OPEN, Timeline, decided, standing

STATE = FindingState("rule:x", Decision.DISMISSED, "We need them.", START, "owner@contoso.example", "first", 1, {})
TIMES = Timeline(START + timedelta(days=60), START + timedelta(days=30), {"first": START})


def resources(*names: str) -> list[AffectedResource]:
    return [AffectedResource(name, name, "disk", "sub", None, None) for name in names]


def state(decision: Decision, *names: str) -> FindingState:
    return replace(STATE, decision=decision, by_resource=dict.fromkeys(names, decision))


def test_a_finding_without_a_decision_is_open() -> None:
    assert standing(None, resources("a")) is OPEN
    assert standing(replace(STATE, decision=Decision.OPEN), resources("a")) is OPEN


def test_a_dismissal_of_all_sets_the_finding_aside() -> None:
    stands = standing(state(Decision.DISMISSED, "a", "b"), resources("a", "b"))
    assert (stands.is_set_aside, stands.is_open, stands.fresh) == (True, False, frozenset())


def test_what_joins_a_dismissed_finding_is_open() -> None:
    stands = standing(state(Decision.DISMISSED, "a"), resources("a", "b", "c"))
    assert (stands.is_set_aside, stands.is_open) == (False, True)
    assert (sorted(stands.fresh), sorted(stands.dismissed)) == (["b", "c"], ["a"])


def test_a_decision_of_which_the_resources_were_not_noted_is_about_all() -> None:
    stands = standing(replace(STATE, by_resource=None), resources("a", "b"))
    assert (stands.is_set_aside, stands.fresh) == (True, frozenset())


def test_a_decision_about_a_finding_without_resources_is_about_the_finding() -> None:
    assert standing(state(Decision.DISMISSED), []).is_set_aside
    assert not standing(state(Decision.DONE), []).is_open


def test_the_next_decision_is_about_what_is_new() -> None:
    before = state(Decision.DISMISSED, "a")
    assert decided(before, resources("a", "b"), Decision.ACCEPTED) == {"a": "dismissed", "b": "accepted"}


def test_with_nothing_new_the_next_decision_is_about_all() -> None:
    assert decided(state(Decision.ACCEPTED, "a", "gone"), resources("a"), Decision.DONE) == {
        "a": "done",
        "gone": "accepted",
    }


def test_one_resource_can_be_dismissed_and_the_others_are_neither_new_nor_decided() -> None:
    by_resource = decided(None, resources("a", "b", "c"), Decision.DISMISSED, only={"a"})
    stands = standing(replace(STATE, by_resource=by_resource), resources("a", "b", "c"))
    assert (sorted(stands.dismissed), sorted(stands.undecided), stands.fresh) == (["a"], ["b", "c"], frozenset())
    assert (stands.is_open, stands.is_set_aside, stands.rest) == (True, False, "other resources")
    rest = decided(replace(STATE, by_resource=by_resource), resources("a", "b", "c"), Decision.DONE)
    assert rest == {"a": "dismissed", "b": "done", "c": "done"}


def test_when_one_after_the_other_is_dismissed_the_finding_is_set_aside() -> None:
    first = decided(None, resources("a", "b"), Decision.DISMISSED, only={"a"})
    both = decided(replace(STATE, by_resource=first), resources("a", "b"), Decision.DISMISSED, only={"b"})
    assert standing(replace(STATE, by_resource=both), resources("a", "b")).is_set_aside


def test_taking_a_decision_back_opens_all() -> None:
    assert decided(state(Decision.DONE, "a"), resources("a"), Decision.OPEN) is None


def test_what_was_done_and_had_disappeared_is_back() -> None:
    stands = TIMES.standing(state(Decision.DONE, "a", "b"), resources("a", "b"), before={"b"})
    assert (sorted(stands.done), sorted(stands.back)) == (["a", "b"], ["a"])


def test_what_was_done_after_the_review_before_is_still_there_and_not_back() -> None:
    times = replace(TIMES, before=START)
    assert times.standing(state(Decision.DONE, "a"), resources("a"), before=()).back == frozenset()


def test_in_an_older_scan_nothing_is_new_since_a_decision_about_a_later_one() -> None:
    times = Timeline(START - timedelta(days=30), None, {"first": START})
    stands = times.standing(state(Decision.DISMISSED, "a"), resources("a", "resolved since"), before=())
    assert (stands.fresh, stands.is_set_aside) == (frozenset(), True)
