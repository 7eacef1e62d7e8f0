"""What the program is to make of each recorded answer of Azure, and why."""

from dataclasses import dataclass

from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    ClaimsChallenge,
    NotOffered,
    PermissionMissing,
    QueryRefused,
    RefusedByAzure,
    Throttled,
    UnexpectedPayload,
)


@dataclass(frozen=True)
class Expected:
    """`outcome` is the number of rows, or the error. `why` says what makes it right.

    `text` is what the error says; `next_page` is whether the answer names another
    page, and `calls` is how many calls were sent.
    """

    outcome: int | type[CaletaError]
    why: str
    text: str = ""
    next_page: bool = False
    calls: int = 1


def _refused(text: str, why: str) -> Expected:
    return Expected(UnexpectedPayload, why, text)


def _final(text: str, why: str) -> Expected:
    return Expected(RefusedByAzure, why, text)


_DAILY = "asked by day, not by month and resource: it cannot be an answer to our query"
_NO_MONTH = "asked without months: a cost without its month is not stored"
_IDS_ONLY = "the recorded query asked for ids only; ours names the columns that must come back"
_WRITE = "a read never gets this: nothing is concluded from it"
_ONE_SUBSCRIPTION = "one subscription's own record, not a list"
_PASSES = "a fault of Azure's own, worth another try"

COST_QUERY = {
    "by-resource-group-name-empty-name": _refused("no column resourceid", _DAILY),
    "by-resource-id-single-row": _refused("no column billingmonth", _NO_MONTH),
    "by-resource-id-subscription-level-ids": _refused("no column billingmonth", _NO_MONTH),
    "by-resource-id-timeframe-days": _refused("no column billingmonth", _NO_MONTH),
    "by-resource-type-jpy-sample": _refused("no column resourceid", _DAILY),
    "daily-by-resource-group-page-1-with-next-link": _refused("no column resourceid", _DAILY),
    "daily-one-month-usd": _refused("no column resourceid", _DAILY),
    "error-400-account-cost-disabled": Expected(
        PermissionMissing, "the billing administrator can show the charges", "view charges"
    ),
    "error-400-invalid-dataset": Expected(QueryRefused, "a simpler query may be accepted", "BadRequest"),
    "error-400-unsupported-offer-0243p": Expected(NotOffered, "only the text tells it", "OfferNotSupported"),
    "error-401-rbac-access-denied": Expected(PermissionMissing, "a missing role, not a bad token", "RBACAccessDenied"),
    "error-422-no-valid-offer-type": Expected(NotOffered, "the offer has no cost data", "OfferNotSupported"),
    "error-429-too-many-requests": Expected(Throttled, "no hint at all: the usual wait", "60 s"),
    "management-group-date-after-group-docs-example": _refused("no column resourceid", _DAILY),
    "no-aggregation-no-cost-column-billing-month-to-date": _refused("no column resourceid", _DAILY),
    "no-aggregation-no-cost-column-last-month": _refused("no column resourceid", _DAILY),
    "operation-results-400-without-error-envelope": Expected(QueryRefused, "no code: the status stands for it", "400"),
    "throttle-429-client-type-bucket-empty": Expected(Throttled, "neither body nor hint: the usual wait", "60 s"),
    "throttle-headers-on-200": Expected(AzureUnavailable, "200 without a body was cut off, it is not zero cost"),
}

RESOURCE_GRAPH = {
    "basic-no-options": _refused("has no id, name or type", _IDS_ONLY),
    "error-400-parser-failure": Expected(QueryRefused, "the cause stands in the details", "InvalidQuery"),
    "error-400-response-payload-too-large": Expected(QueryRefused, "smaller pages help", "ResponsePayloadTooLarge"),
    "error-429-rate-limiting": Expected(Throttled, "no hint: the usual wait", "30 s"),
    "facets-with-errors-inside-200": _refused(
        "facets that were not requested", "a part of the answer failed under status 200"
    ),
    "management-group-scope-containers": _refused("another subscription", "rows outside the scope that we asked for"),
    "paging-object-array-with-skip-token": _refused("has no id, name or type", _IDS_ONLY),
    "paging-opaque-token-older-api": _refused("has no id, name or type", _IDS_ONLY),
    "table-by-default-storage": _refused("another number", "it says 18 records and holds one: data was lost"),
    "table-by-default-vms": _refused("another number", "it says 2 records and holds one: data was lost"),
    "table-format-object-columns": _refused("has no id, name or type", _IDS_ONLY),
}

ADVISOR = {
    "cost-reservations-same-sku-many-terms": Expected(6, "six alternatives, kept apart"),
    "cost-savings-plans-reservations-and-disks": Expected(12, "every one is of category Cost"),
    "generate-202-with-location": _refused("status 202", "we never ask Advisor to compute"),
    "single-recommendation-encoded-scope": _refused("no usable `value`", "one recommendation, not a list"),
    "two-pages-all-categories-1": Expected(4, "the cost items among all categories", next_page=True),
    "two-pages-all-categories-2": Expected(0, "the last page has no cost item and no link"),
    "unfiltered-earlier-recording": Expected(2, "cost items without any amount"),
    "unfiltered-security-only": Expected(0, "other categories are passed over"),
}

RESERVATIONS = {
    "legacy-by-billing-account-docs-example": Expected(2, "legacy kind, shared scope"),
    "legacy-by-subscription-docs-example": Expected(2, "legacy kind; its link has another version", next_page=True),
    "modern-by-billing-profile-docs-example": Expected(2, "modern kind: amounts with currency, look-back a number"),
    "none-204-docs-example": Expected(0, "204 is the documented way to say none"),
    "related-reservation-summaries-monthly": _refused("an unknown kind", "another API of the same provider"),
}

SUBSCRIPTIONS = {
    "subscription-dev-test-managed-by-tenants": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscription-free-trial-bypassed": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscription-internal-many-tags": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscription-legacy-authorization-source": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscription-no-tags-member": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscription-tags": _refused("no usable `value`", _ONE_SUBSCRIPTION),
    "subscriptions-2016-pay-as-you-go": _refused("no usable id", "the recorder masked the id"),
    "subscriptions-ea-empty-display-name": Expected(1, "of the signed-in tenant; named by its id"),
    "subscriptions-with-count": Expected(0, "it belongs to another tenant than the signed-in one"),
    "tenants-service-principal": _refused("no usable id", "tenants are no subscriptions"),
    "tenants-user-token": _refused("no usable id", "tenants are no subscriptions"),
}

ARM_ERRORS = {
    "401-cae-challenge-two-schemes": Expected(ClaimsChallenge, "challenged again after a new token", calls=2),
    "401-claims-challenge-docs-example": Expected(ClaimsChallenge, "challenged again after a new token", calls=2),
    "401-expired-authentication-token": Expected(AzureUnavailable, "a renewed token was refused as well", calls=2),
    "401-invalid-authentication-token-tenant": Expected(NotOffered, "the subscription is another tenant's"),
    "401-key-vault-missing-token": Expected(PermissionMissing, "a new token changed nothing", "Unauthorized", calls=2),
    "403-authorization-failed-or-scope-invalid": Expected(PermissionMissing, "no role", "AuthorizationFailed"),
    "403-authorization-failed-short": Expected(PermissionMissing, "no role", "AuthorizationFailed"),
    "403-for-a-group-that-does-not-exist": Expected(PermissionMissing, "no role", "AuthorizationFailed"),
    "403-linked-authorization-failed": Expected(PermissionMissing, "no role", "LinkedAuthorizationFailed"),
    "404-deployment-not-found": _final("DeploymentNotFound", "our lists exist for every subscription"),
    "404-pascal-case": _final("NotFound", "our lists exist for every subscription"),
    "404-resource-not-found": _final("ResourceNotFound", "our lists exist for every subscription"),
    "404-subscription-not-found": Expected(PermissionMissing, "so Azure tells who has no role", "SubscriptionNotFound"),
    "404-without-code": _final("code 404", "our lists exist for every subscription"),
    "409-bare-quota-exceeded": _final("QuotaExceeded", _WRITE),
    "409-capital-error": _final("ResourceGroupDeletionTimeout", _WRITE),
    "409-empty-body": _final("code 409", _WRITE),
    "409-missing-subscription-registration": Expected(NotOffered, "to register the provider would be a write"),
    "409-nested-details": _final("OperationNotAllowed", _WRITE),
    "412-etag-mismatch": _final("PreconditionFailed", _WRITE),
    "412-operation-in-progress": Expected(AzureUnavailable, "busy: worth another try", "PreconditionFailed"),
    "429-pascal-case-no-retry-after": Expected(Throttled, "no hint: the usual wait", "30 s"),
    "429-resource-requests-throttled": Expected(Throttled, "the wait stands in the text only", "372 s"),
    "429-too-many-requests-no-number": Expected(Throttled, "no hint: the usual wait", "30 s"),
    "500-internal-server-error": Expected(AzureUnavailable, _PASSES, "InternalServerError"),
    "500-multiple-errors-occurred": Expected(AzureUnavailable, _PASSES, "ServerTimeout"),
    "500-pascal-case": Expected(AzureUnavailable, _PASSES, "InternalServerError"),
    "503-empty-html": Expected(AzureUnavailable, _PASSES, "503"),
    "504-gateway-timeout": Expected(AzureUnavailable, _PASSES, "GatewayTimeout"),
    "504-resource-read-failed": Expected(AzureUnavailable, _PASSES, "ResourceReadFailed"),
}

_NOT_CALLED = "a scan never calls it: the allow-list refuses its address"

METRICS = {
    "cosmos-db-collection-dimensions": Expected(0, _NOT_CALLED),
    "cpu-one-minute-thirty-days": Expected(0, _NOT_CALLED),
    "definitions-old-format": Expected(0, _NOT_CALLED),
    "definitions-sql-server-dimension-required": Expected(0, _NOT_CALLED),
    "definitions-virtual-machine": Expected(0, _NOT_CALLED),
    "empty-timeseries": Expected(0, _NOT_CALLED),
    "error-400-invalid-metric": Expected(QueryRefused, "a bare error; " + _NOT_CALLED, "BadRequest"),
    "error-400-unsupported-dimension": Expected(QueryRefused, "a bare error; " + _NOT_CALLED, "BadRequest"),
    "sql-server-split-by-absent-dimension": Expected(0, _NOT_CALLED),
    "sql-server-split-by-database": Expected(0, _NOT_CALLED),
    "sql-server-split-missing-values": Expected(0, _NOT_CALLED),
    "subscription-scope-post-empty": Expected(0, _NOT_CALLED),
    "vm-average-one-day": Expected(0, _NOT_CALLED),
    "vm-network-in-many-points": Expected(0, _NOT_CALLED),
    "vm-total-one-day": Expected(0, _NOT_CALLED),
}

OUTCOMES = {
    "cost-query": COST_QUERY,
    "resource-graph": RESOURCE_GRAPH,
    "advisor": ADVISOR,
    "reservation-recommendations": RESERVATIONS,
    "subscriptions-tenants": SUBSCRIPTIONS,
    "arm-errors": ARM_ERRORS,
    "metrics": METRICS,
}
"""Folder -> recording -> what is expected of it."""
