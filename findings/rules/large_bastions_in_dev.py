"""Bastion hosts of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = (
    "standard",
    "premium",
)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="large_bastions_in_dev",
    text=RuleText(
        "Bastion host",
        "Bastion hosts",
        "{count} Standard or Premium {them} in development and test",
        "A Bastion host is billed by the hour. The Developer SKU is free and enough for one connection at a "
        "time; Basic costs less than Standard. We do not know the price difference in your agreement, so we "
        "give no amount.",
        "Delete the host and connect by the Developer SKU, if its region offers it.",
        "https://learn.microsoft.com/azure/bastion/bastion-sku-comparison",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/bastionhosts",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
