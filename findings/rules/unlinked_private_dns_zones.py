"""Private DNS zones that no virtual network can resolve."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_no_link(zone: Resource, _facts: Facts) -> bool:
    """Azure always counts the links: a zone whose count was not read is not judged."""
    return zone.properties.get("numberOfVirtualNetworkLinks") == 0


RULE = Rule(
    name="unlinked_private_dns_zones",
    text=RuleText(
        "private DNS zone",
        "private DNS zones",
        "{count} {them} without virtual network links",
        "A private DNS zone is billed every month. Without a link to a virtual network, nothing can resolve its names.",
        "Check whether a link was removed by mistake. If not, delete the zone.",
        "https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/privatednszones",),
    matches=_has_no_link,
    evidence=(property_field("Record sets", "numberOfRecordSets"),),
    reads=("numberOfRecordSets", "numberOfVirtualNetworkLinks"),
)
