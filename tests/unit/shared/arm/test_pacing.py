"""The windows' arithmetic: never more than Azure allows, never a wait that was not needed, no one left out."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.arm import pacing
from shared.arm.pacing import (
    HORIZON_SECONDS,
    MARGIN_SECONDS,
    QUERY_UNITS,
    QuotaRequest,
    QuotaState,
    QuotaUse,
    QuotaWindow,
    Reservation,
    reserve,
)
from simulator.arm.quotas import QUERY_UNITS as AZURES_UNITS
from simulator.arm.quotas import SlidingWindows, Verdict

NOW = 1_000_000.0
YEAR = 12


class Azure:
    """Its own count, with what others have used before: as much as it would have granted."""

    def __init__(self, others: list[tuple[float, int]]) -> None:
        self._windows = SlidingWindows(AZURES_UNITS)
        for ago, units in sorted(others, reverse=True):
            self.asked(NOW - ago, units)

    def asked(self, now: float, units: int) -> Verdict:
        """The answer's figures, after the query."""
        verdict = self._windows.ask(units, now)
        if verdict.is_granted:
            self._windows.use(units, now)
        return Verdict(verdict.wait, self._windows.ask(0, now).remaining)


def ask(work: str = "a step", units: int = YEAR, scope: str = "") -> QuotaRequest:
    return QuotaRequest(work, scope or work, units)


def most_in(uses: list[QuotaUse], window: QuotaWindow) -> int:
    """The largest sum of units in any stretch of the window's length."""
    return max((sum(u.units for u in uses if end.at - window.seconds < u.at <= end.at) for end in uses), default=0)


def drain(state: QuotaState, works: dict[str, int], late: float = 0.0) -> tuple[list[QuotaUse], dict[str, list[float]]]:
    """Everybody asks once and comes back when told, so many seconds late; what was sent, and each one's waits."""
    coming = [(NOW, work) for work in works]
    sent: list[QuotaUse] = []
    waits: dict[str, list[float]] = {work: [] for work in works}
    while coming:
        coming.sort(key=lambda each: each[0])
        now, work = coming.pop(0)
        state, wait = reserve(state, now, ask(work, works[work]))
        waits[work].append(wait)
        if wait:
            coming.append((now + wait + late, work))
        else:
            sent.append(QuotaUse(now, works[work], work))
    return sent, waits


def test_the_first_query_is_sent_at_once() -> None:
    state, wait = reserve(QuotaState(), NOW, ask())
    assert (wait, state.uses, state.reservations) == (0.0, (QuotaUse(NOW, YEAR, "a step"),), ())


def test_the_second_gets_a_turn_when_the_shortest_window_is_free_again() -> None:
    state, _ = reserve(QuotaState(), NOW, ask("first"))
    state, wait = reserve(state, NOW + 1, ask("second"))
    assert wait == 9 + MARGIN_SECONDS
    assert state.reservations == (Reservation(NOW + 10 + MARGIN_SECONDS, YEAR, "second", "second"),)


def test_turns_follow_each_other_and_each_comes_back_once() -> None:
    sent, waits = drain(QuotaState(), {f"step {number}": YEAR for number in range(20)})
    assert all(len(told) <= 2 for told in waits.values())
    assert [use.scope for use in sent] == list(waits)
    assert sent[-1].at - NOW <= 3 * (60 + MARGIN_SECONDS) + 4 * (10 + MARGIN_SECONDS)


def test_a_retry_before_its_turn_keeps_the_turn() -> None:
    state, _ = reserve(QuotaState(), NOW, ask("first"))
    state, wait = reserve(state, NOW, ask("second"))
    again, shorter = reserve(state, NOW + 4, ask("second"))
    assert (again, shorter) == (state, wait - 4)


def test_a_turn_that_others_have_used_moves_to_the_end_of_the_line() -> None:
    state = QuotaState()
    for work in ("first", "second", "third"):
        state, _ = reserve(state, NOW, ask(work))
    state = pacing.after_response(state, NOW, ask("first"), YEAR, {"QueriesPer10Sec": 0, "QueriesPerMin": 48})
    eaten = QuotaState((*state.uses, QuotaUse(NOW + 9, 3)), state.reservations)
    state, wait = reserve(eaten, NOW + 10 + MARGIN_SECONDS, ask("second"))
    assert [turn.work for turn in state.reservations] == ["third", "second"]
    assert NOW + 10 + MARGIN_SECONDS + wait == state.reservations[0].at + 10 + MARGIN_SECONDS


def test_a_turn_of_a_dead_worker_is_forgotten() -> None:
    state, _ = reserve(QuotaState(), NOW, ask("first"))
    state, _ = reserve(state, NOW, ask("dead"))
    later = NOW + 10 + MARGIN_SECONDS + pacing.RESERVATION_GRACE_SECONDS + 1
    state, wait = reserve(state, later, ask("third"))
    assert (wait, state.reservations) == (0.0, ())


def test_a_small_query_slips_in_between_where_it_delays_no_other() -> None:
    state, _ = reserve(QuotaState(), NOW, ask("first", 4))
    state, _ = reserve(state, NOW, ask("second", 12))
    assert reserve(state, NOW, ask("small", 1))[1] == 0.0
    assert reserve(state, NOW + 5, ask("small", 1))[1] > 0, "the second would have to wait longer"
    assert reserve(pacing.without_reservations(state), NOW + 5, ask("small", 1))[1] == 0.0


def test_no_caller_waits_longer_than_the_horizon_without_being_asked_again() -> None:
    full = QuotaState(uses=tuple(QuotaUse(NOW - second, YEAR) for second in range(500, 0, -10)))
    state, wait = reserve(full, NOW, ask())
    assert (wait, state.reservations) == (HORIZON_SECONDS, ())


def test_a_subscription_that_is_asked_too_often_holds_up_no_other() -> None:
    uses = tuple(QuotaUse(NOW - 8 + second, 1, "busy") for second in range(4))
    state, wait = reserve(QuotaState(uses), NOW, ask("page 5", 1, "busy"))
    assert (wait, state.reservations) == (52 + MARGIN_SECONDS, ())
    assert reserve(state, NOW, ask("other", 1, "other"))[1] == 0.0


def test_twenty_requests_a_minute_are_a_users_most() -> None:
    uses = tuple(QuotaUse(NOW - 50 + 2 * number, 1, f"{number}") for number in range(20))
    assert reserve(QuotaState(uses), NOW, ask("next", 1))[1] == 10 + MARGIN_SECONDS


def test_a_refusal_closes_the_line_for_all_and_longer_when_hints_prove_too_short() -> None:
    state, waits, now = QuotaState(), [], NOW
    for _ in range(6):
        state, _ = reserve(state, now, ask())
        state = pacing.after_throttle(state, now, now, ask(), 1, {})
        waits.append(state.closed_until - now)
        assert reserve(state, now, ask("another scan"))[1] == waits[-1]
        now = state.closed_until
    assert waits == [1, 15, 60, 120, 300, 300]
    state = pacing.after_response(reserve(state, now, ask())[0], now, ask(), YEAR, {})
    assert pacing.after_throttle(state, now, now, ask(), 1, {}).closed_until == now + 1


def test_a_refusal_about_one_subscription_closes_that_one_alone() -> None:
    state, _ = reserve(QuotaState(), NOW, ask("one"))
    state = pacing.after_scope_throttle(state, NOW, NOW, ask("one"), 53, {})
    assert reserve(state, NOW, ask("one"))[1] == 53
    assert reserve(state, NOW, ask("two"))[1] == 0.0, "a refused query uses nothing up"


def test_azures_count_is_believed_over_ours() -> None:
    state, _ = reserve(QuotaState(), NOW, ask())
    left = {"QueriesPer10Sec": 0, "QueriesPerMin": 12, "QueriesPerHour": 552}
    state = pacing.after_response(state, NOW, ask(), YEAR, left)
    assert sum(use.units for use in state.uses) == 48
    assert reserve(state, NOW + 10 + MARGIN_SECONDS, ask("next"))[1] == 0.0
    quiet = {"QueriesPer10Sec": 12, "QueriesPerMin": 60, "QueriesPerHour": 600}
    assert sum(use.units for use in pacing.after_response(state, NOW, ask(), None, quiet).uses) == 0


def test_what_a_query_really_cost_is_what_counts() -> None:
    state, _ = reserve(QuotaState(), NOW, ask())
    assert pacing.after_response(state, NOW, ask(), 2, {}).uses == (QuotaUse(NOW, 2, "a step"),)


def test_another_clocks_moments_are_not_believed() -> None:
    far = NOW + 10**9
    strange = QuotaState((QuotaUse(far, YEAR),), (Reservation(far, YEAR, "x", "x"),), far, (("a step", far),))
    assert reserve(strange, NOW, ask())[1] == 0.0


LATE = st.floats(0, 1.5)
COSTS = st.dictionaries(st.integers(0, 99).map("step {}".format), st.integers(1, 12), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(COSTS, LATE)
def test_no_window_ever_holds_more_than_it_may(works: dict[str, int], late: float) -> None:
    sent, _ = drain(QuotaState(), works, late)
    assert len(sent) == len(works), "no scan is left out"
    for window in QUERY_UNITS:
        assert most_in(sent, window) <= window.limit
    requests = [QuotaUse(use.at, 1) for use in sent]
    assert most_in(requests, pacing.REQUESTS_OF_USER) <= pacing.REQUESTS_OF_USER.limit


USES = st.lists(st.tuples(st.floats(0, 4000), st.integers(1, 12)), max_size=80)


@given(USES, st.integers(1, 12))
def test_a_wait_is_as_long_as_it_has_to_be_and_no_longer(uses: list[tuple[float, int]], units: int) -> None:
    history = tuple(sorted((QuotaUse(NOW - ago, used) for ago, used in uses), key=lambda use: use.at))
    _, wait = reserve(QuotaState(history), NOW, ask(units=units))

    def fits(moment: float) -> bool:
        return all(
            sum(use.units for use in history if use.at > moment - window.seconds - MARGIN_SECONDS) + units
            <= window.limit
            for window in QUERY_UNITS
        )

    if wait < HORIZON_SECONDS:
        assert fits(NOW + wait + 1e-6)
    assert not wait or not fits(NOW + wait - 1e-3)


LEFT = st.tuples(st.integers(0, 12), st.integers(0, 48), st.integers(0, 540))


@given(USES, LEFT)
def test_after_an_answer_each_window_counts_what_azure_counts(
    uses: list[tuple[float, int]], left: tuple[int, ...]
) -> None:
    used = [12 - left[0], 12 + 48 - left[1], 60 + 540 - left[2]]
    told = {window.name: window.limit - count for window, count in zip(QUERY_UNITS, used, strict=True)}
    history = sorted((QuotaUse(NOW - ago, spent) for ago, spent in uses), key=lambda use: use.at)
    counted = pacing.aligned(history, NOW, told)
    assert [sum(u.units for u in counted if NOW - w.seconds < u.at <= NOW) for w in QUERY_UNITS] == used
    assert all(first.at <= second.at for first, second in pairwise(counted))


@settings(max_examples=40, deadline=None)
@given(USES, st.integers(1, 12))
def test_after_one_answer_azure_has_nothing_to_refuse_unless_others_go_on(
    others: list[tuple[float, int]], units: int
) -> None:
    """What others had used before is unknown at first; the figures of one answer are enough."""
    azure, state, now = Azure(others), QuotaState(), NOW
    for number in range(30):
        work = f"step {number}"
        while wait := (taken := reserve(state, now, ask(work, units)))[1]:
            state, now = taken[0], now + wait
        state, told = taken[0], azure.asked(now, units)
        assert told.is_granted or number == 0
        figures = told.remaining
        if told.is_granted:
            state = pacing.after_response(state, now, ask(work, units), units, figures)
        else:
            state = pacing.after_throttle(state, now, now, ask(work, units), told.wait, figures)
