from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.identity.failures import (
    CREDENTIAL_CODES,
    NO_AZURE_CODES,
    OAuthErrorResponse,
    Remedy,
    SignInProblem,
    error_from_callback,
    error_from_token_response,
    problem_of,
    reason_of,
    remedy_of,
)

Recording = Callable[[str], dict[str, Any]]

TOKEN_ANSWERS = [
    ("500011-resource-principal-not-found", Remedy.SIGN_IN_AGAIN, SignInProblem.NO_AZURE),
    ("50011-redirect-uri-mismatch", Remedy.FIX_OUR_SETTINGS, SignInProblem.OUR_FAULT),
    ("50076-mfa-interaction-required", Remedy.SIGN_IN_AGAIN, SignInProblem.SIGN_IN_INTERRUPTED),
    ("50079-claims-capolids", Remedy.SIGN_IN_AGAIN, SignInProblem.SIGN_IN_INTERRUPTED),
    ("50173-grant-revoked", Remedy.SIGN_IN_AGAIN, SignInProblem.CODE_USED),
    ("54005-code-redeemed", Remedy.SIGN_IN_AGAIN, SignInProblem.CODE_USED),
    ("65001-consent-required", Remedy.SIGN_IN_AGAIN, SignInProblem.ADMIN_APPROVAL_NEEDED),
    ("7000215-invalid-client-secret", Remedy.FIX_OUR_SETTINGS, SignInProblem.OUR_FAULT),
    ("700082-refresh-token-inactive", Remedy.SIGN_IN_AGAIN, SignInProblem.CODE_USED),
    ("700084-spa-refresh-token", Remedy.SIGN_IN_AGAIN, SignInProblem.CODE_USED),
    ("70043-sign-in-frequency", Remedy.SIGN_IN_AGAIN, SignInProblem.CODE_USED),
]

CALLBACKS = [
    ("callback-65004-declined", SignInProblem.DECLINED, (65004,)),
    ("callback-90094-admin-approval-docs-text", SignInProblem.ADMIN_APPROVAL_NEEDED, (90094,)),
    ("callback-invalid-request", SignInProblem.OUR_FAULT, ()),
]


def query_of(exchange: dict[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(exchange["response"]["headers"]["location"]).query))


@pytest.mark.parametrize(("name", "remedy", "problem"), TOKEN_ANSWERS)
def test_each_recorded_refusal_of_the_token_endpoint_is_known(
    recording: Recording, name: str, remedy: Remedy, problem: SignInProblem
) -> None:
    refusal = error_from_token_response(recording(f"entra-token/{name}.json")["response"]["body"])
    assert refusal.codes == (int(name.partition("-")[0]),)
    assert remedy_of(refusal) is remedy
    assert problem_of(refusal) is problem


@pytest.mark.parametrize(("name", "problem", "codes"), CALLBACKS)
def test_each_recorded_refusal_in_a_callback_is_known(
    recording: Recording, name: str, problem: SignInProblem, codes: tuple[int, ...]
) -> None:
    refusal = error_from_callback(query_of(recording(f"entra-token/{name}.json")))
    assert (problem_of(refusal), refusal.codes) == (problem, codes)


def test_the_claims_of_a_refusal_are_kept_for_the_next_sign_in(recording: Recording) -> None:
    refusal = error_from_token_response(recording("entra-token/50079-claims-capolids.json")["response"]["body"])
    assert refusal.claims is not None
    assert "capolids" in refusal.claims
    assert refusal.suberror == "basic_action"


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
@pytest.mark.parametrize("codes", [(), (90033,), (50173,)])
def test_a_transient_error_never_ends_a_consent(error: str, codes: tuple[int, ...]) -> None:
    assert remedy_of(OAuthErrorResponse(error, codes)) is Remedy.RETRY


@pytest.mark.parametrize("code", [90055, 90024, 90012, 90006, 90033, 50033, 50087, 50196])
def test_a_transient_number_never_ends_a_consent_whatever_the_error_says(code: int) -> None:
    assert remedy_of(OAuthErrorResponse("invalid_grant", (code,))) is Remedy.RETRY
    assert problem_of(OAuthErrorResponse("invalid_grant", (code,))) is SignInProblem.ENTRA_DOWN


@pytest.mark.parametrize(
    "error", ["invalid_client", "unauthorized_client", "invalid_scope", "invalid_request", "unknown"]
)
def test_an_error_that_is_not_the_persons_never_ends_a_consent(error: str) -> None:
    assert remedy_of(OAuthErrorResponse(error)) is Remedy.FIX_OUR_SETTINGS
    assert problem_of(OAuthErrorResponse(error)) is SignInProblem.OUR_FAULT


@pytest.mark.parametrize("code", [50173, 70008, 700082, 70043, 50132, 50133, 50057, 50089, 700084, 65001, 50105, 53003])
def test_a_refused_grant_means_signing_in_again_also_for_numbers_not_in_the_table(code: int) -> None:
    for error in ("invalid_grant", "interaction_required"):
        assert remedy_of(OAuthErrorResponse(error, (code,))) is Remedy.SIGN_IN_AGAIN
    assert remedy_of(OAuthErrorResponse("invalid_grant", (99999999,))) is Remedy.SIGN_IN_AGAIN


def test_an_application_that_the_customer_removed_means_signing_in_again() -> None:
    assert remedy_of(OAuthErrorResponse("unauthorized_client", (700016,))) is Remedy.SIGN_IN_AGAIN


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (65004, SignInProblem.DECLINED),
        (90094, SignInProblem.ADMIN_APPROVAL_NEEDED),
        (90095, SignInProblem.ADMIN_APPROVAL_REQUESTED),
        (90002, SignInProblem.UNKNOWN_TENANT),
        (50020, SignInProblem.ACCOUNT_NOT_IN_TENANT),
        (16000, SignInProblem.ACCOUNT_NOT_IN_TENANT),
        (50105, SignInProblem.ASSIGNMENT_REQUIRED),
        (53003, SignInProblem.CONDITIONAL_ACCESS),
        (530032, SignInProblem.CONDITIONAL_ACCESS),
        (500212, SignInProblem.TENANT_RESTRICTED),
        (50057, SignInProblem.ACCOUNT_UNUSABLE),
        (7000222, SignInProblem.OUR_FAULT),
        (500133, SignInProblem.OUR_FAULT),
        (700027, SignInProblem.OUR_FAULT),
        (500011, SignInProblem.NO_AZURE),
        (650052, SignInProblem.NO_AZURE),
        (7000112, SignInProblem.APP_DISABLED),
        (50005, SignInProblem.CONDITIONAL_ACCESS),
        (900941, SignInProblem.ADMIN_APPROVAL_NEEDED),
    ],
)
def test_the_number_chooses_the_page_whatever_the_error_says(code: int, problem: SignInProblem) -> None:
    for error in ("access_denied", "invalid_grant", "interaction_required"):
        assert problem_of(OAuthErrorResponse(error, (code,))) is problem


def test_a_hostile_callback_leaves_nothing_of_itself() -> None:
    refusal = error_from_callback(
        {"error": "<script>alert(1)</script>", "error_description": "first line\nAADSTS65004: second line"}
    )
    assert refusal == OAuthErrorResponse("unknown", ())
    many = error_from_callback({"error": "access_denied", "error_description": " ".join(["AADSTS65004"] * 99)})
    assert len(many.label) < 100


@pytest.mark.parametrize("codes", [None, "50173", [True, "x", None], {}, [[]]])
def test_an_answer_of_another_shape_is_still_a_refusal(codes: object) -> None:
    refusal = error_from_token_response({"error": "invalid_grant", "error_codes": codes, "error_description": None})
    assert remedy_of(refusal) is Remedy.SIGN_IN_AGAIN


def test_without_a_list_the_number_is_read_from_the_text() -> None:
    answer = {
        "error": "invalid_grant",
        "error_description": "AADSTS50173: The provided grant has expired.\r\nTrace ID: 1",
    }
    assert error_from_token_response(answer).codes == (50173,)


@pytest.mark.parametrize("code", sorted(CREDENTIAL_CODES))
@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required", "invalid_client", "access_denied"])
def test_our_refused_proof_never_ends_a_consent(error: str, code: int) -> None:
    for codes in ((code,), (70002, code), (code, 70008)):
        refusal = OAuthErrorResponse(error, codes)
        assert (remedy_of(refusal), problem_of(refusal)) == (Remedy.FIX_OUR_SETTINGS, SignInProblem.OUR_FAULT)


@pytest.mark.parametrize("code", sorted(NO_AZURE_CODES))
@pytest.mark.parametrize("error", ["invalid_resource", "invalid_client", "invalid_request"])
def test_a_tenant_without_azure_is_the_customers_fact_and_waits_for_a_sign_in(error: str, code: int) -> None:
    refusal = OAuthErrorResponse(error, (code,))
    assert (remedy_of(refusal), problem_of(refusal)) == (Remedy.SIGN_IN_AGAIN, SignInProblem.NO_AZURE)
    assert reason_of(refusal) == "Your organisation has no Azure: Azure Resource Manager is not set up in it."


def test_only_the_number_of_a_refusal_or_none_means_that_the_user_declined() -> None:
    declined = {(): SignInProblem.DECLINED, (65004,): SignInProblem.DECLINED, (99999999,): SignInProblem.ACCESS_DENIED}
    assert {codes: problem_of(OAuthErrorResponse("access_denied", codes)) for codes in declined} == declined
