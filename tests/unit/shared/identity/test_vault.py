import pytest

from shared.core.errors import ConfigurationError
from shared.identity.vault import TokenVault
from tests.support.entra_double import KEY, OTHER_KEY

SECRET = "0.AXkA-a-refresh-token"


def test_what_is_stored_does_not_hold_the_token_and_opens_again() -> None:
    vault = TokenVault((KEY,))
    stored = vault.encrypt(SECRET)
    assert SECRET.encode() not in stored
    assert stored.startswith(b"gAAAAA")
    assert vault.decrypt(stored) == SECRET


def test_the_same_token_is_never_stored_twice_alike() -> None:
    vault = TokenVault((KEY,))
    assert vault.encrypt(SECRET) != vault.encrypt(SECRET)


def test_after_a_rotation_old_tokens_open_and_new_ones_use_the_new_key() -> None:
    before, after = TokenVault((KEY,)), TokenVault((OTHER_KEY, KEY))
    assert after.decrypt(before.encrypt(SECRET)) == SECRET
    assert TokenVault((OTHER_KEY,)).decrypt(after.encrypt(SECRET)) == SECRET


def test_a_lost_key_is_our_fault_and_the_text_holds_no_secret() -> None:
    stored = TokenVault((KEY,)).encrypt(SECRET)
    with pytest.raises(ConfigurationError, match="TOKEN_ENCRYPTION_KEYS") as caught:
        TokenVault((OTHER_KEY,)).decrypt(stored)
    assert KEY not in str(caught.value)
    assert OTHER_KEY not in str(caught.value)


@pytest.mark.parametrize("stored", [b"", b"plain text", b"gAAAAA"])
def test_what_is_no_ciphertext_is_our_fault(stored: bytes) -> None:
    with pytest.raises(ConfigurationError):
        TokenVault((KEY,)).decrypt(stored)


@pytest.mark.parametrize("keys", [(), ("short",), (KEY, "not base64 !")])
def test_keys_that_are_none_are_refused_without_being_repeated(keys: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="TOKEN_ENCRYPTION_KEYS") as caught:
        TokenVault(keys)
    assert not any(key in str(caught.value) for key in keys)
