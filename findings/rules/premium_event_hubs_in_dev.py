"""Event Hubs namespaces of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("premium",)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_event_hubs_in_dev",
    text=RuleText(
        "Event Hubs namespace",
        "Event Hubs namespaces",
        "{count} Premium {them} in development and test",
        "A Premium namespace is billed for its processing units by the hour, many times the price of one "
        "Standard throughput unit. We do not know the price difference in your agreement, so we give no "
        "amount.",
        "Create a Standard or Basic namespace for test and delete the Premium one.",
        "https://learn.microsoft.com/azure/event-hubs/compare-tiers",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.eventhub/namespaces",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
