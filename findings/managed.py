"""Resources that an Azure service creates and deletes itself: no rule advises to touch them."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts

GROUPS = ("mc_", "databricks-rg-", "azurebackuprg_", "ma_", "managed-rg-", "synapseworkspace-managedrg-", "me_")
"""How the names of resource groups begin that Kubernetes, Databricks, Backup, Monitor, Purview, Synapse and
Container Apps make for themselves.

https://learn.microsoft.com/azure/azure-resource-manager/managed-applications/overview
"""

TAGS = ("aks-managed-", "kubernetes.io-", "k8s-azure-", "databricks-environment", "asr-replicadisk", "rsvaultbackup")
"""How the names or values of their tags begin."""


def is_managed(resource: Resource, _facts: Facts) -> bool:
    """Return whether the resource's group or tags name the service that manages it."""
    if (resource.group or "").startswith(GROUPS):
        return True
    return any(str(word).lower().startswith(TAGS) for pair in resource.tags.items() for word in pair)


MANAGED = Exclusion("resources that an Azure service manages, such as those of a Kubernetes cluster", is_managed)
"""The exclusion that every rule has besides its own."""
