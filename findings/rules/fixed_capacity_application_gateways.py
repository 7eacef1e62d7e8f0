"""Application gateways of version 2 that do not scale down."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

SECOND_VERSION = ("standard_v2", "waf_v2")
SMALL = 2
"""Instances that a production gateway needs for availability."""


def _has_fixed_capacity(gateway: Resource, _facts: Facts) -> bool:
    is_second_version = gateway.text("skuTier").lower() in SECOND_VERSION
    return is_second_version and "autoscaleMinimum" not in gateway.properties and gateway.count("skuCapacity") > SMALL


def _is_stopped(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("operationalState").lower() == "stopped"


RULE = Rule(
    name="fixed_capacity_application_gateways",
    text=RuleText(
        "application gateway",
        "application gateways",
        f"{{count}} {{them}} with a fixed capacity of more than {SMALL} instances",
        "With a fixed capacity, you pay for all instances at all hours. With autoscaling, you pay for the capacity "
        "units that the traffic needs. We do not read the traffic, so we give no amount.",
        "Compare the capacity units of the last month with the instances. If they are lower at night or on weekends, "
        "turn on autoscaling with a low minimum.",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-autoscaling-zone-redundant",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.LOW,
    resource_types=("microsoft.network/applicationgateways",),
    matches=_has_fixed_capacity,
    exclusions=(Exclusion("stopped gateways, which are not billed", _is_stopped),),
    evidence=(property_field("SKU", "skuName"), property_field("Instances", "skuCapacity")),
    has_saving=False,
    reads=("autoscaleMinimum", "operationalState", "skuCapacity", "skuName", "skuTier"),
)
