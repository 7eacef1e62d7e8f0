"""SQL databases of development and test with geo-redundant backups."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

GEO = ("geo", "geozone")


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("currentBackupStorageRedundancy").lower() in GEO and is_dev(resource, facts)


RULE = Rule(
    name="geo_backup_of_dev_databases",
    text=RuleText(
        "database",
        "databases",
        "{count} development and test {them} with geo-redundant backups",
        "Geo-redundant backup storage costs about twice as much as locally redundant storage. Test databases "
        "can usually be restored from production. We do not know the price difference in your agreement, so "
        "we give no amount.",
        "Change the backup storage redundancy of the database to locally redundant.",
        "https://learn.microsoft.com/azure/azure-sql/database/automated-backups-overview",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/databases",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Backup redundancy", "currentBackupStorageRedundancy"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the redundancy back: backups are copied again from then on.",
    reads=("currentBackupStorageRedundancy",),
)
