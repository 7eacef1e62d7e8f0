"""Load balancers with nothing to balance."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _has_nothing_behind(balancer: Resource, _facts: Facts) -> bool:
    """NAT rules lead to a machine without any pool, so that they too have to be absent."""
    leads_to_machines = balancer.count("inboundNatRulesCount") or balancer.count("inboundNatPoolsCount")
    return balancer.properties.get("hasBackends") is False and not leads_to_machines


def _is_basic(balancer: Resource, _facts: Facts) -> bool:
    return balancer.sku_text("name") == "basic"


RULE = Rule(
    name="idle_load_balancers",
    words=Words(
        "load balancer",
        "load balancers",
        "{count} {them} with nothing to balance",
        "A Standard load balancer is billed by the hour for its rules. These have neither a machine in any backend "
        "pool nor a rule that leads to one.",
        "Delete the load balancer, and its public IP address if that has no other use.",
        "https://learn.microsoft.com/azure/load-balancer/load-balancer-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/loadbalancers",),
    fits=_has_nothing_behind,
    exclusions=(Exclusion("load balancers of the Basic SKU, which are free", _is_basic),),
    shows=(
        shown_sku(),
        shown("Load-balancing rules", "loadBalancingRulesCount"),
        shown("Outbound rules", "outboundRulesCount"),
    ),
)
