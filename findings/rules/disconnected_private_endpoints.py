"""Private endpoints whose other side has cut the connection."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Shown, Words
from shared.core.findings import Confidence, Effort, Measure

STATES = ("connectionStatus", "manualConnectionStatus")


def _is_disconnected(endpoint: Resource, _facts: Facts) -> bool:
    """An endpoint has one connection, automatic or manual; with both, both have to be cut."""
    states = [state for name in STATES if (state := endpoint.text(name).lower())]
    return bool(states) and all(state == "disconnected" for state in states)


def _target(endpoint: Resource) -> str:
    return (endpoint.text("privateLinkServiceId") or endpoint.text("manualPrivateLinkServiceId")).rpartition("/")[2]


RULE = Rule(
    name="disconnected_private_endpoints",
    words=Words(
        "private endpoint",
        "private endpoints",
        "{count} disconnected {them}",
        "A private endpoint is billed by the hour. The service behind these was deleted or has removed the "
        "connection: it cannot come back by itself.",
        "Delete the endpoint and its DNS record. If the service still exists, make a new endpoint to it.",
        "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/privateendpoints",),
    fits=_is_disconnected,
    shows=(Shown("Was connected to", _target),),
)
