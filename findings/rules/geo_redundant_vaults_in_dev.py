"""Recovery Services vaults that copy backups of development and test to a second region."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("storageRedundancy").lower() == "georedundant" and is_dev(resource, facts)


RULE = Rule(
    name="geo_redundant_vaults_in_dev",
    text=RuleText(
        "vault",
        "vaults",
        "{count} geo-redundant {them} in development and test",
        "A geo-redundant vault stores each backup twice as much as a locally redundant one. Test systems can "
        "usually be built again. We do not know the price difference in your agreement, so we give no amount.",
        "The redundancy can be changed only while nothing is protected: make a new vault with LRS, move the "
        "protection, and let the old backups expire.",
        "https://learn.microsoft.com/azure/backup/backup-create-recovery-services-vault",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.HIGH,
    resource_types=("microsoft.recoveryservices/vaults",),
    matches=_exceeds_need,
    evidence=(
        property_field("Redundancy", "storageRedundancy"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Protect the machines with a geo-redundant vault again.",
    reads=("storageRedundancy",),
)
