"""What must never be stored or logged."""

import pytest
from cryptography.fernet import Fernet

from shared.core.redaction import REDACTED, redact

JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhcm0iLCJvaWQiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Authorization: Bearer {JWT}", JWT),
        (f"'{JWT}'", "c2lnbmF0dXJl"),
        ("https://x.blob.core.windows.net/c?sv=2024&sig=Ab%2Fcd%3D&se=2026", "Ab%2Fcd%3D"),
        ("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abc/def+ghi==;EndpointSuffix=y", "abc/def+ghi=="),
        ("Endpoint=sb://x;SharedAccessKeyName=Root;SharedAccessKey=abcdef=", "abcdef="),
        ("Server=x;User=y;Password=hunter2;Encrypt=yes", "hunter2"),
        ("pwd: hunter2", "hunter2"),
        ("client_secret=hunter2&grant_type=x", "hunter2"),
        ("BEARER abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- after", "MIIE"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE cut off", "MIIE"),
    ],
)
def test_a_secret_is_replaced(text: str, secret: str) -> None:
    cleaned = redact(text)
    assert secret not in cleaned
    assert REDACTED in cleaned


def test_an_encrypted_refresh_token_is_replaced() -> None:
    token = Fernet(Fernet.generate_key()).encrypt(b"a refresh token").decode()
    assert redact(f"stored {token}.") == f"stored {REDACTED}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prod-web-01 in UK South costs 1,234.56 GBP",
        "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/web",
        '{"environment": "production", "owner": "someone@contoso.example"}',
        "the bearer of this message",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_what_stands_around_a_secret_stays() -> None:
    assert redact("a?sig=abc&se=2026") == f"a?sig={REDACTED}&se=2026"


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact(f"Bearer {JWT} password=hunter2")
    assert redact(once) == once
