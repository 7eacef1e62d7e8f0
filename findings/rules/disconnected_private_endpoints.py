"""Private endpoints whose connection is disconnected."""

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure

STATES = ("connectionStatus", "manualConnectionStatus")


def _is_disconnected(endpoint: Resource, _facts: Facts) -> bool:
    """An endpoint has an automatic or a manual connection; if it has both, both must be disconnected."""
    states = [state for name in STATES if (state := endpoint.text(name).lower())]
    return bool(states) and all(state == "disconnected" for state in states)


def _target(endpoint: Resource) -> str:
    return (endpoint.text("privateLinkServiceId") or endpoint.text("manualPrivateLinkServiceId")).rpartition("/")[2]


RULE = Rule(
    name="disconnected_private_endpoints",
    text=RuleText(
        "private endpoint",
        "private endpoints",
        "{count} disconnected {them}",
        "A private endpoint is billed by the hour. The target service of these endpoints was deleted or has removed "
        "the connection, and a disconnected endpoint cannot reconnect.",
        "Delete the endpoint and its DNS record. If the service still exists, create a new endpoint for it.",
        "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/privateendpoints",),
    matches=_is_disconnected,
    evidence=(EvidenceField("Previous target", _target),),
    reads=("connectionStatus", "manualConnectionStatus", "manualPrivateLinkServiceId", "privateLinkServiceId"),
)
