import pytest

from local.command_line import FAULT_PROFILES as OFFERED
from simulator.faults import KNOWN, Faults
from simulator.storms import STORMS

ASKED = 2_000


def strikes(faults: Faults, name: str) -> list[bool]:
    return [faults.strikes(name) for _ in range(ASKED)]


def broken_out(kind: str, seed: int) -> Faults:
    faults = Faults(kind, seed)
    faults.break_out()
    return faults


def test_the_command_line_names_every_storm() -> None:
    assert tuple(STORMS) == OFFERED


@pytest.mark.parametrize("kind", STORMS)
def test_a_storm_is_made_of_faults_that_are_known(kind: str) -> None:
    assert {*STORMS[kind].rates, *STORMS[kind].lasting} <= set(KNOWN)


def test_nothing_strikes_before_the_storm_breaks_out() -> None:
    faults = Faults("hostile", 1)
    assert not any(strikes(faults, "arm_503"))
    assert not faults.is_on("claims_challenge")
    assert faults.struck() == {}


def test_a_fault_strikes_at_its_rate_and_is_counted() -> None:
    faults = broken_out("azure", 1)
    hits = sum(strikes(faults, "arm_503"))
    assert hits == pytest.approx(ASKED * STORMS["azure"].rates["arm_503"], rel=0.3)
    assert faults.struck() == {"arm_503": hits}
    assert faults.is_on("claims_challenge")


def test_the_same_seed_strikes_the_same_again_and_another_does_not() -> None:
    first, again, other = (strikes(broken_out("azure", seed), "arm_drop") for seed in (7, 7, 8))
    assert first == again != other


def test_what_was_switched_off_stays_off_when_the_storm_goes_on() -> None:
    faults = broken_out("azure", 1)
    faults.set("claims_challenge", 0)
    faults.break_out()
    assert not faults.is_on("claims_challenge")


def test_calm_weather_is_calm() -> None:
    assert not any(any(strikes(broken_out("none", 1), name)) for name in KNOWN)


def test_hostile_is_worse_than_azure_in_everything() -> None:
    azure, hostile = STORMS["azure"].rates, STORMS["hostile"].rates
    assert all(hostile[name] > rate for name, rate in azure.items())
