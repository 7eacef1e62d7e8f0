"""Resources as Resource Graph holds them, including what must never be read."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from simulator.estate.generated_waste import is_waste
from simulator.estate.resources import Resource
from simulator.estate.subscriptions import Subscription

Bag = dict[str, Any]


def _made_up(resource: Resource, what: str) -> str:
    """A value that looks like a secret and is none: the same for the same resource."""
    return uuid5(NAMESPACE_URL, f"{what}/{resource.resource_id}").hex * 2


def resource_record(resource: Resource, today: date) -> Bag:
    """One row of the table `resources`, as it is on that day."""
    subscription, kind = resource.subscription, resource.kind
    properties = {"provisioningState": "Succeeded", **_properties(resource, today)}
    return {
        "id": resource.resource_id,
        "name": resource.name,
        "type": kind.type.lower(),
        "tenantId": subscription.tenant_id,
        "kind": kind.kind,
        "location": resource.region,
        "resourceGroup": resource.resource_group.lower(),
        "subscriptionId": subscription.subscription_id,
        "managedBy": _managed_by(resource),
        "sku": _sku(resource),
        "plan": None,
        "properties": properties,
        "tags": _tags(resource),
        "identity": _identity(resource),
        "zones": ["1"] if resource.index % 5 == 0 else None,
        "extendedLocation": None,
        "systemData": {"createdBy": "person@contoso.example", "createdByType": "User"},
    }


def _managed_by(resource: Resource) -> str:
    if resource.placed:
        return resource.placed.owner_id
    return _owner(resource, "virtualMachines") if resource.kind.alias == "disk" and not is_waste(resource) else ""


def _sku(resource: Resource) -> Bag | None:
    if resource.placed:
        return resource.placed.part.sku
    return {"name": resource.sku, "tier": resource.sku.split("_")[0]} if resource.sku else None


def _tags(resource: Resource) -> dict[str, str] | None:
    if resource.placed:
        return dict(resource.placed.part.tags) or None
    if not resource.has_tags:
        return {} if resource.index % 2 else None
    tags = {"workload": resource.resource_group.split("-")[1], "environment": resource.resource_group.split("-")[2]}
    if resource.index % 7 == 0:
        tags["Owner"] = "Zoë O'Connor <zoe@contoso.example>"
    if resource.index % 29 == 0:
        tags["connection"] = f"DefaultEndpointsProtocol=https;AccountKey={_made_up(resource, 'tag')}=="
    return tags


def _identity(resource: Resource) -> Bag | None:
    if resource.index % 3:
        return None
    principal = str(uuid5(NAMESPACE_URL, f"principal/{resource.resource_id}"))
    return {"type": "SystemAssigned", "principalId": principal, "tenantId": resource.subscription.tenant_id}


def _owner(resource: Resource, kind: str) -> str:
    group = f"{resource.subscription.scope}/resourceGroups/{resource.resource_group}"
    return f"{group}/providers/Microsoft.Compute/{kind}/vm-owner-{resource.index % 40:04d}"


def _vm(resource: Resource) -> Bag:
    running = "PowerState/running" if resource.index % 6 else "PowerState/deallocated"
    return {
        "hardwareProfile": {"vmSize": resource.sku},
        "storageProfile": {
            "osDisk": {
                "osType": "Linux" if resource.index % 2 else "Windows",
                "managedDisk": {"id": _owner(resource, "disks")},
            },
            "imageReference": {
                "publisher": "Canonical" if resource.index % 2 else "MicrosoftWindowsServer",
                "offer": "ubuntu-24_04-lts" if resource.index % 2 else "WindowsServer",
                "sku": "server",
            },
            "dataDisks": [{"lun": number} for number in range(resource.index % 3)],
        },
        "osProfile": {"adminUsername": "azureuser", "customData": _made_up(resource, "custom data")},
        "extended": {"instanceView": {"powerState": {"code": running}}},
        "licenseType": "Windows_Server" if resource.index % 10 == 0 else None,
        "timeCreated": "2024-03-01T08:15:30.1234567Z",
    }


def _disk(resource: Resource) -> Bag:
    attached = not is_waste(resource)
    return {
        "diskState": "Attached" if attached else "Unattached",
        "diskSizeGB": 2 ** (5 + resource.index % 6),
        "timeCreated": "2023-11-12T10:00:00.0000000Z",
        "LastOwnershipUpdateTime": None if attached else "2025-02-03T10:00:00.0000000Z",
        "encryptionSettingsCollection": {"encryptionSettings": [{"secretUrl": "https://kv.example/secrets/disk"}]},
    }


def _extension(resource: Resource) -> Bag:
    url = f"https://st.example/script.sh?sv=2024-05-04&sig={_made_up(resource, 'signature')}"
    return {"publisher": "Microsoft.Azure.Extensions", "settings": {"commandToExecute": f"curl '{url}' | sh"}}


def _container_group(resource: Resource) -> Bag:
    variables = [{"name": "DB", "value": f"Server=db;Password={_made_up(resource, 'password')};"}]
    return {"osType": "Linux", "containers": [{"name": "app", "properties": {"environmentVariables": variables}}]}


def _logic_app(resource: Resource) -> Bag:
    return {"state": "Enabled", "parameters": {"apiKey": {"value": _made_up(resource, "key")}}}


def _web_site(resource: Resource) -> Bag:
    return {"state": "Running", "enabled": True, "serverFarmId": _owner(resource, "plans"), "siteConfig": None}


def _storage(resource: Resource) -> Bag:
    return {
        "accessTier": "Hot" if resource.index % 3 else "Cool",
        "creationTime": "2022-05-06T07:08:09.1234567Z",
        "isHnsEnabled": resource.index % 4 == 0,
        "primaryEndpoints": {"blob": f"https://{resource.name}.blob.core.windows.net/"},
    }


def _public_ip(resource: Resource) -> Bag:
    used = {} if is_waste(resource) else {"ipConfiguration": {"id": _owner(resource, "nics")}}
    return {"publicIPAllocationMethod": "Static", "ipAddress": "203.0.113.7", **used}


def _nic(resource: Resource) -> Bag:
    return (
        {"hostedWorkloads": []}
        if is_waste(resource)
        else {"virtualMachine": {"id": _owner(resource, "virtualMachines")}}
    )


def _gateway(resource: Resource) -> Bag:
    pool = {"name": "pool", "properties": {"backendAddresses": [{"ipAddress": f"10.0.0.{resource.index % 250 + 4}"}]}}
    return {"sku": {"name": "Standard_v2", "tier": "Standard_v2"}, "backendAddressPools": [pool]}


PROPERTIES: dict[str, Callable[[Resource], Bag]] = {
    "vm": _vm,
    "disk": _disk,
    "ext": _extension,
    "ci": _container_group,
    "logic": _logic_app,
    "func": _web_site,
    "st": _storage,
    "pip": _public_ip,
    "nic": _nic,
    "plan": lambda resource: {"numberOfSites": resource.index % 4, "numberOfWorkers": 1, "status": "Ready"},
    "sqldb": lambda _resource: {"status": "Online", "maxSizeBytes": 34359738368, "zoneRedundant": False},
    "aks": lambda _resource: {"kubernetesVersion": "1.34", "powerState": {"code": "Running"}},
    "redis": lambda _resource: {"sku": {"name": "Standard", "family": "C", "capacity": 1}},
    "log": lambda _resource: {"retentionInDays": 90, "workspaceCapping": {"dailyQuotaGb": -1.0}},
    "nsg": lambda resource: {"subnets": [{}] * (resource.index % 3), "securityRules": []},
    "agw": _gateway,
}  # fmt: skip


def _properties(resource: Resource, today: date) -> Bag:
    if resource.placed:
        return resource.placed.properties(today)
    return PROPERTIES[resource.kind.alias](resource) if resource.kind.alias in PROPERTIES else {}


def container_records(subscription: Subscription, resources: tuple[Resource, ...]) -> Iterator[Bag]:
    """Rows of the table `resourcecontainers`: the subscription and its resource groups."""
    empty = {"kind": "", "managedBy": "", "sku": None, "plan": None, "identity": None, "zones": None}
    yield {
        "id": subscription.scope,
        "name": subscription.display_name,
        "type": "microsoft.resources/subscriptions",
        "tenantId": subscription.tenant_id,
        "location": "",
        "resourceGroup": "",
        "subscriptionId": subscription.subscription_id,
        "properties": {"state": subscription.state, "subscriptionPolicies": {"quotaId": subscription.quota_id}},
        "tags": subscription.tags,
        **empty,
    }
    groups = {resource.resource_group: resource.region for resource in resources}
    for group, region in sorted(groups.items()):
        yield {
            "id": f"{subscription.scope}/resourceGroups/{group}",
            "name": group,
            "type": "microsoft.resources/subscriptions/resourcegroups",
            "tenantId": subscription.tenant_id,
            "location": region,
            "resourceGroup": group.lower(),
            "subscriptionId": subscription.subscription_id,
            "properties": {"provisioningState": "Succeeded"},
            "tags": None,
            **empty,
        }
