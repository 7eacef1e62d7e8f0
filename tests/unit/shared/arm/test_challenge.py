"""Claims challenges, as RFC 9110 lets them be written."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arm.challenge import claims_challenge

CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1752041837"},"x":"??>>"}}'


def _encoded(url_safe: bool = False, padded: bool = True) -> str:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    text = encode(CLAIMS.encode()).decode()
    return text if padded else text.rstrip("=")


@pytest.mark.parametrize("url_safe", [True, False])
@pytest.mark.parametrize("padded", [True, False])
def test_claims_are_read_in_either_alphabet_padded_or_not(url_safe: bool, padded: bool) -> None:
    header = f'Bearer realm="", error="insufficient_claims", claims="{_encoded(url_safe, padded)}"'
    assert claims_challenge(header) == CLAIMS


def test_the_order_of_members_a_second_scheme_and_commas_in_texts_do_not_matter() -> None:
    header = (
        f'Bearer claims="{_encoded()}", error_description="a, b=c, error=\\"no\\"", realm="", '
        'error="insufficient_claims", PoP realm="", authorization_uri="https://login.microsoftonline.com/x"'
    )
    assert claims_challenge(header) == CLAIMS


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"',
        'Bearer error="insufficient_claims"',
        'Bearer error="insufficient_claims", claims="%%%"',
        'Bearer error="insufficient_claims", claims="W10="',  # a list
        'Bearer error_description="error=insufficient_claims, claims=e30="',
        f'Bearer error="invalid_token", claims="{_encoded()}"',
    ],
)
def test_what_is_no_claims_challenge_is_none(header: str | None) -> None:
    assert claims_challenge(header) is None


@given(st.text(max_size=300))
def test_any_header_is_survived(header: str) -> None:
    found = claims_challenge(header)
    assert found is None or isinstance(json.loads(found), dict)
