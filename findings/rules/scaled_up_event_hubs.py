"""Event Hubs namespaces that Azure has scaled up and never scales down."""

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_scaled_up(namespace: Resource, _facts: Facts) -> bool:
    capacity = namespace.sku.get("capacity")
    is_up = isinstance(capacity, int) and capacity > 1
    return (
        is_up and namespace.properties.get("isAutoInflateEnabled") is True and namespace.sku_text("name") == "standard"
    )


RULE = Rule(
    name="scaled_up_event_hubs",
    text=RuleText(
        "Event Hubs namespace",
        "Event Hubs namespaces",
        "{count} {them} scaled up by auto-inflate",
        "Auto-inflate adds throughput units when the load rises. It never removes them, so that they are "
        "billed after the load has ended. We do not read the load, so we give no amount.",
        "Look at the throughput of the last month, then reduce the units. Auto-inflate adds them again when needed.",
        "https://learn.microsoft.com/azure/event-hubs/event-hubs-auto-inflate",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.eventhub/namespaces",),
    matches=_is_scaled_up,
    evidence=(
        sku_field(),
        EvidenceField("Throughput units", lambda namespace: str(namespace.sku.get("capacity") or "")),
        property_field("Most units", "maximumThroughputUnits"),
    ),
    has_saving=False,
    undo="Add throughput units.",
    reads=("isAutoInflateEnabled", "maximumThroughputUnits"),
)
