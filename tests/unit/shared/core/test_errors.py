"""The errors, grouped by what to do next."""

import inspect

import pytest

from shared.core import errors
from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    ClaimsChallenge,
    ConsentRevoked,
    NoDataYet,
    NotOffered,
    PermissionMissing,
    RequestError,
    Throttled,
)

ALL = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, CaletaError)]


@pytest.mark.parametrize("error_class", ALL, ids=lambda error_class: error_class.__name__)
def test_every_error_says_what_it_stands_for(error_class: type[CaletaError]) -> None:
    assert error_class.__doc__


def test_a_throttle_says_who_asks_for_how_long() -> None:
    assert str(Throttled(53.2, "Cost Management")) == "Cost Management asks us to wait 53 s"


def test_a_missing_role_says_what_to_grant_and_where() -> None:
    error = PermissionMissing("Reader", "/subscriptions/1", "AuthorizationFailed")
    assert str(error) == "AuthorizationFailed: Reader is missing on /subscriptions/1"
    assert (error.role, error.scope, error.code) == ("Reader", "/subscriptions/1", "AuthorizationFailed")


def test_a_challenge_is_a_refused_sign_in_that_names_no_claims() -> None:
    error = ClaimsChallenge("insufficient_claims", '{"access_token": {"nbf": 1}}')
    assert isinstance(error, ConsentRevoked)
    assert "nbf" not in str(error)


def test_no_data_is_a_fault_that_passes_until_it_is_believed() -> None:
    error = NoDataYet("DataProviderReturnsNull")
    assert isinstance(error, AzureUnavailable)
    assert error.code == "DataProviderReturnsNull"


def test_what_is_not_offered_keeps_its_sentence() -> None:
    assert NotOffered("OfferNotSupported", "Not for this offer.").reason == "Not for this offer."


def test_every_page_of_an_error_has_its_own_status() -> None:
    statuses = {each.__name__: each.status for each in ALL if issubclass(each, RequestError)}
    assert statuses.pop("RequestError") == statuses.pop("BadRequest") == 400
    assert statuses.pop("SignInAgain") == statuses["SignInRequired"], "both ask to sign in"
    assert statuses == {
        "SignInRequired": 401,
        "Forbidden": 403,
        "NotFound": 404,
        "Conflict": 409,
        "TooLarge": 413,
        "TooManyRequests": 429,
    }


def test_a_page_of_an_error_says_what_to_do_next() -> None:
    error = errors.Conflict("The scan is running", "Wait for it to end.")
    assert (error.title, error.remedy) == ("The scan is running", "Wait for it to end.")
