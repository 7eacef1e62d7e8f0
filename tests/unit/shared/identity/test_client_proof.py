"""How the app proves to Entra that it is the app, and what happens when it cannot."""

import base64
import json
import logging
import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from shared.core.errors import ConfigurationError, EntraUnavailable
from shared.core.settings import Settings
from shared.identity import client_proof
from shared.identity.client_proof import CERTIFICATE_LIFE, ClientProof, proof_of, proof_without_vault
from shared.identity.entra import EntraClient
from shared.identity.key_vault import KeyVault
from shared.own_identity import EXCHANGE_SCOPE
from tests.support.certificates import certificate_pem, key_pem, rsa_key
from tests.support.clock import START, FakeClock
from tests.support.entra_double import TENANT, EntraDouble, granted, settings
from tests.support.key_vault_double import TOKEN, Identity, KeyVaultDouble

BEGAN = START - timedelta(days=1)
KEY_TEXT = key_pem(rsa_key())
PEM = KEY_TEXT + certificate_pem(rsa_key(), BEGAN)
BAD_PEMS = [
    ("", "must hold a private key and its certificate as PEM"),
    (KEY_TEXT, "must hold a private key and its certificate as PEM"),
    (certificate_pem(rsa_key(), BEGAN), "must hold a private key and its certificate as PEM"),
    (KEY_TEXT[:200] + "\n-----END PRIVATE KEY-----\n" + certificate_pem(rsa_key(), BEGAN), "cannot be read"),
    (KEY_TEXT + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "the certificate cannot be read"),
    (key_pem(rsa_key(1)) + certificate_pem(rsa_key(), BEGAN), "is not that of the certificate"),
    (KEY_TEXT + certificate_pem(rsa_key(), BEGAN, days=1), "it ends on 2026-11-23"),
    (KEY_TEXT + certificate_pem(rsa_key(), START + timedelta(days=1)), "is not valid now"),
    (key_pem(rsa_key(), b"phrase") + certificate_pem(rsa_key(), BEGAN), "must have no passphrase"),
]


def without_secret(client_certificate_path: str = "", client_certificate_name: str = "") -> Settings:
    return replace(
        settings(),
        client_secret="",
        client_certificate_path=client_certificate_path,
        client_certificate_name=client_certificate_name,
    )


def proof(given: Settings, identity: Identity | None = None, double: KeyVaultDouble | None = None) -> ClientProof:
    """The proof of these settings; what they have no need of is not there to be used."""

    def no_identity() -> Identity:
        assert identity is not None
        return identity

    def no_vault() -> KeyVault:
        assert double is not None
        return double.vault()

    return proof_of(given, no_identity, no_vault, FakeClock())


def refresh(given: Settings, shown: ClientProof, entra: EntraDouble) -> dict[str, str]:
    """What MSAL sends to Entra with a refresh."""
    entra.answer(200, granted())
    EntraClient(given, entra.session, proof=shown).refresh(TENANT, "a refresh token")
    return entra.forms[-1]


def jwt_part(assertion: str, number: int) -> dict[str, str]:
    part = assertion.split(".")[number]
    decoded: dict[str, str] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


def test_without_certificate_and_secret_the_managed_identity_proves_the_app(entra: EntraDouble) -> None:
    given, identity = without_secret(), Identity()
    form = refresh(given, proof(given, identity), entra)
    assert form["client_assertion"] == TOKEN
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in form
    assert identity.scopes == [EXCHANGE_SCOPE] == ["api://AzureADTokenExchange/.default"]


def test_an_identity_that_gets_no_token_is_a_fault_that_passes_and_ends_no_consent(entra: EntraDouble) -> None:
    given = without_secret()
    shown = proof(given, Identity(ClientAuthenticationError("the endpoint said hunter2")))
    with pytest.raises(EntraUnavailable) as caught:
        refresh(given, shown, entra)
    assert "hunter2" not in str(caught.value)
    assert entra.forms == []


def test_a_certificate_signs_with_its_key_and_is_named_by_its_sha_256(entra: EntraDouble, tmp_path: Path) -> None:
    path = tmp_path / "proof.pem"
    path.write_text(PEM, encoding="ascii")
    given = without_secret(client_certificate_path=str(path))
    assertion = refresh(given, proof(given), entra)["client_assertion"]
    header, claims = jwt_part(assertion, 0), jwt_part(assertion, 1)
    certificate = x509.load_pem_x509_certificate(PEM.encode())
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).decode().rstrip("=")
    assert (header["alg"], header["x5t#S256"].rstrip("=")) == ("PS256", thumbprint)
    assert "x5t" not in header
    assert (claims["iss"], claims["sub"]) == (given.client_id, given.client_id)
    signed, _, signature = assertion.rpartition(".")
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    rsa_key().public_key().verify(raw, signed.encode(), pss, hashes.SHA256())


def test_a_certificate_may_come_from_the_key_vault_and_a_renewed_one_is_noticed() -> None:
    clock = FakeClock()
    double = KeyVaultDouble(clock)
    double.add("proof", PEM)
    given = without_secret(client_certificate_name="proof")
    shown = proof_of(given, Identity, double.vault, clock)
    first = shown.for_msal()
    renewed = certificate_pem(rsa_key(), BEGAN, days=700)
    double.add("proof", KEY_TEXT + renewed)
    assert shown.for_msal() is first
    clock.sleep(CERTIFICATE_LIFE.total_seconds())
    credential = shown.for_msal()
    assert isinstance(credential, dict)
    assert credential["public_certificate"].split() == renewed.split()


def test_while_the_vault_does_not_answer_the_certificate_at_hand_stays_in_use() -> None:
    clock = FakeClock()
    double = KeyVaultDouble(clock)
    double.add("proof", PEM)
    shown = proof_of(without_secret(client_certificate_name="proof"), Identity, double.vault, clock)
    first = shown.for_msal()
    double.fault = (503, "Busy")
    clock.sleep(CERTIFICATE_LIFE.total_seconds())
    assert shown.for_msal() is first


def test_without_a_certificate_at_hand_a_silent_vault_is_a_fault_that_passes() -> None:
    double = KeyVaultDouble(FakeClock(), fault=(503, "Busy"))
    with pytest.raises(EntraUnavailable, match="Key Vault"):
        proof(without_secret(client_certificate_name="proof"), Identity(), double).for_msal()


def test_a_certificate_that_the_vault_has_not_is_named() -> None:
    with pytest.raises(ConfigurationError, match="the vault has no secret proof"):
        proof(without_secret(client_certificate_name="proof"), Identity(), KeyVaultDouble(FakeClock())).for_msal()


@pytest.mark.parametrize(("pem", "reason"), BAD_PEMS)
def test_a_certificate_of_no_use_is_refused_and_not_repeated(tmp_path: Path, pem: str, reason: str) -> None:
    path = tmp_path / "proof.pem"
    path.write_text(pem, encoding="ascii")
    shown = proof(without_secret(client_certificate_path=str(path)))
    with pytest.raises(ConfigurationError, match=reason) as caught:
        shown.for_msal()
    assert "ENTRA_CLIENT_CERTIFICATE_PATH" in str(caught.value)
    seen = f"{caught.value!r} {''.join(traceback.format_exception(caught.value))} {shown!r}"
    assert [line for line in pem.splitlines() if len(line) == 64 and line in seen] == []


def test_a_key_that_is_not_rsa_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "proof.pem"
    path.write_text(key_pem(key) + certificate_pem(key, BEGAN), encoding="ascii")
    with pytest.raises(ConfigurationError, match="must be an RSA key"):
        proof(without_secret(client_certificate_path=str(path))).for_msal()


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named_by_its_setting(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "proof.pem"
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="ENTRA_CLIENT_CERTIFICATE_PATH is not a readable PEM file"):
        proof(without_secret(client_certificate_path=str(path))).for_msal()


@pytest.mark.parametrize("secret", ["", "client secret of the tests"])
def test_a_client_that_is_given_no_proof_shows_its_secret_or_the_managed_identity(
    entra: EntraDouble, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    asked: list[str] = []

    def identity_of(given: Settings) -> Identity:
        asked.append(given.managed_identity_client_id)
        return Identity()

    monkeypatch.setattr(client_proof, "own_identity", identity_of)
    given = replace(settings(), client_secret=secret, managed_identity_client_id="the-identity")
    form = refresh(given, proof_without_vault(given), entra)
    assert (form.get("client_secret", ""), form.get("client_assertion")) == (secret, None if secret else TOKEN)
    assert asked == ([] if secret else ["the-identity"])


def test_a_secret_is_sent_as_such(entra: EntraDouble) -> None:
    form = refresh(settings(), proof(settings()), entra)
    assert form["client_secret"] == settings().client_secret
    assert "client_assertion" not in form


def test_no_proof_is_logged_at_any_level(entra: EntraDouble, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "proof.pem"
    path.write_text(PEM, encoding="ascii")
    by_certificate, by_identity = without_secret(client_certificate_path=str(path)), without_secret()
    forms = [
        refresh(settings(), proof(settings()), entra),
        refresh(by_certificate, proof(by_certificate), entra),
        refresh(by_identity, proof(by_identity, Identity()), entra),
    ]
    assertions = [form["client_assertion"] for form in forms if "client_assertion" in form]
    secrets = [*KEY_TEXT.splitlines()[1:-1], settings().client_secret, *assertions]
    assert [secret for secret in secrets if secret in caplog.text] == []
