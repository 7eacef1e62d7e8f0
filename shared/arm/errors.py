"""Map a failed response to the error that says what to do next.

The rules follow recorded responses of Azure. Where the status misleads (a missing role as
401, an offer without cost data as 400, 404, 422 or 424), code and text decide.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.arm.endpoints import Endpoint, QuotaClass
from shared.arm.error_body import ErrorBody
from shared.arm.throttle import hints, wait_seconds
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

THROTTLED_CODES = frozenset(
    {"429", "toomanyrequests", "ratelimiting", "resourcerequeststhrottled", "subscriptionrequeststhrottled"}
)
VIEW_CHARGES_CODES = frozenset({"accountcostdisabled", "indirectcostdisabled", "subscriptioncostdisabled"})
NOT_REGISTERED_CODES = frozenset({"missingsubscriptionregistration", "subscriptionnotregistered"})
OTHER_TENANT_CODES = frozenset({"invalidauthenticationtokentenant"})
NO_ACCESS_CODES = frozenset(
    {
        *("authorizationfailed", "linkedauthorizationfailed", "linkedaccesscheckfailed", "rbacaccessdenied"),
        *("authorizationpermissionmismatch", "insufficientaccountpermissions", "insufficientpermissions"),
        *("accessdenied", "unauthorized", "subscriptionnotfound"),
    }
)
"""Codes that say: the signed-in user has no role for this."""

UNNAMED_REFUSAL_CODES = frozenset({"forbidden", "401", "403"})
"""Codes that name no cause: only the text tells whether a role is missing."""

NO_ACCESS_TEXT = re.compile(
    r"(?i)(?:not|n't) (?:have|has) .{0,60}?(?:authorization|permission|access|privilege|role)"
    r"|not (?:authorized|permitted) to (?:perform|read|access)|(?:missing|insufficient) (?:permission|privilege|role)"
)
NOT_ALLOWED_CODES = frozenset(
    {
        *("disallowedoperation", "requestdisallowedbyazure", "requestdisallowedbypolicy"),
        *("featurenotsupported", "notsupported", "operationnotsupported", "subscriptiontypenotsupported"),
    }
)
"""Codes that say: Azure does not do this for the subscription, whatever roles its users have."""

DISABLED_CODES = frozenset({"readonlydisabledsubscription", "disabledsubscription", "subscriptiondisabled"})
OFFER_CODES = frozenset(
    {"offernotsupported", "nonvalidwebdirectairsoffertype", "novalidsubscriptions", "billingsubscriptionnotfound"}
)

PASSING_CODES = frozenset(
    {"internalservererror", "servertimeout", "gatewaytimeout", "serviceunavailable", "serverbusy", "operationtimedout"}
)
"""Transient failures, whatever the status: a gateway was seen to send them with 200."""

OFFER_TEXTS = re.compile(
    r"(?i)offer \S+ is not supported|valid offer type|valid webdirect/airs|cost management supports only"
    r"|cost management data is unavailable|agreement type .{1,60} does not support"
)
NO_DATA_TEXT = re.compile(
    r"(?i)DataProvider\b.{0,200}returns null|cost management data is not (?:supported|available|found)"
    r"|no (?:cost|usage|billing) data"
)
NO_DATA_CODES = frozenset({"404", "notfound", "resourcenotfound", "costdatanotfound", "nodatafound"})
"""Codes of Cost Management's 404. Its query exists for every subscription: only the data can be missing."""

PROVIDER = re.compile(r"/providers/([A-Za-z.]+)")
BUSY_TEXT = re.compile(r"(?i)\b(?:retry|try again later|operation in progress)\b")

ASK_BILLER = "Please ask Microsoft or the partner that bills you for it."
VIEW_CHARGES = "cost visibility ('view charges', which your billing administrator or partner switches on)"


@dataclass(frozen=True)
class FailedResponse:
    """A response without data, and its call. `is_json` is False for a gateway's own page."""

    endpoint: Endpoint
    subscription_id: str | None
    status: int
    headers: Mapping[str, str]
    body: ErrorBody
    is_json: bool
    received_at: datetime

    @property
    def scope(self) -> str:
        return f"/subscriptions/{self.subscription_id}" if self.subscription_id else "/"


def classify(response: FailedResponse) -> CaletaError:
    """Return the error of the first rule that matches; RefusedByAzure or UnexpectedPayload if none does."""
    return next((error for rule in RULES if (error := rule(response)) is not None), _unknown(response))


def _throttled(response: FailedResponse) -> CaletaError | None:
    """429 in the status or only in the code; 503 with a hint."""
    quota = response.endpoint.quota
    asks = response.status == 429 or response.body.key in THROTTLED_CODES
    named = hints(response.headers, response.body.text, response.received_at)
    if not asks and not (response.status == 503 and named):
        return None
    return Throttled(wait_seconds(quota, response.headers, response.body.text, response.received_at), quota.value)


def _unavailable(response: FailedResponse) -> CaletaError | None:
    """Azure's own failures, and any other response than a refusal (4xx) that is not JSON."""
    is_busy = response.status in (409, 412) and BUSY_TEXT.search(response.body.text) is not None
    is_passing = response.status == 200 and response.body.key in PASSING_CODES
    is_cut_off = not response.is_json and not _is_refusal(response)
    if response.status >= 500 or response.status in (408, 425) or is_passing or is_busy or is_cut_off:
        return AzureUnavailable(f"{response.endpoint.name}: {response.status} {response.body.code}", response.body.code)
    return None


def _without_reason(response: FailedResponse) -> CaletaError | None:
    """A proxy's or gateway's own page. A 401 is left to the rule about tokens."""
    if response.is_json or not _is_refusal(response) or response.status == 401:
        return None
    return RefusedWithoutReason(response.endpoint.name, response.status)


def _is_refusal(response: FailedResponse) -> bool:
    return 400 <= response.status < 500


def _no_data_yet(response: FailedResponse) -> CaletaError | None:
    """Seen right after a success, for days on new subscriptions, and for good on those without costs."""
    if response.status != 404:
        return None
    is_cost_query = response.endpoint.quota is QuotaClass.COST_MANAGEMENT
    if NO_DATA_TEXT.search(response.body.text) or (is_cost_query and response.body.key in NO_DATA_CODES):
        return NoDataYet("NoCostData")
    return None


def _charges_hidden(response: FailedResponse) -> CaletaError | None:
    if response.body.key in VIEW_CHARGES_CODES:
        return PermissionMissing(VIEW_CHARGES, response.scope, response.body.code)
    return None


def _not_registered(response: FailedResponse) -> CaletaError | None:
    """Registering the provider would be a write, which we never do."""
    if response.body.key not in NOT_REGISTERED_CODES:
        return None
    named = " ".join(PROVIDER.findall(response.endpoint.path))
    reason = (
        f"The subscription has never used this Azure service: the resource provider {named} is not registered. "
        "An owner can register it in the Azure portal. Then scan again."
    )
    return NotOffered(response.body.code, reason)


def _offer(response: FailedResponse) -> CaletaError | None:
    is_offer = response.body.key in OFFER_CODES or OFFER_TEXTS.search(response.body.text) is not None
    if not is_offer and response.status not in (422, 424):
        return None
    code = response.body.code if response.body.key in OFFER_CODES else "OfferNotSupported"
    return NotOffered(code, f"Azure does not offer this data for the subscription's agreement or offer. {ASK_BILLER}")


def _other_tenant(response: FailedResponse) -> CaletaError | None:
    if response.body.key not in OTHER_TENANT_CODES:
        return None
    reason = "The subscription belongs to another tenant or is being transferred: sign in to that tenant to scan it."
    return NotOffered(response.body.code, reason)


def _not_allowed(response: FailedResponse) -> CaletaError | None:
    if response.body.key in DISABLED_CODES:
        reason = "Azure reports that this subscription is disabled. Its owner can reactivate it in the Azure portal."
        return NotOffered(response.body.code, reason)
    if not _is_refusal(response) or response.body.key not in NOT_ALLOWED_CODES:
        return None
    code = response.body.code
    reason = f"Azure does not allow this for the subscription (code {code}). No role would change that. {ASK_BILLER}"
    return NotOffered(code, reason)


def _no_access(response: FailedResponse) -> CaletaError | None:
    """A missing role is 403, but also 401 from Cost Management and 404 for a whole subscription."""
    is_named = response.status in (401, 403, 404) and response.body.key in NO_ACCESS_CODES
    is_unnamed = response.status == 403 and response.body.key in UNNAMED_REFUSAL_CODES
    if is_named or (is_unnamed and NO_ACCESS_TEXT.search(response.body.text)):
        return PermissionMissing(response.endpoint.role, response.scope, response.body.code)
    return None


def _token_refused(response: FailedResponse) -> CaletaError | None:
    """A 401 that remained with a new token; it may be transient."""
    if response.status == 401:
        return AzureUnavailable(f"{response.endpoint.name}: a new token was refused", response.body.code)
    return None


def _query_refused(response: FailedResponse) -> CaletaError | None:
    return QueryRefused(response.body.code, response.body.place) if response.status == 400 else None


def _unknown(response: FailedResponse) -> CaletaError:
    if _is_refusal(response):
        return RefusedByAzure(response.body.code, response.status)
    return UnexpectedPayload(f"{response.endpoint.name}: status {response.status}, code {response.body.code}")


RULES: tuple[Callable[[FailedResponse], CaletaError | None], ...] = (
    _throttled,
    _unavailable,
    _without_reason,
    _charges_hidden,
    _not_registered,
    _offer,
    _other_tenant,
    _no_data_yet,
    _not_allowed,
    _no_access,
    _token_refused,
    _query_refused,
)
