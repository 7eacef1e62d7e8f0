import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.core.audit import SYSTEM
from shared.core.errors import ConsentRevoked, EntraUnavailable
from shared.core.models import ConnectionState
from shared.identity.broker import EXPIRY_MARGIN, TokenBroker
from shared.identity.entra import EntraClient, Tokens
from shared.identity.vault import TokenVault
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections
from tests.support.clock import START, FakeClock
from tests.support.entra_double import KEY, TENANT, USER, EntraDouble, granted, settings
from tests.unit.shared.identity.stored_consents import COLLEAGUE, give, stored, stored_token

REFUSED = (400, {"error": "invalid_grant", "error_codes": [50173]})


def test_a_token_is_made_from_the_stored_refresh_token_once(broker: TokenBroker, entra: EntraDouble) -> None:
    give(entra, "a", "b")
    assert [broker.for_user(TENANT, USER).access_token() for _ in range(3)] == ["a", "a", "a"]
    assert [form["refresh_token"] for form in entra.forms] == [f"refresh-1 of {USER}"]


def test_each_user_has_tokens_of_their_own(broker: TokenBroker, entra: EntraDouble) -> None:
    give(entra, "a", "b")
    assert broker.for_user(TENANT, USER).access_token() == "a"
    assert broker.for_user(TENANT, COLLEAGUE).access_token() == "b"
    assert broker.for_user(TENANT, USER).access_token() == "a"
    assert entra.forms[1]["refresh_token"] == f"refresh-1 of {COLLEAGUE}"


def test_the_new_refresh_token_takes_the_place_of_the_old_encrypted(
    broker: TokenBroker, entra: EntraDouble, connections: Connections, tmp_path: Path
) -> None:
    give(entra, "a-long-access-token")
    broker.for_user(TENANT, USER).access_token()
    assert stored_token(connections) == "refresh for a-long-access-token"
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"a-long-access-token" not in on_disk


def test_without_a_new_refresh_token_the_old_one_stays(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    entra.answers = [(200, granted(refresh_token=None))]
    broker.for_user(TENANT, USER).access_token()
    assert stored_token(connections) == f"refresh-1 of {USER}"


def test_a_token_is_renewed_before_it_ends(broker: TokenBroker, entra: EntraDouble, clock: FakeClock) -> None:
    give(entra, "a", "b", expires_in=3600)
    tokens = broker.for_user(TENANT, USER)
    assert tokens.access_token() == "a"
    clock.sleep(3600 - EXPIRY_MARGIN.total_seconds() - 1)
    assert tokens.access_token() == "a"
    clock.sleep(1)
    assert tokens.access_token() == "b"


def test_a_token_that_lives_for_a_day_is_renewed_after_an_hour_all_the_same(
    broker: TokenBroker, entra: EntraDouble, clock: FakeClock
) -> None:
    give(entra, "a", "b", expires_in=28 * 3600)
    tokens = broker.for_user(TENANT, USER)
    assert tokens.access_token() == "a"
    clock.sleep(3600 - EXPIRY_MARGIN.total_seconds() - 1)
    assert tokens.access_token() == "a"
    clock.sleep(1)
    assert tokens.access_token() == "b"


def test_a_token_with_no_lifetime_is_not_used_twice(broker: TokenBroker, entra: EntraDouble) -> None:
    give(entra, "a", "b", expires_in=None)
    tokens = broker.for_user(TENANT, USER)
    assert [tokens.access_token(), tokens.access_token()] == ["a", "b"]


def test_renewing_gives_another_token_but_only_one_refresh_for_all_who_ask(
    broker: TokenBroker, entra: EntraDouble
) -> None:
    give(entra, "a", "b", "c")
    first, second = broker.for_user(TENANT, USER), broker.for_user(TENANT, USER)
    assert (first.access_token(), second.access_token()) == ("a", "a")
    assert first.access_token(renew=True) == "b"
    assert second.access_token(renew=True) == "b"
    assert len(entra.forms) == 2


def test_many_threads_cause_one_refresh(broker: TokenBroker, entra: EntraDouble) -> None:
    give(entra, "a", "b")
    barrier, seen = threading.Barrier(8), []

    def work() -> None:
        tokens = broker.for_user(TENANT, USER)
        barrier.wait()
        seen.append(tokens.access_token())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["a"] * 8
    assert len(entra.forms) == 1


def test_a_new_job_does_not_use_the_token_of_a_consent_that_has_ended(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    give(entra, "a", "b")
    running = broker.for_user(TENANT, USER)
    running.access_token()
    connections.disconnect(TENANT, USER, by=SYSTEM, at=START)
    with pytest.raises(ConsentRevoked, match="disconnected"):
        broker.for_user(TENANT, USER).access_token()
    with pytest.raises(ConsentRevoked):
        running.access_token()
    assert len(entra.forms) == 1


def test_a_user_who_never_consented_gets_nothing(broker: TokenBroker, entra: EntraDouble) -> None:
    with pytest.raises(ConsentRevoked):
        broker.for_user(TENANT, "66666666-6666-6666-6666-666666666666").access_token()
    assert entra.requests_seen == []


class During(EntraClient):
    """Lets something happen while Entra is being asked."""

    def __init__(self, entra: EntraDouble, happen: Callable[[], object]) -> None:
        super().__init__(settings(), entra.session)
        self._happen = happen

    def refresh(self, tenant_id: str, refresh_token: str, claims: str | None = None) -> Tokens:
        self._happen()
        return super().refresh(tenant_id, refresh_token, claims)


def test_a_customer_who_disconnects_during_a_refresh_stays_disconnected(
    entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock
) -> None:
    give(entra, "a")
    client = During(entra, lambda: connections.disconnect(TENANT, USER, by=SYSTEM, at=START))
    broker = TokenBroker(client, database, TokenVault((KEY,)), clock)
    with pytest.raises(ConsentRevoked, match="disconnected"):
        broker.for_user(TENANT, USER).access_token()
    after = stored(connections)
    assert (after.state, after.refresh_token_encrypted) == (ConnectionState.DISCONNECTED, None)


def test_of_two_processes_that_refresh_at_once_both_work_and_one_token_is_kept(
    entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock
) -> None:
    give(entra, "a", "b")
    vault = TokenVault((KEY,))
    other = TokenBroker(EntraClient(settings(), entra.session), database, vault, clock)
    client = During(entra, lambda: other.for_user(TENANT, USER).access_token())
    assert TokenBroker(client, database, vault, clock).for_user(TENANT, USER).access_token() == "b"
    assert stored_token(connections) == "refresh for a"


def test_a_late_refusal_does_not_end_a_newer_consent(
    entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock
) -> None:
    def sign_in_again() -> None:
        clock.sleep(1)
        connections.save(TENANT, USER, "owner@contoso.example", TokenVault((KEY,)).encrypt("newer"), clock.now())

    entra.answers = [REFUSED]
    broker = TokenBroker(During(entra, sign_in_again), database, TokenVault((KEY,)), clock)
    with pytest.raises(EntraUnavailable, match="consented again"):
        broker.for_user(TENANT, USER).access_token()
    assert stored(connections).state is ConnectionState.ACTIVE
    assert stored_token(connections) == "newer"


def test_nothing_secret_is_logged_or_shown(
    broker: TokenBroker, entra: EntraDouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    give(entra, "a-long-access-token")
    tokens = broker.for_user(TENANT, USER)
    tokens.access_token()
    entra.answers = [(400, {**REFUSED[1], "error_description": "AADSTS50173: me@contoso.example"})]
    with pytest.raises(ConsentRevoked) as caught:
        tokens.access_token(renew=True)
    shown = caplog.text + repr(vars(broker)) + repr(tokens) + str(caught.value)
    for secret in ("a-long-access-token", "refresh-1", "refresh for", "me@contoso.example"):
        assert secret not in shown
    assert "remedy=sign_in_again reason=invalid_grant AADSTS50173" in caplog.text
