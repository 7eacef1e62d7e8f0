"""Network security groups that are not associated with a subnet or network interface."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_unassociated(group: Resource, _facts: Facts) -> bool:
    return not group.count("networkInterfacesCount") and not group.count("subnetsCount")


RULE = Rule(
    name="orphan_security_groups",
    text=RuleText(
        "network security group",
        "network security groups",
        "{count} unassociated {them}",
        "A network security group has no charge. One that is not associated with a subnet or network interface has no "
        "effect, and its rules can mislead readers.",
        "Delete the group, or associate it with the resources it was created for. Your bill does not change.",
        "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/networksecuritygroups",),
    matches=_is_unassociated,
    has_saving=False,
    reads=("networkInterfacesCount", "subnetsCount"),
)
