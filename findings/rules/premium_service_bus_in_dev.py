"""Service Bus namespaces of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("premium",)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_service_bus_in_dev",
    text=RuleText(
        "Service Bus namespace",
        "Service Bus namespaces",
        "{count} Premium {them} in development and test",
        "A Premium namespace is billed for its messaging units by the hour. A Standard namespace has a small "
        "base price and bills operations. We do not know the price difference in your agreement, so we give "
        "no amount.",
        "Create a Standard namespace for test, unless the test needs private endpoints or large messages, and "
        "delete the Premium one.",
        "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-premium-messaging",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.servicebus/namespaces",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
