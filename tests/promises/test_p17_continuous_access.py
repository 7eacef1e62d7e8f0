"""P17: claims challenges of Continuous Access Evaluation are honoured, and we say that we do."""

import base64
import json
from collections.abc import Callable

import pytest

from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.arm.request import ArmRequest
from shared.core.errors import ClaimsChallenge
from tests.support.arm_replay import Reply, Tokens, Wire, client
from tests.support.entra_double import TENANT, USER, granted
from tests.support.signing_in import SigningIn
from web.customer.consent import consent_callback

CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


def claims_of(text: str) -> dict[str, object]:
    claims: dict[str, object] = json.loads(text)["access_token"]
    return claims


def test_every_request_declares_that_we_honour_them(site: SigningIn) -> None:
    query = site.start()
    site.get(consent_callback, site.accept(query))
    site.entra.answers = [(200, granted())]
    site.parts.tokens.for_user(TENANT, USER).access_token()
    declared = [claims_of(query["claims"]), *(claims_of(form["claims"]) for form in site.entra.forms)]
    assert declared == [{"xms_cc": {"values": ["CP1"]}}] * 3


def test_a_challenge_is_passed_on_at_once(site: SigningIn) -> None:
    site.sign_in()
    site.entra.answers = [(200, granted(access_token="first")), (200, granted(access_token="second"))]
    tokens = site.parts.tokens.for_user(TENANT, USER)
    assert tokens.access_token() == "first"
    assert tokens.access_token(claims_challenge=CHALLENGE) == "second"
    assert claims_of(site.entra.forms[-1]["claims"])["acrs"] == {"essential": True, "value": "c1"}


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_challenge_of_azures_ends_in_a_token_with_the_claims_and_one_more_try(
    encode: Callable[[bytes], bytes],
) -> None:
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{encode(CHALLENGE.encode()).decode()}"'
    wire, tokens = Wire(Reply(401, b"", {"WWW-Authenticate": challenge}), Reply(body={"value": []})), Tokens()
    client(wire).send(ArmRequest(LIST_SUBSCRIPTIONS), tokens)
    assert [asked["claims_challenge"] for asked in tokens.asked] == [None, CHALLENGE]
    assert [sent.headers["Authorization"] for sent in wire.sent] == ["Bearer access-token-1", "Bearer access-token-2"]


def test_one_that_needs_the_person_is_kept_and_asked_for_when_they_come_back(site: SigningIn) -> None:
    site.sign_in()
    site.entra.answers = [(400, {"error": "interaction_required", "error_codes": [50076]})]
    with pytest.raises(ClaimsChallenge):
        site.parts.tokens.for_user(TENANT, USER).access_token(claims_challenge=CHALLENGE)
    query = site.start()
    assert claims_of(query["claims"])["acrs"] == {"essential": True, "value": "c1"}
    site.get(consent_callback, site.accept(query))
    assert site.connection is not None
    assert site.connection.claims_challenge is None
