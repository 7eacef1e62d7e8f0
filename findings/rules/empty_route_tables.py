"""Route tables that are not associated with a subnet."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_unassociated(table: Resource, _facts: Facts) -> bool:
    """Azure leaves the list out when it is empty, so a missing length is none."""
    return not table.count("subnetsCount")


RULE = Rule(
    name="empty_route_tables",
    text=RuleText(
        "route table",
        "route tables",
        "{count} {them} without subnets",
        "A route table costs nothing, but one without a subnet routes nothing and makes the network harder to read.",
        "Delete it, unless a deployment is about to use it.",
        "https://learn.microsoft.com/azure/virtual-network/manage-route-table",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/routetables",),
    matches=_is_unassociated,
    has_saving=False,
    reads=("subnetsCount",),
)
