"""Kubernetes clusters of development and test that run."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("powerState").lower() == "running" and is_dev(resource, facts)


RULE = Rule(
    name="running_clusters_in_dev",
    text=RuleText(
        "Kubernetes cluster",
        "Kubernetes clusters",
        "{count} running {them} in development and test",
        "The nodes of a cluster are billed as virtual machines in the resource group that the cluster "
        "manages. A stopped cluster has none. How many hours you can do without only you know, so we give no "
        "amount.",
        "Stop the cluster outside working hours, by hand or by a schedule.",
        "https://learn.microsoft.com/azure/aks/start-stop-cluster",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.containerservice/managedclusters",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Node pools", "agentPoolProfilesCount"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Start the cluster.",
    reads=("agentPoolProfilesCount", "powerState"),
)
