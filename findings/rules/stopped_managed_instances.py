"""SQL managed instances that are stopped."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_stopped(instance: Resource, _facts: Facts) -> bool:
    return instance.text("state").lower() == "stopped"


RULE = Rule(
    name="stopped_managed_instances",
    text=RuleText(
        "SQL managed instance",
        "SQL managed instances",
        "{count} stopped {them}",
        "A stopped instance is not billed for compute and licence, but for its storage and backups.",
        "Ask the owner whether the data is still needed. If not, export it and delete the instance.",
        "https://learn.microsoft.com/azure/azure-sql/managed-instance/instance-stop-start-how-to",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.sql/managedinstances",),
    matches=_is_stopped,
    evidence=(
        sku_field(),
        property_field("vCores", "vCores"),
        property_field("Storage (GB)", "storageSizeInGB"),
    ),
    undo="A deleted instance cannot be restored; its databases can, from long-term backups.",
    reads=("state", "storageSizeInGB", "vCores"),
)
