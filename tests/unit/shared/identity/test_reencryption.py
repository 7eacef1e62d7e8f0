"""After a rotation every stored token comes under the newest key, and none is lost."""

import pytest

from shared.core.clock import Clock
from shared.identity.reencryption import BATCH, Reencryption, reencrypt
from shared.identity.vault import TokenVault
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections, StoredToken, StoredTokens
from tests.support.entra_double import KEY, OTHER_KEY, TENANT, USER

BEFORE, AFTER, NEWEST_ONLY = TokenVault((KEY,)), TokenVault((OTHER_KEY, KEY)), TokenVault((OTHER_KEY,))


def save(database: Database, clock: Clock, user: str = USER, vault: TokenVault = BEFORE, tenant: str = TENANT) -> None:
    encrypted = vault.encrypt(f"refresh token of {user}")
    Connections(database).save(tenant, user, "owner@contoso.example", encrypted, clock.now())


def opened(database: Database, vault: TokenVault, user: str = USER, tenant: str = TENANT) -> str:
    connection = Connections(database).get(tenant, user)
    assert connection is not None
    assert connection.refresh_token_encrypted is not None
    return vault.decrypt(connection.refresh_token_encrypted)


def test_a_token_under_an_older_key_comes_under_the_newest(database: Database, clock: Clock) -> None:
    save(database, clock)
    assert reencrypt(database, AFTER) == Reencryption(looked_at=1, reencrypted=1)
    assert opened(database, NEWEST_ONLY) == f"refresh token of {USER}"


def test_a_second_run_changes_nothing(database: Database, clock: Clock) -> None:
    save(database, clock)
    reencrypt(database, AFTER)
    before = Connections(database).get(TENANT, USER)
    assert reencrypt(database, AFTER) == Reencryption(looked_at=1)
    assert Connections(database).get(TENANT, USER) == before


def test_more_customers_than_fit_into_a_batch_are_all_reached(database: Database, clock: Clock) -> None:
    users = [f"33333333-3333-4333-8333-{number:012d}" for number in range(BATCH + 1)]
    for number, user in enumerate(users):
        save(database, clock, user, tenant=f"22222222-2222-4222-8222-{number // 3:012d}")
    assert reencrypt(database, AFTER) == Reencryption(looked_at=len(users), reencrypted=len(users))
    assert opened(database, NEWEST_ONLY, users[-1], f"22222222-2222-4222-8222-{(len(users) - 1) // 3:012d}")


def test_a_customer_without_a_token_is_passed_over(database: Database, clock: Clock) -> None:
    save(database, clock)
    Connections(database).require_sign_in(TENANT, USER, "refused", at=clock.now())
    assert reencrypt(database, AFTER) == Reencryption()


def test_a_token_that_was_replaced_meanwhile_stays_the_newer_one(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, clock)
    read = StoredTokens.after

    def read_then_replaced(stored: StoredTokens, last: StoredToken | None, limit: int) -> list[StoredToken]:
        found = read(stored, last, limit)
        if found:
            Connections(database).save(TENANT, USER, "owner@contoso.example", AFTER.encrypt("newer"), clock.now())
        return found

    monkeypatch.setattr(StoredTokens, "after", read_then_replaced)
    assert reencrypt(database, AFTER) == Reencryption(looked_at=1, changed_meanwhile=1)
    assert opened(database, NEWEST_ONLY) == "newer"


def test_a_token_that_no_key_opens_is_kept_reported_and_delays_no_other(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    save(database, clock)
    save(database, clock, "44444444-3333-4333-8333-333333333333", NEWEST_ONLY)
    assert reencrypt(database, NEWEST_ONLY) == Reencryption(looked_at=2, unreadable=1)
    assert "alert=token-unreadable" in caplog.text
    assert opened(database, BEFORE) == f"refresh token of {USER}"
    connection = Connections(database).get(TENANT, USER)
    assert connection is not None
    assert connection.state == "active"
