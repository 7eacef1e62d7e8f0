import pytest

from local.command_line import FAULT_PROFILES as OFFERED
from simulator.fault_profiles import FAULT_PROFILES
from simulator.faults import KNOWN, Faults

ASKED = 2_000


def strikes(faults: Faults, name: str) -> list[bool]:
    return [faults.strikes(name) for _ in range(ASKED)]


def begun(kind: str, seed: int) -> Faults:
    faults = Faults(kind, seed)
    faults.begin_profile()
    return faults


def test_the_command_line_names_every_fault_profile() -> None:
    assert tuple(FAULT_PROFILES) == OFFERED


@pytest.mark.parametrize("kind", FAULT_PROFILES)
def test_a_profile_is_made_of_faults_that_are_known(kind: str) -> None:
    assert {*FAULT_PROFILES[kind].rates, *FAULT_PROFILES[kind].lasting} <= set(KNOWN)


def test_nothing_strikes_before_the_profile_begins() -> None:
    faults = Faults("hostile", 1)
    assert not any(strikes(faults, "arm_503"))
    assert not faults.is_on("claims_challenge")
    assert faults.struck() == {}


def test_a_fault_strikes_at_its_rate_and_is_counted() -> None:
    faults = begun("azure", 1)
    hits = sum(strikes(faults, "arm_503"))
    assert hits == pytest.approx(ASKED * FAULT_PROFILES["azure"].rates["arm_503"], rel=0.3)
    assert faults.struck() == {"arm_503": hits}
    assert faults.is_on("claims_challenge")


def test_the_same_seed_strikes_the_same_again_and_another_does_not() -> None:
    first, again, other = (strikes(begun("azure", seed), "arm_drop") for seed in (7, 7, 8))
    assert first == again != other


def test_what_was_switched_off_stays_off_when_the_profile_begins_again() -> None:
    faults = begun("azure", 1)
    faults.set("claims_challenge", 0)
    faults.begin_profile()
    assert not faults.is_on("claims_challenge")


def test_without_a_profile_nothing_strikes() -> None:
    assert not any(any(strikes(begun("none", 1), name)) for name in KNOWN)


def test_hostile_is_worse_than_azure_in_everything() -> None:
    azure, hostile = FAULT_PROFILES["azure"].rates, FAULT_PROFILES["hostile"].rates
    assert all(hostile[name] > rate for name, rate in azure.items())
