"""Cosmos DB accounts with more backup copies than are free."""

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

FREE_COPIES = 2
MINUTES = 60


def _copies(account: Resource) -> int:
    interval, hours = account.count("backupIntervalInMinutes"), account.count("backupRetentionIntervalInHours")
    return hours * MINUTES // interval if interval else 0


def _has_many_copies(account: Resource, _facts: Facts) -> bool:
    return account.text("backupPolicyType").lower() == "periodic" and _copies(account) > FREE_COPIES


RULE = Rule(
    name="many_cosmos_backups",
    text=RuleText(
        "Cosmos DB account",
        "Cosmos DB accounts",
        "{count} {them} with many backup copies",
        "Two copies of a periodic backup are free; each further one is billed for the data of the account. "
        "The number of copies is the retention divided by the interval. We do not know the price in your "
        "agreement, so we give no amount.",
        "Lengthen the interval or shorten the retention. With many copies, continuous backup of seven days, "
        "which is free, can replace them.",
        "https://learn.microsoft.com/azure/cosmos-db/periodic-backup-modify-interval-retention",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.documentdb/databaseaccounts",),
    matches=_has_many_copies,
    evidence=(
        EvidenceField("Copies", lambda account: str(_copies(account))),
        property_field("Interval (minutes)", "backupIntervalInMinutes"),
        property_field("Retention (hours)", "backupRetentionIntervalInHours"),
    ),
    has_saving=False,
    undo="Set the interval and the retention back.",
    reads=("backupIntervalInMinutes", "backupPolicyType", "backupRetentionIntervalInHours"),
)
