import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.core.errors import ClaimsChallenge, ConfigurationError, ConsentRevoked, EntraUnavailable
from shared.core.models import Connection, ConnectionState
from shared.identity.broker import EXPIRY_MARGIN, TokenBroker
from shared.identity.entra import EntraClient, Tokens
from shared.identity.vault import TokenVault
from shared.sql.connections import Connections
from shared.sql.engine import Database
from tests.clock import FakeClock
from tests.entra_double import KEY, OTHER_KEY, TENANT, USER, Answer, EntraDouble, granted, settings

COLLEAGUE = "55555555-5555-5555-5555-555555555555"
CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
REFUSED = (400, {"error": "invalid_grant", "error_codes": [50173]})

Recording = Callable[[str], dict[str, Any]]


@pytest.fixture
def connections(database: Database, clock: FakeClock) -> Connections:
    made = Connections(database)
    for user in (USER, COLLEAGUE):
        token = TokenVault((KEY,)).encrypt(f"refresh-1 of {user}")
        made.save(TENANT, user, "owner@contoso.example", token, clock.now())
    return made


@pytest.fixture
def broker(entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock) -> TokenBroker:
    assert connections is not None
    return TokenBroker(EntraClient(settings(), entra.session), database, TokenVault((KEY,)), clock)


def stored(connections: Connections, user: str = USER) -> Connection:
    connection = connections.get(TENANT, user)
    assert connection is not None
    return connection


def stored_token(connections: Connections) -> str:
    encrypted = stored(connections).refresh_token_encrypted
    assert encrypted is not None
    return TokenVault((KEY,)).decrypt(encrypted)


def give(entra: EntraDouble, *names: str, expires_in: int | None = 3600) -> None:
    """Entra will hand out these access tokens in turn, each with a refresh token of its own."""
    entra.answers = [
        (200, granted(access_token=name, refresh_token=f"refresh for {name}", expires_in=expires_in)) for name in names
    ]


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


@pytest.mark.parametrize(
    "name",
    [
        "50076-mfa-interaction-required",
        "50173-grant-revoked",
        "65001-consent-required",
        "700082-refresh-token-inactive",
        "700084-spa-refresh-token",
        "70043-sign-in-frequency",
    ],
)
def test_a_recorded_refusal_of_the_grant_ends_the_consent_and_deletes_the_token(
    broker: TokenBroker, entra: EntraDouble, connections: Connections, recording: Recording, name: str
) -> None:
    answer = recording(f"entra-token/{name}.json")["response"]
    entra.answer(answer["status"], answer["body"])
    with pytest.raises(ConsentRevoked) as caught:
        broker.for_user(TENANT, USER).access_token()
    assert name.partition("-")[0] in caught.value.code
    after = stored(connections)
    assert (after.state, after.refresh_token_encrypted) == (ConnectionState.SIGN_IN_NEEDED, None)
    assert after.state_reason == caught.value.code
    assert stored(connections, COLLEAGUE).state is ConnectionState.ACTIVE


def test_after_a_refusal_entra_is_not_asked_again(broker: TokenBroker, entra: EntraDouble) -> None:
    entra.answers = [REFUSED]
    for _ in range(2):
        with pytest.raises(ConsentRevoked, match="AADSTS50173"):
            broker.for_user(TENANT, USER).access_token()
    assert len(entra.forms) == 1


@pytest.mark.parametrize(
    "name", ["7000215-invalid-client-secret", "500011-resource-principal-not-found", "50011-redirect-uri-mismatch"]
)
def test_a_recorded_fault_of_ours_never_touches_the_consent(
    broker: TokenBroker, entra: EntraDouble, connections: Connections, recording: Recording, name: str
) -> None:
    before = stored(connections)
    answer = recording(f"entra-token/{name}.json")["response"]
    entra.answer(answer["status"], answer["body"])
    with pytest.raises(ConfigurationError, match=name.partition("-")[0]):
        broker.for_user(TENANT, USER).access_token()
    assert stored(connections) == before


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": "invalid_grant", "error_codes": [50173]}),
        (503, b"<html>"),
        (429, {}),
        (400, {"error": "temporarily_unavailable"}),
        (400, {"error": "invalid_grant", "error_codes": [90033]}),
        (400, {"error": "invalid_grant", "error_codes": [50196]}),
        (400, b""),
        (200, b"<html>"),
        (200, granted(id_token="cut")),
        requests.ConnectTimeout("x"),
        requests.exceptions.ChunkedEncodingError("x"),
    ],
)
def test_what_passes_never_touches_the_consent(
    broker: TokenBroker, entra: EntraDouble, connections: Connections, answer: Answer
) -> None:
    before = stored(connections)
    entra.answers = [answer]
    with pytest.raises(EntraUnavailable):
        broker.for_user(TENANT, USER).access_token()
    assert stored(connections) == before


def test_a_refusal_that_we_do_not_know_never_touches_the_consent(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    before = stored(connections)
    entra.answers = [(400, {"error": "something_new", "error_codes": [50173]})]
    with pytest.raises(ConfigurationError):
        broker.for_user(TENANT, USER).access_token()
    assert stored(connections) == before


def test_a_lost_key_is_our_fault_and_never_a_revocation(
    entra: EntraDouble, database: Database, connections: Connections, clock: FakeClock
) -> None:
    before = stored(connections)
    broker = TokenBroker(EntraClient(settings(), entra.session), database, TokenVault((OTHER_KEY,)), clock)
    with pytest.raises(ConfigurationError, match="TOKEN_ENCRYPTION_KEYS"):
        broker.for_user(TENANT, USER).access_token()
    assert stored(connections) == before
    assert entra.requests_seen == []


def test_a_challenge_is_answered_with_a_token_that_carries_it(broker: TokenBroker, entra: EntraDouble) -> None:
    give(entra, "a", "b")
    tokens = broker.for_user(TENANT, USER)
    tokens.access_token()
    assert tokens.access_token(claims_challenge=CHALLENGE) == "b"
    asked = json.loads(entra.forms[1]["claims"])["access_token"]
    assert asked == {"nbf": {"essential": True, "value": "1604106651"}, "xms_cc": {"values": ["CP1"]}}
    assert tokens.access_token() == "b"


def test_a_challenge_that_needs_the_person_is_kept_for_the_next_sign_in(
    broker: TokenBroker, entra: EntraDouble, connections: Connections, recording: Recording
) -> None:
    answer = recording("entra-token/50079-claims-capolids.json")["response"]
    entra.answer(answer["status"], answer["body"])
    with pytest.raises(ClaimsChallenge) as caught:
        broker.for_user(TENANT, USER).access_token(claims_challenge=CHALLENGE)
    assert set(json.loads(caught.value.claims)["access_token"]) == {"nbf", "capolids"}
    after = stored(connections)
    assert after.claims_challenge == caught.value.claims
    assert (after.state, after.refresh_token_encrypted) == (ConnectionState.SIGN_IN_NEEDED, None)


def test_a_challenge_during_a_fault_that_passes_is_not_kept(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    before = stored(connections)
    entra.answers = [(503, {})]
    with pytest.raises(EntraUnavailable):
        broker.for_user(TENANT, USER).access_token(claims_challenge=CHALLENGE)
    assert stored(connections) == before


def test_a_new_job_does_not_use_the_token_of_a_consent_that_has_ended(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    give(entra, "a", "b")
    running = broker.for_user(TENANT, USER)
    running.access_token()
    connections.disconnect(TENANT, USER)
    with pytest.raises(ConsentRevoked, match="disconnected"):
        broker.for_user(TENANT, USER).access_token()
    with pytest.raises(ConsentRevoked):
        running.access_token()
    assert len(entra.forms) == 1


def test_somebody_who_never_consented_gets_nothing(broker: TokenBroker, entra: EntraDouble) -> None:
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
    client = During(entra, lambda: connections.disconnect(TENANT, USER))
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
    with pytest.raises(EntraUnavailable, match="anew"):
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
    assert "code='invalid_grant AADSTS50173' remedy=sign_in_again" in caplog.text
