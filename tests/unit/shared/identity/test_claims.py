import json

import pytest

from shared.identity.claims import MAX_CHALLENGE_CHARACTERS, both, usable_challenge, with_capabilities

CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
POLICY = '{"access_token":{"capolids":{"essential":true,"values":["55555555-5555-5555-5555-555555555555"]}}}'
CP1 = {"values": ["CP1"]}


def test_without_a_challenge_the_capability_alone_is_declared() -> None:
    assert json.loads(with_capabilities(None)) == {"access_token": {"xms_cc": CP1}}


def test_a_challenge_is_merged_with_the_capability() -> None:
    assert json.loads(with_capabilities(CHALLENGE)) == {
        "access_token": {"nbf": {"essential": True, "value": "1604106651"}, "xms_cc": CP1}
    }


def test_two_challenges_ask_for_what_both_ask() -> None:
    merged = both(CHALLENGE, POLICY)
    assert merged is not None
    assert set(json.loads(merged)["access_token"]) == {"nbf", "capolids"}
    assert both(None, None) is None
    assert both(CHALLENGE, None) == json.dumps(json.loads(CHALLENGE))


@pytest.mark.parametrize(
    "text", [None, "", "no json", "[]", "3", '{"access_token": 3}', '{"a": "' + "x" * MAX_CHALLENGE_CHARACTERS + '"}']
)
def test_what_is_no_challenge_is_left_out(text: str | None) -> None:
    assert usable_challenge(text) is None
    assert json.loads(with_capabilities(text)) == {"access_token": {"xms_cc": CP1}}
