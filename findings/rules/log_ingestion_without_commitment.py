"""Log Analytics workspaces that ingest enough for a commitment tier."""

from calendar import monthrange

from findings.resource import Resource
from findings.rule import (
    Costs,
    Facts,
    Rule,
    RuleText,
    property_field,
)
from shared.core.findings import Confidence, Effort, Measure
from shared.core.meter_costs import MeterPart

LEAST_GB_A_DAY = 100


def _has_no_commitment(workspace: Resource, _facts: Facts) -> bool:
    return workspace.text("skuName").lower() == "pergb2018"


def _is_ingestion(service: str, _subcategory: str, meter: str) -> bool:
    return service in ("log analytics", "azure monitor") and "data ingestion" in meter and "basic" not in meter


INGESTION = MeterPart("ingestion", _is_ingestion)


def _ingests_enough(workspace: Resource, costs: Costs) -> bool:
    """The meter counts GB."""
    month = costs.billed.month
    ingested = costs.meters.quantity(workspace.resource_id, INGESTION)
    return ingested is not None and ingested >= LEAST_GB_A_DAY * monthrange(month.year, month.month)[1]


RULE = Rule(
    name="log_ingestion_without_commitment",
    text=RuleText(
        "Log Analytics workspace",
        "Log Analytics workspaces",
        "{count} {them} that ingest more than 100 GB a day without a commitment tier",
        "From about 100 GB a day, a commitment tier costs less per GB than pay-as-you-go. We do not know the "
        "price of the tiers in your agreement, so we give no amount.",
        "Compare the tiers with the volume of the last month, then change the pricing tier. It can be lowered "
        "again after 31 days.",
        "https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.operationalinsights/workspaces",),
    matches=_has_no_commitment,
    evidence=(property_field("Pricing tier", "skuName"),),
    has_saving=False,
    part=INGESTION,
    proven_by=_ingests_enough,
    undo="Change back to pay-as-you-go after 31 days.",
    reads=("skuName",),
)
