"""Dedicated hosts without virtual machines."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_empty(host: Resource, _facts: Facts) -> bool:
    """Azure sends the list, empty or not: a host whose list was not read is not judged."""
    return host.properties.get("virtualMachinesCount") == 0


RULE = Rule(
    name="empty_dedicated_hosts",
    text=RuleText(
        "dedicated host",
        "dedicated hosts",
        "{count} {them} without virtual machines",
        "A dedicated host is a physical server that is billed by the hour, whether or not a virtual machine "
        "runs on it.",
        "Check whether a deployment is about to use the host, or a licence agreement requires it. If not, delete it.",
        "https://learn.microsoft.com/azure/virtual-machines/dedicated-hosts",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/hostgroups/hosts",),
    matches=_is_empty,
    evidence=(
        sku_field(),
        date_field("Created", "timeCreated"),
    ),
    undo="Create a host of the same size; Azure may have no capacity for it then.",
    reads=("timeCreated", "virtualMachinesCount"),
)
