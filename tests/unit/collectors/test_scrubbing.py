"""What looks like a secret is removed; everything else stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.scrubbing import scrub
from shared.core.redaction import REDACTED

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        (f"deployed with {TOKEN}", TOKEN),
        ("https://x.blob.core.windows.net/c?sv=2022&sig=abcDEF%2F123&se=2027", "abcDEF"),
        ("DefaultEndpointsProtocol=https;AccountKey=Zm9vYmFy==;EndpointSuffix=x", "Zm9vYmFy"),
        ("Server=x;Password=hunter2;", "hunter2"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
    ],
)
def test_a_secret_in_a_text_is_taken_out(value: str, secret: str) -> None:
    for structure in (value, [value], {"tag": value}, {"a": [{"b": value}]}, {value: "x"}):
        assert secret not in str(scrub(structure))


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "dbPassword",
        "client_secret",
        "ApiKey",
        "access-key",
        "connectionString",
        "sas_token",
        "token",
        "PWD",
    ],
)
def test_a_text_under_a_secrets_name_is_taken_out(name: str) -> None:
    assert scrub({name: "hunter2"}) == {name: REDACTED}


@pytest.mark.parametrize(
    "value",
    [
        {"env": "prod", "costCentre": "1234", "owner": "Finance", "key": "value", "_skuToken": "ManagedDiskS4"},
        {"name": "Premium_LRS", "capacity": 2, "enabled": True, "none": None},
        {"monkey": "banana", "tokenised": "no", "secretary": ""},
    ],
)
def test_what_is_no_secret_stays(value: dict[str, object]) -> None:
    assert scrub(value) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=30), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_structure_is_scrubbed_the_same_a_second_time(value: object) -> None:
    once = scrub(value)
    assert scrub(once) == once
