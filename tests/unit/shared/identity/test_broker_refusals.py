import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from shared.core.errors import ClaimsChallenge, ConfigurationError, ConsentRevoked, EntraUnavailable
from shared.core.models import ConnectionState
from shared.identity.broker import TokenBroker
from shared.identity.entra import EntraClient
from shared.identity.vault import TokenVault
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections
from tests.support.clock import FakeClock
from tests.support.entra_double import OTHER_KEY, TENANT, USER, Answer, EntraDouble, granted, settings
from tests.unit.shared.identity.stored_consents import COLLEAGUE, give, stored

CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
REFUSED = (400, {"error": "invalid_grant", "error_codes": [50173]})

Recording = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    "name",
    [
        "50076-mfa-interaction-required",
        "500011-resource-principal-not-found",
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
    assert after.state_reason == caught.value.reason
    assert "AADSTS" not in caught.value.reason
    assert stored(connections, COLLEAGUE).state is ConnectionState.ACTIVE


def test_after_a_refusal_entra_is_not_asked_again(broker: TokenBroker, entra: EntraDouble) -> None:
    entra.answers = [REFUSED]
    for code in ("AADSTS50173", "sign_in_needed"):
        with pytest.raises(ConsentRevoked, match=code) as caught:
            broker.for_user(TENANT, USER).access_token()
        assert caught.value.reason == "All your sign-ins were ended, for example by a password change."
    assert len(entra.forms) == 1


@pytest.mark.parametrize("name", ["7000215-invalid-client-secret", "50011-redirect-uri-mismatch"])
def test_our_recorded_fault_never_touches_the_consent(
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


def test_a_challenge_that_a_new_token_does_not_meet_is_kept_for_the_next_sign_in(
    broker: TokenBroker, entra: EntraDouble, connections: Connections
) -> None:
    give(entra, "a", "b")
    tokens = broker.for_user(TENANT, USER)
    tokens.access_token(claims_challenge=CHALLENGE)
    error = tokens.challenge_not_met(CHALLENGE)
    assert error.claims == CHALLENGE
    after = stored(connections)
    assert (after.state, after.claims_challenge) == (ConnectionState.SIGN_IN_NEEDED, CHALLENGE)
    assert (after.refresh_token_encrypted, after.state_reason) == (None, error.reason)
    with pytest.raises(ConsentRevoked):
        broker.for_user(TENANT, USER).access_token()
