"""Network security groups that protect nothing."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Words
from shared.core.findings import Confidence, Effort, Measure


def _protects_nothing(group: Resource, _facts: Facts) -> bool:
    return not group.count("networkInterfacesCount") and not group.count("subnetsCount")


RULE = Rule(
    name="orphan_security_groups",
    words=Words(
        "network security group",
        "network security groups",
        "{count} {them} protecting nothing",
        "A network security group costs nothing. One that is bound to no subnet and to no interface protects nothing "
        "and misleads whoever reads the rules.",
        "Delete it, or bind it to what it was written for. Nothing on the bill changes.",
        "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/networksecuritygroups",),
    fits=_protects_nothing,
    has_saving=False,
)
