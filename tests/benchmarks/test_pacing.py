"""A tenant's costs come as fast as its quota allows. Simulated time: the figures are the same on any machine."""

from pathlib import Path

import pytest

from tests.benchmarks.pacing import HALF_IN_DROPS, HALF_IN_GULPS, SUBSCRIPTIONS, Outcome, Portal, least_seconds, scan

MOST = 1.07
"""Times what the quota allows. A subscription that takes two groupings refuses three queries first: each is a turn."""

SHARED = 1.02
"""Times what a tenant takes alone, while another is read too."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Two tenants, each by itself."""
    return [scan(tmp_path_factory.mktemp("alone"), (number,))[0] for number in (1, 2)]


def test_the_least_is_what_the_windows_give_out() -> None:
    assert [least_seconds(12 * years) for years in (1, 2, 5, 6, 50, 51)] == [0, 10, 40, 60, 580, 3600]


def test_fifty_subscriptions_take_as_long_as_the_quota_and_are_never_refused(alone: list[Outcome]) -> None:
    for outcome in alone:
        assert (outcome.refusals, outcome.unread, outcome.pages) == (0, 0, SUBSCRIPTIONS)
        assert outcome.least == 580
        assert outcome.ratio <= MOST
        assert outcome.messages <= 3 * SUBSCRIPTIONS, "no step comes back in vain"


def test_two_tenants_at_once_are_each_as_fast_as_alone(tmp_path: Path, alone: list[Outcome]) -> None:
    together = scan(tmp_path, (1, 2))
    assert [outcome.refusals + outcome.unread for outcome in together] == [0, 0]
    for outcome, single in zip(together, alone, strict=True):
        assert outcome.ratio <= MOST
        assert outcome.seconds <= SHARED * single.seconds


@pytest.mark.parametrize("portal", [HALF_IN_GULPS, HALF_IN_DROPS], ids=["in gulps", "in drops"])
def test_a_portal_that_uses_half_starves_no_scan(tmp_path: Path, portal: Portal) -> None:
    (outcome,) = scan(tmp_path, portal=portal)
    assert outcome.unread == 0
    assert outcome.portal_units > 0
    assert outcome.ratio <= MOST, "what was left was used"
