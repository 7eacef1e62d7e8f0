"""Encryption keys out of the Key Vault, through Microsoft's own client."""

import logging

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError

from shared.core.errors import AzureUnavailable, ConfigurationError
from shared.identity.keys import KEYS_LIFE, PAUSE, SECRET_NAME, KeyVaultKeys
from shared.identity.vault import TokenVault
from tests.support.clock import FakeClock
from tests.support.entra_double import KEY, OTHER_KEY
from tests.support.key_vault_double import Identity, KeyVaultDouble

LIFE, SHORT_PAUSE = KEYS_LIFE.total_seconds(), PAUSE.total_seconds()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def double(clock: FakeClock) -> KeyVaultDouble:
    """A vault with one key, a day old."""
    made = KeyVaultDouble(clock)
    made.add(SECRET_NAME, KEY)
    clock.sleep(86_400)
    return made


@pytest.fixture
def keys(double: KeyVaultDouble, clock: FakeClock) -> KeyVaultKeys:
    return KeyVaultKeys(double.vault(), clock)


def test_the_newest_enabled_version_comes_first(double: KeyVaultDouble, keys: KeyVaultKeys) -> None:
    double.add(SECRET_NAME, "not even a key", enabled=False)
    double.add(SECRET_NAME, OTHER_KEY)
    assert keys.newest_first() == (OTHER_KEY, KEY)


def test_the_vault_is_asked_once_in_a_while(double: KeyVaultDouble, keys: KeyVaultKeys, clock: FakeClock) -> None:
    for _ in range(3):
        keys.newest_first()
    clock.sleep(LIFE - 1)
    keys.newest_first()
    assert (double.lists, len(double.values_read)) == (1, 1)
    clock.sleep(1)
    keys.newest_first()
    assert (double.lists, len(double.values_read)) == (2, 1), "a value never changes, so it is read once"


def test_a_rotation_is_seen_without_a_restart(double: KeyVaultDouble, keys: KeyVaultKeys, clock: FakeClock) -> None:
    assert keys.newest_first() == (KEY,)
    double.add(SECRET_NAME, OTHER_KEY)
    assert keys.newest_first() == (KEY,)
    clock.sleep(LIFE)
    assert keys.newest_first() == (OTHER_KEY, KEY)


def test_a_disabled_key_is_used_no_more(double: KeyVaultDouble, keys: KeyVaultKeys, clock: FakeClock) -> None:
    clock.sleep(1)
    newer = double.add(SECRET_NAME, OTHER_KEY)
    assert keys.newest_first() == (OTHER_KEY, KEY)
    double.disable(SECRET_NAME, newer)
    clock.sleep(LIFE)
    assert keys.newest_first() == (KEY,)


def test_what_another_process_encrypted_under_a_newer_key_opens(
    double: KeyVaultDouble, keys: KeyVaultKeys, clock: FakeClock
) -> None:
    vault = TokenVault(keys)
    assert vault.decrypt(vault.encrypt("secret")) == "secret"
    double.add(SECRET_NAME, OTHER_KEY)
    clock.sleep(SHORT_PAUSE)
    assert vault.decrypt(TokenVault((OTHER_KEY,)).encrypt("from the other")) == "from the other"


def test_a_text_that_no_key_opens_does_not_ask_the_vault_again_and_again(
    double: KeyVaultDouble, keys: KeyVaultKeys
) -> None:
    vault, foreign = TokenVault(keys), TokenVault((OTHER_KEY,)).encrypt("secret")
    for _ in range(5):
        with pytest.raises(ConfigurationError, match="enable its version in the Key Vault again"):
            vault.decrypt(foreign)
    assert double.lists == 1


@pytest.mark.parametrize("fault", [(503, "Busy"), (429, "Throttled"), requests.ConnectionError("no route")])
def test_while_the_vault_does_not_answer_the_keys_at_hand_stay_in_use(
    double: KeyVaultDouble,
    keys: KeyVaultKeys,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    fault: tuple[int, str] | Exception,
) -> None:
    keys.newest_first()
    double.fault = fault
    clock.sleep(LIFE)
    assert keys.newest_first() == (KEY,)
    assert "event=keys-kept" in caplog.text


@pytest.mark.parametrize("fault", [(503, "Busy"), (429, "Throttled"), requests.ConnectionError("no route")])
def test_without_keys_at_hand_it_is_a_fault_that_passes(
    double: KeyVaultDouble, keys: KeyVaultKeys, fault: tuple[int, str] | Exception
) -> None:
    double.fault = fault
    with pytest.raises(AzureUnavailable, match="Key Vault"):
        keys.newest_first()
    double.fault = None
    assert keys.newest_first() == (KEY,)


def test_an_identity_that_gets_no_token_is_a_fault_that_passes(double: KeyVaultDouble, clock: FakeClock) -> None:
    vault = double.vault(Identity(ClientAuthenticationError("no identity endpoint")))
    with pytest.raises(AzureUnavailable, match="Key Vault"):
        KeyVaultKeys(vault, clock).newest_first()


def test_a_refusal_names_the_role_that_the_identity_lacks(double: KeyVaultDouble, keys: KeyVaultKeys) -> None:
    double.fault = (403, "Forbidden")
    with pytest.raises(ConfigurationError, match=r"KEY_VAULT_URL.*grant the identity Key Vault Secrets User"):
        keys.newest_first()


@pytest.mark.parametrize("value", [None, "hunter2"])
def test_a_vault_without_a_usable_key_says_how_to_add_one(clock: FakeClock, value: str | None) -> None:
    double = KeyVaultDouble(clock)
    if value:
        double.add(SECRET_NAME, value)
    with pytest.raises(ConfigurationError, match=r"shared\.identity\.rotate_keys") as caught:
        KeyVaultKeys(double.vault(), clock).newest_first()
    assert "hunter2" not in f"{caught.value!r}"


def test_no_key_is_ever_logged(double: KeyVaultDouble, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert KeyVaultKeys(double.vault(), clock).newest_first() == (KEY,)
    assert "vault.azure.net" in caplog.text, "the client does log at this level"
    assert KEY not in caplog.text
