"""P11: refresh tokens are Fernet-encrypted at rest, access tokens live in memory, neither is ever shown."""

import logging
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from shared.core.errors import AzureUnavailable, CaletaError, ConfigurationError
from shared.identity.broker import TokenBroker
from shared.identity.keys import KeyVaultKeys
from shared.identity.reencryption import reencrypt
from shared.identity.vault import TokenVault
from tests.support.entra_double import KEY, OTHER_KEY, TENANT, USER, Answer, granted
from tests.support.key_vault_double import KeyVaultDouble
from tests.support.signing_in import SigningIn
from web.customer.consent import consent_callback, disconnect, disconnect_confirm
from web.customer.landing import landing
from web.customer.scans import scan_list
from web.error_pages import Handler

ACCESS, REFRESH = "an-access-token-of-the-test", "a-refresh-token-of-the-test"
PAGES: tuple[Handler, ...] = (landing, scan_list, disconnect_confirm)


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def sign_in_and_scan(site: SigningIn) -> tuple[str, ...]:
    """Signs in and gets an access token; every secret that there was."""
    query = site.start()
    callback = site.accept(query)
    site.entra.answers = [
        (200, {**dict(site.entra.answers[0][1]), "access_token": ACCESS, "refresh_token": REFRESH}),  # type: ignore[index,arg-type]
        (200, granted(access_token=f"{ACCESS}-2", refresh_token=f"{REFRESH}-2")),
    ]
    flow_cookie = site.cookies["__Host-flow"]
    site.get(consent_callback, callback)
    assert site.parts.tokens.for_user(TENANT, USER).access_token() == f"{ACCESS}-2"
    verifier = site.entra.forms[0]["code_verifier"]
    return (ACCESS, REFRESH, verifier, flow_cookie, site.cookies["__Host-session"], query["state"], query["nonce"])


def test_what_is_stored_is_fernets(site: SigningIn) -> None:
    sign_in_and_scan(site)
    assert site.connection is not None
    assert site.connection.refresh_token_encrypted is not None
    assert Fernet(KEY).decrypt(site.connection.refresh_token_encrypted).decode() == f"{REFRESH}-2"


def test_no_secret_is_in_any_file_log_message_or_page(
    site: SigningIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = sign_in_and_scan(site)
    messages = b"".join(message.body for _, message in site.parts.outbox.sent)
    assert messages
    pages = b"".join(site.get(page).body for page in PAGES) + site.post(disconnect).body
    seen = everything_written(tmp_path) + caplog.text.encode() + messages + pages
    assert [secret[:6] for secret in secrets if secret.encode() in seen] == []


@pytest.mark.parametrize(
    "answer",
    [
        (
            400,
            {"error": "invalid_grant", "error_codes": [50173], "error_description": REFRESH, "claims": f'"{REFRESH}"'},
        ),
        (401, {"error": "invalid_client", "error_description": REFRESH}),
        (400, {"error": REFRESH, "suberror": REFRESH}),
        (500, {"error_description": REFRESH}),
        (200, f'{{"access_token": "{ACCESS}", "refresh_token": "{REFRESH}'.encode()),
        (
            200,
            {"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 60, "id_token": f"{ACCESS}.{REFRESH}.x"},
        ),
    ],
)
def test_no_failure_shows_one(site: SigningIn, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.sign_in()
    site.entra.answers = [answer]
    with pytest.raises(CaletaError) as caught:
        site.parts.tokens.for_user(TENANT, USER).access_token()
    reason = site.connection.state_reason if site.connection else None
    seen = f"{caught.value} {caught.value.__cause__} {reason} {caplog.text}"
    assert ACCESS not in seen
    assert REFRESH not in seen


def test_after_disconnecting_the_token_is_deleted(site: SigningIn) -> None:
    sign_in_and_scan(site)
    site.post(disconnect)
    assert site.connection is not None
    assert site.connection.refresh_token_encrypted is None
    with pytest.raises(CaletaError, match="disconnected"):
        site.parts.tokens.for_user(TENANT, USER).access_token()


def test_a_rotation_puts_what_is_stored_under_the_newest_key_and_the_old_key_opens_nothing(site: SigningIn) -> None:
    sign_in_and_scan(site)
    rotated = TokenVault((OTHER_KEY, KEY))
    assert reencrypt(site.parts.database, rotated).reencrypted == 1
    assert site.connection is not None
    stored = site.connection.refresh_token_encrypted or b""
    assert Fernet(OTHER_KEY).decrypt(stored).decode() == f"{REFRESH}-2"
    with pytest.raises(InvalidToken):
        Fernet(KEY).decrypt(stored)


def test_a_lost_key_is_our_fault_and_never_a_revoked_consent(site: SigningIn) -> None:
    sign_in_and_scan(site)
    before = site.connection
    broker = TokenBroker(site.parts.entra, site.parts.database, TokenVault((OTHER_KEY,)), site.clock)
    with pytest.raises(ConfigurationError, match="no key decrypts"):
        broker.for_user(TENANT, USER).access_token()
    assert site.connection == before


def test_a_key_vault_that_does_not_answer_is_never_a_revoked_consent(site: SigningIn) -> None:
    sign_in_and_scan(site)
    before = site.connection
    silent = KeyVaultDouble(site.clock, fault=(503, "Busy"))
    vault = TokenVault(KeyVaultKeys(silent.vault(), site.clock))
    broker = TokenBroker(site.parts.entra, site.parts.database, vault, site.clock)
    with pytest.raises(AzureUnavailable):
        broker.for_user(TENANT, USER).access_token()
    assert site.connection == before
