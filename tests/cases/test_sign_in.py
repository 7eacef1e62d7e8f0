"""Refusals of Microsoft Entra from public bug reports: whose fault it is, and what ends a consent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.errors import ConfigurationError, ConsentRevoked
from shared.core.models import ConnectionState
from tests.cases.steps import Case
from tests.support.entra_double import TENANT, USER
from tests.support.signing_in import SigningIn
from web.customer.consent import consent_callback


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SigningIn]:
    opened = SigningIn(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("which", [0, 1])
def test_a_tenant_without_azure_has_a_page_of_its_own(site: SigningIn, case: Case, which: int) -> None:
    given = case("07")[which]
    sent = {name: given[name] for name in ("error", "error_description")}
    page = site.get(consent_callback, {**sent, "state": site.start()["state"]})
    text = page.body.decode()
    assert page.status == 403
    assert "This organisation has no Azure" in text
    assert "our side" not in text


@pytest.mark.parametrize("which", [0, 1])
def test_a_refresh_in_a_tenant_without_azure_waits_for_a_sign_in(
    site: SigningIn, case: Case, which: int, caplog: pytest.LogCaptureFixture
) -> None:
    given = case("07")[which]
    site.sign_in()
    site.entra.answers = [(400, {name: given[name] for name in ("error", "error_description")})]
    site.parts.tokens.forget(TENANT, USER)
    with pytest.raises(ConsentRevoked) as caught:
        site.parts.tokens.for_user(TENANT, USER).access_token()
    assert caught.value.reason == "Your organisation has no Azure: Azure Resource Manager is not set up in it."
    assert site.connection is not None
    assert site.connection.state is ConnectionState.SIGN_IN_NEEDED
    assert "alert=" not in caplog.text


def test_our_expired_assertion_does_not_end_the_consent(site: SigningIn, case: Case) -> None:
    given = case("12")
    site.sign_in()
    before = site.connection
    site.entra.answers = [(given["status"], {"error": given["error"], "error_codes": given["error_codes"]})]
    site.parts.tokens.forget(TENANT, USER)
    with pytest.raises(ConfigurationError, match="AADSTS500133"):
        site.parts.tokens.for_user(TENANT, USER).access_token()
    assert site.connection == before
