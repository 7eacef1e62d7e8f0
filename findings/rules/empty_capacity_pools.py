"""NetApp capacity pools without volumes."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _pool(volume: Resource) -> Iterable[str]:
    yield volume.resource_id.partition("/volumes/")[0]


FILLED = Lookup(("microsoft.netapp/netappaccounts/capacitypools/volumes",), _pool)


def _is_empty(pool: Resource, facts: Facts) -> bool:
    return not facts.known(FILLED, pool.resource_id)


RULE = Rule(
    name="empty_capacity_pools",
    text=RuleText(
        "capacity pool",
        "capacity pools",
        "{count} {them} without volumes",
        "A capacity pool of Azure NetApp Files is billed for its provisioned size, whether or not it holds a volume.",
        "Check that no deployment is about to use it, then delete the pool.",
        "https://learn.microsoft.com/azure/azure-netapp-files/azure-netapp-files-cost-model",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.netapp/netappaccounts/capacitypools",),
    matches=_is_empty,
    evidence=(
        property_field("Service level", "serviceLevel"),
        property_field("Size (bytes)", "size"),
    ),
    lookups=(FILLED,),
    undo="Create a pool of the same size.",
    reads=("serviceLevel", "size"),
)
