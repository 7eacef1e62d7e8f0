"""Private endpoints whose target no longer exists."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Lookup, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

TARGETS = (
    "microsoft.storage/storageaccounts",
    "microsoft.sql/servers",
    "microsoft.keyvault/vaults",
    "microsoft.documentdb/databaseaccounts",
    "microsoft.cache/redis",
    "microsoft.web/sites",
    "microsoft.containerregistry/registries",
    "microsoft.servicebus/namespaces",
    "microsoft.eventhub/namespaces",
)
"""Types of which Resource Graph lists every resource, so that a missing one was deleted."""


def _own_id(resource: Resource) -> Iterable[str]:
    yield resource.resource_id


EXISTING = Lookup(TARGETS, _own_id)


def _target(endpoint: Resource) -> str:
    return endpoint.id_of("privateLinkServiceId") or endpoint.id_of("manualPrivateLinkServiceId")


def _leads_nowhere(endpoint: Resource, facts: Facts) -> bool:
    """A target in another subscription may only be unreadable; a disconnected endpoint is reported for that."""
    target = _target(endpoint)
    scope, _, kind = target.rpartition("/providers/")
    is_own = scope.startswith(f"/subscriptions/{endpoint.subscription_id.lower()}/")
    is_known_type = "/".join(kind.split("/")[:2]) in TARGETS and kind.count("/") == 2
    is_connected = endpoint.text("connectionStatus").lower() != "disconnected"
    return is_own and is_known_type and is_connected and not facts.known(EXISTING, target)


RULE = Rule(
    name="endpoints_of_deleted_targets",
    text=RuleText(
        "private endpoint",
        "private endpoints",
        "{count} {them} of deleted services",
        "The service that the endpoint leads to is not in the inventory of its subscription, which was read "
        "in full. The endpoint is billed by the hour and can reach nothing.",
        "Delete the endpoint and its DNS record.",
        "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.network/privateendpoints",),
    matches=_leads_nowhere,
    evidence=(
        EvidenceField("Deleted target", lambda endpoint: _target(endpoint).rpartition("/")[2]),
        property_field("Connection", "connectionStatus"),
    ),
    lookups=(EXISTING,),
    undo="Create an endpoint for the new service.",
    reads=("connectionStatus", "manualPrivateLinkServiceId", "privateLinkServiceId"),
)
