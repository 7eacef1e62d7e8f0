"""Load balancers without backends."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _has_no_backend(balancer: Resource, _facts: Facts) -> bool:
    """Inbound NAT rules target a machine without a backend pool, so there must be none of them either."""
    has_nat_targets = balancer.count("inboundNatRulesCount") or balancer.count("inboundNatPoolsCount")
    return balancer.properties.get("hasBackends") is False and not has_nat_targets


def _is_basic(balancer: Resource, _facts: Facts) -> bool:
    return balancer.sku_text("name") == "basic"


RULE = Rule(
    name="idle_load_balancers",
    text=RuleText(
        "load balancer",
        "load balancers",
        "{count} {them} without backends",
        "A Standard load balancer is billed by the hour for its rules. These have empty backend pools and no inbound "
        "NAT rules.",
        "Delete the load balancer. Delete its public IP address too if nothing else uses it.",
        "https://learn.microsoft.com/azure/load-balancer/load-balancer-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/loadbalancers",),
    matches=_has_no_backend,
    exclusions=(Exclusion("Basic SKU load balancers, which are free", _is_basic),),
    evidence=(
        sku_field(),
        property_field("Load-balancing rules", "loadBalancingRulesCount"),
        property_field("Outbound rules", "outboundRulesCount"),
    ),
    reads=(
        "hasBackends",
        "inboundNatPoolsCount",
        "inboundNatRulesCount",
        "loadBalancingRulesCount",
        "outboundRulesCount",
    ),
)
