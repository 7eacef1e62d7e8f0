"""Application gateways of the first version, which Microsoft has retired."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

FIRST_VERSION = ("standard", "waf")


def _is_first_version(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("skuTier").lower() in FIRST_VERSION


RULE = Rule(
    name="application_gateways_v1",
    text=RuleText(
        "application gateway",
        "application gateways",
        "{count} {them} of version 1",
        "Microsoft retired version 1 of Application Gateway on 28 Apr 2026. Version 2 scales with the load instead of "
        "running a fixed number of instances.",
        "Migrate to version 2. Set a low minimum of autoscaling units, so that quiet hours cost less.",
        "https://learn.microsoft.com/azure/application-gateway/v1-retirement",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.HIGH,
    resource_types=("microsoft.network/applicationgateways",),
    matches=_is_first_version,
    evidence=(property_field("SKU", "skuName"), property_field("Instances", "skuCapacity")),
    has_saving=False,
    reads=("skuCapacity", "skuName", "skuTier"),
)
