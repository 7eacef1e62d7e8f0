"""The Azure CLI command that carries out a measure on one resource: by its {id}, or its {group} and {name}.

Every command is one that the Azure CLI takes: tests/architecture/az_commands.py lists them with the others. What
has no command here is decided in the portal: the documentation of the check says how.
"""

from collections.abc import Mapping

from findings.rule import Rule
from shared.core.findings import AffectedResource, Measure

DELETE: Mapping[str, str] = {
    "microsoft.compute/snapshots": "az snapshot delete --ids {id}",
    "microsoft.network/publicipaddresses": "az network public-ip delete --ids {id}",
    "microsoft.network/loadbalancers": "az network lb delete --ids {id}",
    "microsoft.network/applicationgateways": "az network application-gateway delete --ids {id}",
    "microsoft.network/natgateways": "az network nat gateway delete --ids {id}",
    "microsoft.network/privateendpoints": "az network private-endpoint delete --ids {id}",
}
"""By resource type; `az resource delete` deletes the others."""

DELETE_ANY = "az resource delete --ids {id}"

CHANGE: Mapping[str, str] = {
    "stopped_machines": "az vm deallocate --ids {id}",
    "dev_machines_running_all_hours": "az vm deallocate --ids {id}",
    "premium_disks_in_dev": "az disk update --ids {id} --sku StandardSSD_LRS",
    "premium_disks_of_stopped_machines": "az disk update --ids {id} --sku StandardSSD_LRS",
    "unmanaged_disks": "az vm convert --ids {id}",
    "hybrid_benefit_sql": "az sql vm update --ids {id} --license-type AHUB",
    "zone_redundant_databases_in_dev": "az sql db update --ids {id} --zone-redundant false",
    "geo_backup_of_dev_databases": "az sql db update --ids {id} --backup-storage-redundancy Local",
    "geo_redundant_storage_in_dev": "az storage account update --ids {id} --sku Standard_LRS",
    "paid_clusters_in_dev": "az aks update --resource-group {group} --name {name} --tier free",
    "running_clusters_in_dev": "az aks stop --resource-group {group} --name {name}",
    "long_log_retention": "az monitor log-analytics workspace update --ids {id} --retention-time 90",
    "many_cosmos_backups": "az cosmosdb update --ids {id} --backup-interval 240 --backup-retention 8",
    "search_replicas_in_dev": "az search service update --ids {id} --replica-count 1 --partition-count 1",
    "old_app_service_plans": "az appservice plan update --ids {id} --sku P0V3",
    "premium_app_service_plans_in_dev": "az appservice plan update --ids {id} --sku B1",
    "scaled_up_event_hubs": "az eventhubs namespace update --ids {id} --capacity 1",
    "online_sql_pools_in_dev": "az synapse sql pool pause --ids {id}",
}
"""By check: commands that change a resource instead of deleting it."""

BEFORE = (
    "Check first who depends on the resource: we know what the inventory shows, not locks, scripts or people. A lock "
    "makes the command fail, and nothing changes."
)


def command_of(rule: Rule, resource_type: str) -> str:
    """Return the command for a resource of this type; empty where a person decides in the portal."""
    if rule.name in CHANGE:
        return CHANGE[rule.name]
    return DELETE.get(resource_type, DELETE_ANY) if rule.measure is Measure.REMOVE else ""


def command_for(rule: Rule, resource: AffectedResource) -> str:
    """Return the command for this resource; empty where a person decides in the portal."""
    command = command_of(rule, resource.resource_type)
    return command.format(id=resource.resource_id, group=resource.resource_group, name=resource.resource_name)


def in_words(rule: Rule) -> str:
    """Return the rule's commands as a sentence of its finding, each once; empty if it has none."""
    found = dict.fromkeys(command_of(rule, kind) for kind in rule.resource_types)
    shown = [command.format(id="ID", group="GROUP", name="NAME") for command in found if command]
    return " or ".join(shown)
