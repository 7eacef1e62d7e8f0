"""Checks every call of Resource Manager before its provider handles it."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.arm.caller import Caller, caller
from simulator.arm.errors import error, refusal
from simulator.arm.quotas import Verdict
from simulator.estate.subscriptions import Subscription
from simulator.exchange import Headers, Refusal, Request, Response, html_response
from simulator.people import Visibility
from simulator.world import World

COST_HINT = "x-ms-ratelimit-microsoft.costmanagement-{}-retry-after"
HINTS: dict[str, Headers] = {
    "arm_429": (("Retry-After", "17"),),
    "arm_429_short": (("Retry-After", "1"),),
    "arm_429_no_hint": (),
    "arm_429_own_hint": ((COST_HINT.format("qpu"), "9"),),
    "arm_429_hints": (
        ("Retry-After", "3"),
        (COST_HINT.format("entity"), "12"),
        (COST_HINT.format("clienttype"), "4"),
    ),
}
"""The retry headers of each throttling fault."""

BAD_CALL_EVERY = 41
"""In a hard estate, one call in so many gets a transient error."""


@dataclass(frozen=True)
class Call:
    """A call that passed the gate. `subscription` None is for calls of the tenant."""

    world: World
    request: Request
    caller: Caller
    subscription: Subscription | None
    headers: Headers

    @property
    def is_permitted(self) -> bool:
        """Whether the caller has a role that reads the subscription's data."""
        return self.subscription is not None and may_read(self.caller, self.subscription)


def sees(who: Caller, subscription: Subscription) -> bool:
    """Whether the subscription is in the caller's list."""
    if who.tenant_id not in who.person.visible_in or who.person.visibility is Visibility.NONE:
        return False
    if subscription.index >= 1000:
        return who.person.visibility in (Visibility.ALL, Visibility.HALF)
    return who.person.visibility is not Visibility.FIRST or subscription.index == 0


def may_read(who: Caller, subscription: Subscription) -> bool:
    """Whether the caller has a role on it: the reader only on those with an even number."""
    if not sees(who, subscription):
        return False
    return who.person.visibility is not Visibility.HALF or subscription.index % 2 == 0


def enter(world: World, request: Request, versions: tuple[str, ...], subscription_id: str | None, kind: str) -> Call:
    """Token, api-version, subscription and reads bucket, in the gateway's order; raises Refusal."""
    who = caller(world, request)
    check_version(request, versions, kind)
    subscription = None if subscription_id is None else _subscription(world, who, subscription_id)
    key = who.tenant_id if subscription is None else subscription.subscription_id
    verdict = world.quotas.read(key, who.object_id)
    if not verdict.is_granted:
        raise _throttled(request, subscription, verdict)
    name = "tenant" if subscription is None else "subscription"
    reads = str(verdict.remaining["reads"])
    headers: Headers = ((f"x-ms-ratelimit-remaining-{name}-reads", reads),)
    if subscription is not None:
        headers = (*headers, ("x-ms-ratelimit-remaining-subscription-global-reads", "3749"))
    return Call(world, request, who, subscription, headers)


def check_version(request: Request, versions: tuple[str, ...], kind: str) -> None:
    """Refuses a call without an api-version, or with one that the type does not have."""
    version = request.parameter("api-version")
    if not version:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise refusal(400, "MissingApiVersionParameter", text, (("x-ms-failure-cause", "gateway"),))
    if version.lower() in versions:
        return
    supported = ",".join(versions)
    if "/" not in kind:
        text = f"The api-version '{version}' is invalid. The supported versions are '{supported}'."
        raise refusal(400, "InvalidApiVersionParameter", text)
    namespace, _, name = kind.partition("/")
    text = (
        f"The resource type '{name}' could not be found in the namespace '{namespace}' for api version '{version}'. "
        f"The supported api-versions are '{supported}'."
    )
    raise refusal(400, "InvalidResourceType", text, (("x-ms-failure-cause", "gateway"),))


def _subscription(world: World, who: Caller, subscription_id: str) -> Subscription:
    found = world.estate.find(subscription_id.lower())
    if found is not None and sees(who, found):
        return found
    if found is not None and found.tenant_id != who.tenant_id:
        issuer, right = f"https://sts.windows.net/{who.tenant_id}/", found.tenant_id
        text = (
            f"The access token is from the wrong issuer '{issuer}'. It must match the tenant "
            f"'https://sts.windows.net/{right}/' associated with this subscription. Please use the authority (URL) "
            f"'https://login.windows.net/{right}' to get the token. Note, if the subscription is transferred to "
            "another tenant there is no impact to the services, but information about new tenant could take time to "
            "propagate (up to an hour). If you just transferred your subscription and see this error message, please "
            "try back later."
        )
        raise refusal(401, "InvalidAuthenticationTokenTenant", text)
    raise refusal(404, "SubscriptionNotFound", f"The subscription '{subscription_id}' could not be found.")


def _throttled(request: Request, subscription: Subscription | None, verdict: Verdict) -> Refusal:
    target = f"subscription '{subscription.subscription_id}'" if subscription else "tenant"
    text = (
        f"Number of requests for {target} and operation '{request.method}' exceeded the backend storage limit. "
        f"Please try again after '{verdict.wait}' seconds."
    )
    code = "SubscriptionRequestsThrottled" if subscription else "TenantRequestsThrottled"
    return refusal(429, code, text, (("Retry-After", str(verdict.wait)),))


def fault(world: World) -> Response | None:
    """The response of an active fault, or of a hard estate's transient error."""
    passing = world.options.estate == "hard" and world.requests.total % BAD_CALL_EVERY == BAD_CALL_EVERY - 1
    if passing:
        return BROKEN["arm_503"]()
    struck = (answer for name, answer in BROKEN.items() if world.faults.strikes(name))
    return next((answer() for answer in struck), None) or _throttling(world)


BROKEN: dict[str, Callable[[], Response]] = {
    "arm_503": lambda: Response(503, b"", (("Content-Type", "text/html; charset=us-ascii"),)),
    "arm_502": lambda: html_response(502, "<!doctype html><title>502</title><h1>Bad gateway</h1>"),
    "arm_403_page": lambda: html_response(403, "<!doctype html><title>403</title><h1>Forbidden</h1>"),
    "arm_403_disallowed": lambda: error(
        403,
        "DisallowedOperation",
        "The current subscription type is not permitted to perform operations on any provider namespace. "
        "Please use a different subscription.",
    ),
    "arm_500": lambda: error(500, "InternalServerError", "Encountered an internal server error."),
    "arm_504": lambda: error(
        504,
        "GatewayTimeout",
        "The gateway did not receive a response from 'Microsoft.CostManagement' within the specified time period.",
    ),
}
"""What each fault answers in the place of the provider."""


def _throttling(world: World) -> Response | None:
    for name, headers in HINTS.items():
        if world.faults.strikes(name):
            return error(429, "TooManyRequests", "The request is being throttled.", headers)
    return None
