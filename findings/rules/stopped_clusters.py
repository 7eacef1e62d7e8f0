"""Kubernetes clusters that are stopped."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_stopped(cluster: Resource, _facts: Facts) -> bool:
    return cluster.text("powerState").lower() == "stopped"


RULE = Rule(
    name="stopped_clusters",
    text=RuleText(
        "Kubernetes cluster",
        "Kubernetes clusters",
        "{count} stopped {them}",
        "A stopped cluster has no nodes, but its disks, addresses and load balancers are billed, and so is a "
        "paid control plane. Azure keeps a stopped cluster for 12 months at most.",
        "Ask the owner whether the cluster is still needed. If not, delete it with the resource group that it manages.",
        "https://learn.microsoft.com/azure/aks/start-stop-cluster",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.containerservice/managedclusters",),
    matches=_is_stopped,
    evidence=(
        sku_field(),
        property_field("Version", "kubernetesVersion"),
    ),
    undo="A deleted cluster cannot be restored.",
    reads=("kubernetesVersion", "powerState"),
)
