"""Turns an answer that is no data into the error that says what to do next.

Decided by what Azure was recorded to answer; where its status misleads (a missing role
as 401, an offer without cost data as 400, 404, 422 or 424) by its code and its text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.arm.endpoints import Endpoint
from shared.arm.error_body import ErrorBody
from shared.arm.throttle import hints, wait_seconds
from shared.core.errors import (
    AzureUnavailable,
    CaletaError,
    NoDataYet,
    NotOffered,
    PermissionMissing,
    QueryRefused,
    Throttled,
    UnexpectedPayload,
)

THROTTLED_CODES = frozenset(
    {"429", "toomanyrequests", "ratelimiting", "resourcerequeststhrottled", "subscriptionrequeststhrottled"}
)
VIEW_CHARGES_CODES = frozenset({"accountcostdisabled", "indirectcostdisabled", "subscriptioncostdisabled"})
NOT_REGISTERED_CODES = frozenset({"missingsubscriptionregistration", "subscriptionnotregistered"})
OTHER_TENANT_CODES = frozenset({"invalidauthenticationtokentenant"})
NO_ACCESS_CODES = frozenset({"rbacaccessdenied", "authorizationfailed", "unauthorized", "subscriptionnotfound"})
OFFER_CODES = frozenset(
    {"offernotsupported", "nonvalidwebdirectairsoffertype", "novalidsubscriptions", "billingsubscriptionnotfound"}
)

PASSING_CODES = frozenset(
    {"internalservererror", "servertimeout", "gatewaytimeout", "serviceunavailable", "serverbusy", "operationtimedout"}
)
"""Faults that pass, whatever the status says: a gateway was seen to put 200 on them."""

OFFER_TEXTS = re.compile(
    r"(?i)offer \S+ is not supported|valid offer type|valid webdirect/airs|cost management supports only"
    r"|cost management data is unavailable|agreement type .{1,60} does not support"
)
NO_DATA_TEXT = re.compile(r"(?i)DataProvider\b.{0,200}returns null")
PROVIDER = re.compile(r"/providers/([A-Za-z.]+)")
BUSY_TEXT = re.compile(r"(?i)\b(?:retry|try again later|operation in progress)\b")

ASK_BILLER = "Please ask whoever bills you for it, Microsoft or a partner."
VIEW_CHARGES = "cost visibility ('view charges', which your billing administrator or partner switches on)"


@dataclass(frozen=True)
class Refusal:
    """An answer that is no data, and the call it answers. `is_json` is False for a gateway's own page."""

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


def classify(refusal: Refusal) -> CaletaError:
    """The first rule that fits; an answer that none fits is an UnexpectedPayload."""
    return next((error for rule in RULES if (error := rule(refusal)) is not None), _unknown(refusal))


def _throttled(refusal: Refusal) -> CaletaError | None:
    """429 in the status or only in the code; 503 when it says how long."""
    quota = refusal.endpoint.quota
    asks = refusal.status == 429 or refusal.body.key in THROTTLED_CODES
    named = hints(refusal.headers, refusal.body.text, refusal.received_at)
    if not asks and not (refusal.status == 503 and named):
        return None
    return Throttled(wait_seconds(quota, refusal.headers, refusal.body.text, refusal.received_at), quota.value)


def _unavailable(refusal: Refusal) -> CaletaError | None:
    """Azure's own faults, and anything between us and Azure that does not speak JSON."""
    is_busy = refusal.status in (409, 412) and BUSY_TEXT.search(refusal.body.text) is not None
    is_passing = refusal.status == 200 and refusal.body.key in PASSING_CODES
    if refusal.status >= 500 or refusal.status == 408 or is_passing or is_busy or not refusal.is_json:
        return AzureUnavailable(f"{refusal.endpoint.name}: {refusal.status} {refusal.body.code}", refusal.body.code)
    return None


def _no_data_yet(refusal: Refusal) -> CaletaError | None:
    """Seen right after a success, and for good on subscriptions without costs."""
    if refusal.status == 404 and NO_DATA_TEXT.search(refusal.body.text):
        return NoDataYet("DataProviderReturnsNull")
    return None


def _charges_hidden(refusal: Refusal) -> CaletaError | None:
    if refusal.body.key in VIEW_CHARGES_CODES:
        return PermissionMissing(VIEW_CHARGES, refusal.scope, refusal.body.code)
    return None


def _not_registered(refusal: Refusal) -> CaletaError | None:
    """We could register the provider only by writing, which we never do."""
    if refusal.body.key not in NOT_REGISTERED_CODES:
        return None
    named = " ".join(PROVIDER.findall(refusal.endpoint.path))
    reason = (
        f"The subscription has never used this service of Azure: its resource provider {named} is not registered. "
        "An owner can register it in the Azure portal; then scan again."
    )
    return NotOffered(refusal.body.code, reason)


def _offer(refusal: Refusal) -> CaletaError | None:
    is_offer = refusal.body.key in OFFER_CODES or OFFER_TEXTS.search(refusal.body.text) is not None
    if not is_offer and refusal.status not in (422, 424):
        return None
    code = refusal.body.code if refusal.body.key in OFFER_CODES else "OfferNotSupported"
    return NotOffered(code, f"Azure does not offer this data for the subscription's agreement or offer. {ASK_BILLER}")


def _other_tenant(refusal: Refusal) -> CaletaError | None:
    if refusal.body.key not in OTHER_TENANT_CODES:
        return None
    reason = "The subscription belongs to another tenant, or is being moved to one: sign in to that tenant to scan it."
    return NotOffered(refusal.body.code, reason)


def _no_access(refusal: Refusal) -> CaletaError | None:
    """A missing role is 403, but also 401 from Cost Management and 404 for a whole subscription."""
    is_denied = refusal.status in (401, 404) and refusal.body.key in NO_ACCESS_CODES
    if refusal.status == 403 or is_denied:
        return PermissionMissing(refusal.endpoint.role, refusal.scope, refusal.body.code)
    return None


def _token_refused(refusal: Refusal) -> CaletaError | None:
    """A 401 that a new token did not mend: not known to be for good."""
    if refusal.status == 401:
        return AzureUnavailable(f"{refusal.endpoint.name}: a new token was refused", refusal.body.code)
    return None


def _query_refused(refusal: Refusal) -> CaletaError | None:
    return QueryRefused(refusal.body.code, refusal.body.place) if refusal.status == 400 else None


def _unknown(refusal: Refusal) -> CaletaError:
    return UnexpectedPayload(f"{refusal.endpoint.name}: status {refusal.status}, code {refusal.body.code}")


RULES: tuple[Callable[[Refusal], CaletaError | None], ...] = (
    _throttled,
    _unavailable,
    _no_data_yet,
    _charges_hidden,
    _not_registered,
    _offer,
    _other_tenant,
    _no_access,
    _token_refused,
    _query_refused,
)
