"""Rotation by command and by age."""

from datetime import timedelta

import pytest

from shared.core.errors import ConfigurationError
from shared.core.setting_checks import front_door_secrets, is_fernet_key
from shared.identity.keys import SECRET_NAME
from shared.identity.rotate_keys import FRONT_DOOR, OLD_KEYS_KEPT, main, make_front_door_secret, rotate
from tests.support.clock import FakeClock
from tests.support.entra_double import KEY
from tests.support.key_vault_double import KeyVaultDouble

NINETY_DAYS = timedelta(days=90)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def double(clock: FakeClock) -> KeyVaultDouble:
    made = KeyVaultDouble(clock)
    made.add(SECRET_NAME, KEY)
    return made


def pass_days(clock: FakeClock, days: float) -> None:
    clock.sleep(timedelta(days=days).total_seconds())


def test_an_empty_vault_gets_its_first_key(clock: FakeClock) -> None:
    double = KeyVaultDouble(clock)
    assert rotate(double.vault(), clock.now(), NINETY_DAYS).added
    (key,) = double.enabled(SECRET_NAME)
    assert is_fernet_key(key)


def test_by_command_a_key_is_added_and_the_old_one_stays_readable(double: KeyVaultDouble, clock: FakeClock) -> None:
    pass_days(clock, 1)
    done = rotate(double.vault(), clock.now())
    assert (done.added, done.disabled) == (True, ())
    assert len(double.enabled(SECRET_NAME)) == 2


@pytest.mark.parametrize(("age", "is_added"), [(0, False), (89.9, False), (90, True), (400, True)])
def test_by_age_a_key_is_added_only_when_the_newest_is_old(
    double: KeyVaultDouble, clock: FakeClock, age: float, is_added: bool
) -> None:
    pass_days(clock, age)
    assert rotate(double.vault(), clock.now(), NINETY_DAYS).added is is_added


def test_a_key_is_disabled_once_it_was_superseded_for_long_enough(double: KeyVaultDouble, clock: FakeClock) -> None:
    pass_days(clock, 100)
    rotate(double.vault(), clock.now())
    clock.sleep(OLD_KEYS_KEPT.total_seconds())
    assert rotate(double.vault(), clock.now(), NINETY_DAYS).disabled == ()
    clock.sleep(1)
    done = rotate(double.vault(), clock.now(), NINETY_DAYS)
    assert (done.added, len(done.disabled)) == (False, 1)
    assert KEY not in double.enabled(SECRET_NAME)
    assert len(double.secrets[SECRET_NAME]) == 2, "it is not deleted"


def test_a_key_that_is_old_but_was_superseded_just_now_stays(double: KeyVaultDouble, clock: FakeClock) -> None:
    pass_days(clock, 1_000)
    assert rotate(double.vault(), clock.now()).disabled == ()
    assert KEY in double.enabled(SECRET_NAME)


def test_the_front_doors_secret_is_made_once(double: KeyVaultDouble) -> None:
    assert make_front_door_secret(double.vault())
    (made,) = double.enabled(FRONT_DOOR)
    assert front_door_secrets("FRONT_DOOR_SECRETS", made) == (made,)
    assert not make_front_door_secret(double.vault())
    assert double.enabled(FRONT_DOOR) == [made]


@pytest.mark.parametrize("url", ["", "https://hunter2.example"])
def test_the_command_asks_for_its_one_setting(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("KEY_VAULT_URL", url)
    with pytest.raises(ConfigurationError, match="KEY_VAULT_URL"):
        main([])
