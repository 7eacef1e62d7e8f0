import hashlib

import pytest

from shared.identity.id_token import (
    CLOCK_SKEW_SECONDS,
    Identity,
    IdTokenRefused,
    OtherTenantRefused,
    PersonalAccountRefused,
    identity_of,
)
from shared.identity.tenants import PERSONAL_ACCOUNTS
from tests.support.clock import START
from tests.support.entra_double import CLIENT_ID, HOST, NOW, TENANT, USER, Json, id_claims

NONCE = "the-nonce"
HASHED = hashlib.sha256(NONCE.encode()).hexdigest()
OTHER = "99999999-9999-9999-9999-999999999999"


def check(changes: Json | None = None, named: str | None = None) -> Identity:
    return identity_of(
        id_claims(**{"nonce": HASHED, **(changes or {})}),
        client_id=CLIENT_ID,
        authority_host=HOST,
        nonce=NONCE,
        named_tenant_id=named,
        now=START,
    )


def test_a_right_token_names_the_user_of_the_tenant() -> None:
    assert check() == Identity(TENANT, USER, "owner@contoso.example")
    assert check(named=TENANT).tenant_id == TENANT


def test_ids_are_kept_in_one_casing() -> None:
    letters = "abcdefab-abcd-abcd-abcd-abcdefabcdef"
    assert check({"oid": letters.upper()}).user_object_id == letters


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("aud", OTHER),
        ("aud", None),
        ("aud", [CLIENT_ID]),
        ("iss", f"{HOST}/{OTHER}/v2.0"),
        ("iss", f"https://sts.windows.net/{TENANT}/"),
        ("iss", f"https://evil.example/{TENANT}/v2.0"),
        ("iss", None),
        ("tid", OTHER),
        ("nonce", NONCE),
        ("nonce", "another"),
        ("nonce", None),
        ("tid", None),
        ("tid", "contoso.example"),
        ("tid", f"{TENANT}/"),
        ("tid", 3),
        ("oid", None),
        ("oid", "owner@contoso.example"),
        ("oid", f"{USER}\n"),
        ("exp", None),
        ("exp", str(NOW + 3600)),
        ("exp", True),
        ("exp", NOW - CLOCK_SKEW_SECONDS - 1),
        ("nbf", NOW + CLOCK_SKEW_SECONDS + 1),
        ("nbf", "soon"),
    ],
)
def test_any_wrong_claim_refuses_the_token_without_quoting_it(claim: str, value: object) -> None:
    with pytest.raises(IdTokenRefused) as caught:
        check({claim: value})
    assert str(value) not in str(caught.value) or value in (None, 3, True)


def test_clocks_may_differ_a_little() -> None:
    assert check({"exp": NOW - CLOCK_SKEW_SECONDS + 1})
    assert check({"nbf": NOW + CLOCK_SKEW_SECONDS - 1})
    assert check({"nbf": None})


def test_a_personal_account_is_recognised() -> None:
    with pytest.raises(PersonalAccountRefused):
        check({"tid": PERSONAL_ACCOUNTS, "iss": f"{HOST}/{PERSONAL_ACCOUNTS}/v2.0"})


def test_a_token_of_another_tenant_than_the_named_one_is_recognised() -> None:
    with pytest.raises(OtherTenantRefused):
        check(named=OTHER)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, USER),
        ("", USER),
        (7, USER),
        (" a\nb\x00c\u202e ", "abc"),
        ("x" * 1000, "x" * 320),
        ("älva@contoso.example", "älva@contoso.example"),
    ],
)
def test_the_name_is_for_display_and_made_safe_for_it(name: object, shown: str) -> None:
    assert check({"preferred_username": name}).username == shown
