"""P16: revoked consent is noticed, the token deleted, the customer told; what passes is no revocation."""

import pytest
import requests

from shared.core.errors import CaletaError, ConsentRevoked
from shared.core.models import ConnectionState
from shared.core.periods import MAX_TOKEN_MINUTES
from tests.support.entra_double import TENANT, USER, Answer, granted
from tests.support.signing_in import SigningIn
from web.customer.scans import scan_list
from web.privacy.permissions import permissions

REVOKED = [(400, {"error": "invalid_grant", "error_codes": [code]}) for code in (50173, 65001, 700082, 70043, 50057)]
PASSING: list[Answer] = [
    (500, {"error": "invalid_grant", "error_codes": [50173]}),
    (429, {"error": "invalid_grant"}),
    (400, {"error": "temporarily_unavailable", "error_codes": [90033]}),
    (400, {"error": "invalid_grant", "error_codes": [50196]}),
    (401, {"error": "invalid_client", "error_codes": [7000222]}),
    (400, {"error": "never_heard_of"}),
    (400, {}),
    (200, {}),
    (200, b"<html>"),
    requests.ConnectionError("down"),
    requests.ReadTimeout("slow"),
]


@pytest.mark.parametrize("answer", REVOKED, ids=lambda answer: str(answer[1]["error_codes"][0]))
def test_a_revoked_consent_is_noticed_the_token_deleted_and_the_customer_told(
    site: SigningIn, answer: tuple[int, dict[str, object]]
) -> None:
    site.sign_in()
    site.entra.answers = [answer]
    with pytest.raises(ConsentRevoked):
        site.parts.tokens.for_user(TENANT, USER).access_token()
    assert site.connection is not None
    assert (site.connection.state, site.connection.refresh_token_encrypted) == (ConnectionState.SIGN_IN_NEEDED, None)
    assert b"Sign in again" in site.get(scan_list).body


def test_within_an_hour_however_long_the_token_lives(site: SigningIn) -> None:
    """Where tokens can be challenged, Azure gives them up to 28 hours."""
    site.sign_in()
    site.entra.answers = [(200, granted(expires_in=28 * 3600)), REVOKED[0]]
    tokens = site.parts.tokens.for_user(TENANT, USER)
    tokens.access_token()
    site.clock.sleep(3600)
    with pytest.raises(ConsentRevoked):
        tokens.access_token()


def test_the_page_says_so(site: SigningIn) -> None:
    assert f"We use none for longer than {MAX_TOKEN_MINUTES} minutes" in site.get(permissions).body.decode()


@pytest.mark.parametrize("answer", PASSING, ids=str)
def test_nothing_else_counts_as_a_revocation(site: SigningIn, answer: Answer) -> None:
    site.sign_in()
    before = site.connection
    site.entra.answers = [answer]
    with pytest.raises(CaletaError) as caught:
        site.parts.tokens.for_user(TENANT, USER).access_token()
    assert not isinstance(caught.value, ConsentRevoked)
    assert site.connection == before
    assert b"Sign in again" not in site.get(scan_list).body
