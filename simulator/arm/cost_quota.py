"""Charges a cost query to its quotas: query units of the tenant, requests of scope, user and client type."""

from simulator.arm.errors import error
from simulator.arm.gate import Call
from simulator.arm.quotas import PER_CLIENT_TYPE, PER_SCOPE, PER_USER, QUERY_UNITS, Verdict
from simulator.estate.subscriptions import Subscription
from simulator.exchange import Headers, Refusal

OURS = "x-ms-ratelimit-microsoft.costmanagement"
PORTAL_UNITS = 6
"""Half a year of costs, as cost analysis in the portal queries it."""

REMAINING = "x-ms-ratelimit-remaining-microsoft.costmanagement"


def pay(call: Call, subscription: Subscription, units: int) -> Headers:
    """Charge the query; return the headers of its response. Raises Refusal with 429.

    Without a ClientType header a request shares the tenant's Default bucket with every
    other tool, and that one is always empty here.
    """
    client_type = call.request.headers.get("clienttype")
    if not client_type:
        raise Refusal(error(429, "429", "Too many requests. Please retry.", _client_type_headers(0)))
    tenant, user = call.caller.tenant_id, call.caller.object_id
    if call.world.faults.strikes("portal_use"):
        call.world.quotas.take((QUERY_UNITS, ("units", tenant), PORTAL_UNITS))
    verdicts = call.world.quotas.take(
        (QUERY_UNITS, ("units", tenant), units),
        (PER_SCOPE, ("scope", subscription.subscription_id), 1),
        (PER_USER, ("user", tenant, user), 1),
        (PER_CLIENT_TYPE, ("client type", client_type), 1),
    )
    if not all(verdict.is_granted for verdict in verdicts):
        raise Refusal(error(429, "429", "Too many requests. Please retry.", _refused(*verdicts)))
    return () if call.world.faults.strikes("no_counters") else _granted(*verdicts, consumed=units)


def _client_type_headers(left: int) -> Headers:
    return (
        (f"{REMAINING}-clienttype-requests", f"DefaultQuota:{left}"),
        (f"{OURS}-clienttype-retry-after", "60"),
    )


def _granted(units: Verdict, scope: Verdict, user: Verdict, client: Verdict, *, consumed: int) -> Headers:
    """Headers of a successful response. As recorded, two of them mention a retry although nothing is wrong."""
    return (
        (f"{OURS}-qpu-consumed", str(consumed)),
        (f"{OURS}-qpu-remaining", units.remaining_text),
        (f"{REMAINING}-entity-requests", scope.remaining_text),
        (f"{REMAINING}-tenant-requests", user.remaining_text),
        (f"{REMAINING}-clienttype-requests", client.remaining_text),
        (f"{OURS}-entity-retry-after", "60"),
        (f"{OURS}-tenant-retry-after", "60"),
    )


def _refused(units: Verdict, scope: Verdict, user: Verdict, client: Verdict) -> Headers:
    """A hint for each exhausted quota and no plain Retry-After, as seen in the field."""
    named = {"qpu": units, "entity": scope, "tenant": user, "clienttype": client}
    hints = tuple((f"{OURS}-{name}-retry-after", str(verdict.wait)) for name, verdict in named.items() if verdict.wait)
    return (
        *hints,
        (f"{OURS}-qpu-consumed", "0"),
        (f"{OURS}-qpu-remaining", units.remaining_text),
        (f"{REMAINING}-entity-requests", scope.remaining_text),
        (f"{REMAINING}-tenant-requests", user.remaining_text),
    )
