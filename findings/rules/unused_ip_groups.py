"""IP groups that no firewall uses."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(group: Resource, _facts: Facts) -> bool:
    """Azure sends both lists, empty or not: a group whose lists were not read is not judged."""
    return group.properties.get("firewallsCount") == 0 and group.properties.get("firewallPoliciesCount") == 0


RULE = Rule(
    name="unused_ip_groups",
    text=RuleText(
        "IP group",
        "IP groups",
        "{count} unused {them}",
        "No firewall and no firewall policy uses these groups of addresses.",
        "Delete the group, unless a deployment is about to use it.",
        "https://learn.microsoft.com/azure/firewall/ip-groups",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/ipgroups",),
    matches=_is_unused,
    has_saving=False,
    undo="Create the group again from its list of addresses.",
    reads=("firewallPoliciesCount", "firewallsCount"),
)
