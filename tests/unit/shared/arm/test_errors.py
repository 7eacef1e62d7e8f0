"""What each of Azure's refusals means for what to do next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arm.endpoints import LIST_RECOMMENDATIONS, QUERY_COSTS, Endpoint
from shared.arm.error_body import read_error
from shared.arm.errors import VIEW_CHARGES, FailedResponse, classify
from shared.arm.request import Json
from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    NoDataYet,
    NotOffered,
    PermissionMissing,
    QueryRefused,
    RefusedByAzure,
    RefusedWithoutReason,
    Throttled,
    UnexpectedPayload,
)
from tests.support.arm_replay import NOW, SUBSCRIPTION


def _classified(
    status: int, code: str | None = None, message: str = "", endpoint: Endpoint = QUERY_COSTS, **headers: str
) -> CaletaError:
    payload = {"error": {"code": code, "message": message}} if code else None
    body = read_error(payload, status)
    return classify(FailedResponse(endpoint, SUBSCRIPTION, status, headers, body, is_json=True, received_at=NOW))


@pytest.mark.parametrize(
    ("status", "code", "message", "expected"),
    [
        (429, None, "", Throttled),
        (400, "TooManyRequests", "", Throttled),
        (503, "ServiceUnavailable", "Please retry after 20 seconds.", Throttled),
        (503, "ServiceUnavailable", "", AzureUnavailable),
        (500, "InternalServerError", "", AzureUnavailable),
        (408, None, "", AzureUnavailable),
        (
            412,
            "PreconditionFailed",
            "operation in progress. Please retry the operation after sometime.",
            AzureUnavailable,
        ),
        (412, "PreconditionFailed", "etag mismatch", RefusedByAzure),
        (404, "NotFound", "GtmDimensionDataProvider.GetData returns null", NoDataYet),
        (404, "NotFound", "", NoDataYet),
        (404, "404", "", NoDataYet),
        (404, None, "", NoDataYet),
        (404, "BadRequest", "Cost management data is not available for subscription(s) x", NoDataYet),
        (404, "InvalidResourceType", "no such thing", RefusedByAzure),
        (404, "SubscriptionNotFound", "", PermissionMissing),
        (403, "AuthorizationFailed", "", PermissionMissing),
        (403, "LinkedAuthorizationFailed", "", PermissionMissing),
        (403, "RBACAccessDenied", "", PermissionMissing),
        (403, "Forbidden", "The user does not have the permission to read this.", PermissionMissing),
        (403, "Forbidden", "Blocked.", RefusedByAzure),
        (
            403,
            "DisallowedOperation",
            "The current subscription type is not permitted to perform operations",
            NotOffered,
        ),
        (403, "RequestDisallowedByAzure", "", NotOffered),
        (409, "ReadOnlyDisabledSubscription", "", NotOffered),
        (403, "SomethingNew", "You do not have access to the feature.", RefusedByAzure),
        (403, None, "", RefusedByAzure),
        (401, "RBACAccessDenied", "", PermissionMissing),
        (401, "ExpiredAuthenticationToken", "", AzureUnavailable),
        (401, "InvalidAuthenticationTokenTenant", "", NotOffered),
        (400, "IndirectCostDisabled", "", PermissionMissing),
        (409, "MissingSubscriptionRegistration", "", NotOffered),
        (404, "SubscriptionNotRegistered", "", NotOffered),
        (404, "NotFound", "Subscription x doesn't have valid WebDirect/AIRS offer type", NotOffered),
        (424, "FailedDependency", "", NotOffered),
        (422, "422", "not associated with a valid offer type", NotOffered),
        (400, "BadRequest", "Agreement type X does not support this", NotOffered),
        (400, "InvalidQueryDefinition", "too many groupings", QueryRefused),
        (400, None, "", QueryRefused),
        (409, None, "", RefusedByAzure),
        (202, None, "", UnexpectedPayload),
        (200, "ServerTimeout", "", AzureUnavailable),
        (200, "SomethingNew", "", UnexpectedPayload),
        (302, None, "", UnexpectedPayload),
    ],
)
def test_a_refusal_means(status: int, code: str | None, message: str, expected: type[CaletaError]) -> None:
    assert type(_classified(status, code, message)) is expected


def test_hidden_charges_name_who_can_show_them() -> None:
    error = _classified(400, "AccountCostDisabled")
    assert isinstance(error, PermissionMissing)
    assert (error.role, error.scope) == (VIEW_CHARGES, f"/subscriptions/{SUBSCRIPTION}")
    assert len(VIEW_CHARGES) <= 120


def test_the_role_is_the_one_of_the_call() -> None:
    error = _classified(403, "AuthorizationFailed", endpoint=LIST_RECOMMENDATIONS)
    assert isinstance(error, PermissionMissing)
    assert error.role == "Reader"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, RefusedWithoutReason),
        (404, RefusedWithoutReason),
        (451, RefusedWithoutReason),
        (401, AzureUnavailable),
        (408, AzureUnavailable),
        (429, Throttled),
        (200, AzureUnavailable),
        (502, AzureUnavailable),
    ],
)
def test_a_gateways_own_page_is_a_refusal_or_a_fault_by_its_status(status: int, expected: type[CaletaError]) -> None:
    body = read_error(None, status)
    refusal = FailedResponse(QUERY_COSTS, SUBSCRIPTION, status, {}, body, is_json=False, received_at=NOW)
    assert type(classify(refusal)) is expected


def test_only_a_query_of_costs_has_no_data_yet_because_nothing_was_found() -> None:
    assert type(_classified(404, "NotFound", endpoint=LIST_RECOMMENDATIONS)) is RefusedByAzure


def test_what_azure_does_not_allow_is_shown_with_its_own_code_and_asks_for_no_role() -> None:
    error = _classified(403, "DisallowedOperation")
    assert isinstance(error, NotOffered)
    assert "(code DisallowedOperation)" in error.reason
    assert "No role would change that" in error.reason


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"error": {"code": "A", "message": "m"}}, "A"),
        ({"code": "B", "message": "m"}, "B"),
        ({"Code": "C", "Message": "m", "Details": [{"Message": "m"}, {"Code": "C"}]}, "C"),
        ({"Error": {"Code": "D", "Details": [{"Code": None, "Message": None, "Details": None}]}}, "D"),
        (
            {"error": {"code": "BadRequest", "details": [{"code": "InvalidQuery"}, {"code": "ParserFailure"}]}},
            "InvalidQuery",
        ),
        ({"error": {"message": "m", "details": []}}, "400"),
        ({"error": "invalid_request"}, "invalid_request"),
        ({"message": "m", "messageDetail": "d"}, "400"),
        ({"error": {"code": "A B\nforged=1"}}, "400"),
        ({"error": {"code": 429}}, "429"),
        (None, "400"),
        ([], "400"),
    ],
)
def test_the_code_is_found_in_every_shape_of_error(payload: Json, code: str) -> None:
    assert read_error(payload, 400).code == code


def test_data_with_a_member_named_code_is_no_error() -> None:
    assert not read_error({"value": [], "code": "x"}, 200).is_error
    assert not read_error({"value": [], "error": None}, 200).is_error
    assert read_error({"code": "x", "message": "m"}, 200).is_error
    assert read_error({"error": {"code": "x"}, "value": []}, 200).is_error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "Error", "code", "Code", "details", "message", "x"]), inner, max_size=4
        )
    ),
)


@given(JSON, st.integers(100, 599))
def test_any_answer_at_all_is_classified(payload: Json, status: int) -> None:
    body = read_error(payload, status)
    error = classify(FailedResponse(QUERY_COSTS, SUBSCRIPTION, status, {}, body, is_json=True, received_at=NOW))
    assert isinstance(error, CaletaError)


def test_what_is_not_offered_says_whom_to_ask_or_what_to_do() -> None:
    offer, provider, tenant = (
        _classified(400, "OfferNotSupported"),
        _classified(409, "MissingSubscriptionRegistration"),
        _classified(401, "InvalidAuthenticationTokenTenant"),
    )
    assert "ask Microsoft or the partner that bills you" in str(offer)
    assert "the resource provider Microsoft.CostManagement is not registered" in str(provider)
    assert "register it in the Azure portal. Then scan again" in str(provider)
    assert "sign in to that tenant" in str(tenant)


HINT = "x-ms-ratelimit-microsoft.costmanagement-{}-retry-after"
HINTS = ("qpu", "entity", "tenant", "client", "clienttype")


def _wait(status: int, headers: dict[str, str], endpoint: Endpoint = QUERY_COSTS) -> float:
    error = _classified(status, None, "", endpoint, **headers)
    assert isinstance(error, Throttled)
    return error.retry_after_seconds


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", ["Retry-After", *map(HINT.format, HINTS)])
def test_each_hint_counts_though_it_stands_alone(status: int, header: str) -> None:
    assert _wait(status, {header: "53"}) == 53


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("largest", ["Retry-After", *map(HINT.format, HINTS)])
def test_of_several_hints_the_largest_counts(status: int, largest: str) -> None:
    headers = dict.fromkeys(["Retry-After", *map(HINT.format, HINTS)], "3")
    assert _wait(status, {**headers, largest: "165"}) == 165


def test_without_a_hint_there_is_a_floor_and_a_503_is_a_fault_that_passes() -> None:
    assert _wait(429, {}) == 60
    assert _wait(429, {}, LIST_RECOMMENDATIONS) == 30
    assert isinstance(_classified(503), AzureUnavailable)


def test_a_hint_of_nothing_is_still_a_second() -> None:
    assert _wait(429, {HINT.format("qpu"): "0"}) == 1
