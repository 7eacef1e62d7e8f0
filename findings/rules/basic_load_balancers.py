"""Load balancers of the Basic SKU, which Microsoft has retired."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_basic(balancer: Resource, _facts: Facts) -> bool:
    return balancer.sku_text("name") == "basic"


RULE = Rule(
    name="basic_load_balancers",
    text=RuleText(
        "load balancer",
        "load balancers",
        "{count} {them} of the Basic SKU",
        "Microsoft retired Basic SKU load balancers on 30 Sep 2025. They are free; a Standard load balancer "
        "is billed, so plan for its cost or remove the balancer.",
        "Check whether the balancer is still needed. If it is, upgrade it to the Standard SKU with its addresses.",
        "https://learn.microsoft.com/azure/load-balancer/load-balancer-basic-upgrade-guidance",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/loadbalancers",),
    matches=_is_basic,
    evidence=(
        sku_field(),
        property_field("Load-balancing rules", "loadBalancingRulesCount"),
    ),
    has_saving=False,
    undo="The upgrade cannot be undone.",
    reads=("loadBalancingRulesCount",),
)
