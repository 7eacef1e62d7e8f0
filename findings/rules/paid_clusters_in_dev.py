"""Kubernetes clusters of development and test with a paid control plane."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure
from shared.core.meter_costs import MeterPart


def _is_paid(cluster: Resource, facts: Facts) -> bool:
    """Premium includes long-term support, which the Free tier does not have."""
    return cluster.sku_text("tier") == "standard" and is_dev(cluster, facts)


def _is_control_plane(_service: str, _subcategory: str, meter: str) -> bool:
    return "uptime sla" in meter


RULE = Rule(
    name="paid_clusters_in_dev",
    text=RuleText(
        "Kubernetes cluster",
        "Kubernetes clusters",
        "{count} {them} with a paid control plane in development and test",
        "The Standard tier adds a service level agreement for the control plane at an hourly price. The Free "
        "tier has the same features for clusters of up to 1,000 nodes.",
        "Change the cluster to the Free tier. This needs no restart.",
        "https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.containerservice/managedclusters",),
    matches=_is_paid,
    evidence=(
        sku_field(),
        property_field("Version", "kubernetesVersion"),
        ENVIRONMENT,
    ),
    part=MeterPart("control plane", _is_control_plane),
    undo="Change the cluster back to the Standard tier.",
    reads=("kubernetesVersion",),
)
