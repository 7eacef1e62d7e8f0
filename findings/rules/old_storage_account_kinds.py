"""Storage accounts of kinds that Microsoft is retiring."""

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Rule, RuleText, date_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

OLD_KINDS = ("storage", "blobstorage")


def _is_old(account: Resource, _facts: Facts) -> bool:
    return account.kind in OLD_KINDS


RULE = Rule(
    name="old_storage_account_kinds",
    text=RuleText(
        "storage account",
        "storage accounts",
        "{count} {them} of an old kind",
        "General-purpose v1 and Blob storage accounts lack the Cold and Archive tiers and lifecycle rules that cut the "
        "cost of old data, and Microsoft is retiring them.",
        "Upgrade to general-purpose v2. The upgrade needs no downtime but cannot be undone, and transactions can cost "
        "more: compare the prices first.",
        "https://learn.microsoft.com/azure/storage/common/storage-account-upgrade",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.storage/storageaccounts",),
    matches=_is_old,
    evidence=(
        EvidenceField("Kind", lambda account: account.kind),
        sku_field(),
        date_field("Created", "creationTime"),
    ),
    has_saving=False,
    reads=("creationTime",),
)
