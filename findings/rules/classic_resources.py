"""Resources of the classic deployment model."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_classic(_resource: Resource, _facts: Facts) -> bool:
    """The type alone says so."""
    return True


RULE = Rule(
    name="classic_resources",
    text=RuleText(
        "classic resource",
        "classic resources",
        "{count} {them}",
        "Microsoft retired the classic deployment model for virtual machines, cloud services, storage "
        "accounts and networks between 2023 and 2024.",
        "Find out whether anything still uses the resource, migrate that to Azure Resource Manager, then delete it.",
        "https://learn.microsoft.com/azure/virtual-machines/classic-vm-deprecation",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.HIGH,
    resource_types=(
        "microsoft.classiccompute/virtualmachines",
        "microsoft.classiccompute/domainnames",
        "microsoft.classicstorage/storageaccounts",
        "microsoft.classicnetwork/virtualnetworks",
        "microsoft.classicnetwork/reservedips",
    ),
    matches=_is_classic,
    has_saving=False,
    undo="A deleted classic resource cannot be created again.",
)
