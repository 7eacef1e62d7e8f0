"""Kubernetes clusters of which no node pool scales by itself."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _has_fixed_size(cluster: Resource, _facts: Facts) -> bool:
    """A stopped cluster has no nodes; automatic ones manage their nodes themselves."""
    is_running = cluster.text("powerState").lower() == "running" and cluster.sku_text("name") != "automatic"
    has_pools = cluster.count("agentPoolProfilesCount") > 0
    return is_running and has_pools and cluster.properties.get("hasAutoscaling") is False


RULE = Rule(
    name="clusters_without_autoscaling",
    text=RuleText(
        "Kubernetes cluster",
        "Kubernetes clusters",
        "{count} {them} without autoscaling",
        "Without the cluster autoscaler, all nodes run at all hours, whatever the load. We do not read the "
        "load, so we give no amount.",
        "Turn on the autoscaler for user node pools, with a low minimum.",
        "https://learn.microsoft.com/azure/aks/cluster-autoscaler",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.containerservice/managedclusters",),
    matches=_has_fixed_size,
    evidence=(
        sku_field(),
        property_field("Node pools", "agentPoolProfilesCount"),
    ),
    has_saving=False,
    undo="Turn off the autoscaler.",
    reads=("agentPoolProfilesCount", "hasAutoscaling", "powerState"),
)
