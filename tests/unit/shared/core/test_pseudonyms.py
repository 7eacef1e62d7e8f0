"""Pseudonyms lead back to no one without a key, and are the same for the same identifier."""

import hashlib
import hmac

from shared.core.pseudonyms import Pseudonyms

TENANT = "11111111-1111-4111-8111-11111111111a"


def pseudonyms(*keys: str) -> Pseudonyms:
    return Pseudonyms(lambda: keys)


def test_a_pseudonym_is_an_hmac_of_the_identifier_for_this_purpose_alone() -> None:
    expected = hmac.new(b"key", b"caleta pseudonym:" + TENANT.encode(), hashlib.sha256).hexdigest()
    assert pseudonyms("key").of(TENANT) == expected
    assert expected != hmac.new(b"key", TENANT.encode(), hashlib.sha256).hexdigest()


def test_another_key_or_another_identifier_has_another_pseudonym() -> None:
    made = {pseudonyms(key).of(name) for key in ("key", "other") for name in (TENANT, TENANT.replace("a", "b"))}
    assert len(made) == 4


def test_letters_of_either_case_are_the_same_identifier() -> None:
    assert pseudonyms("key").of(TENANT.upper()) == pseudonyms("key").of(TENANT)


def test_the_newest_key_is_used_and_the_older_ones_still_find() -> None:
    rotated = pseudonyms("newest", "older")
    assert rotated.of(TENANT) == pseudonyms("newest").of(TENANT)
    assert pseudonyms("older").of(TENANT) in rotated.all_of(TENANT)
