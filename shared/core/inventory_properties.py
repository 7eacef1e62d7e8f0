"""The properties that the inventory reads, by resource type; no other property is read.

A value is a Resource Graph expression over the resource's row: a path to one leaf, the length of
a list, or whether anything exists. The list has what checks of waste and licences need, and
nothing that can hold a secret, personal data or a customer's own data. `identity` is never read.
"""

from collections.abc import Mapping


def _path(*names: str) -> dict[str, str]:
    """Return leaves directly under `properties`, stored under their own names."""
    return {name: f"properties.{name}" for name in names}


def _count(*names: str) -> dict[str, str]:
    """Return lists directly under `properties`, of which only the length is read."""
    return {f"{name}Count": f"array_length(properties.{name})" for name in names}


def _any(name: str, *members: str) -> str:
    """Return whether any object of the list has one of these lists, non-empty; their contents are not read."""
    return " or ".join(f"tostring(properties.{name}) contains '\"{member}\":[{{'" for member in members)


def _leads_to_pool(*names: str) -> str:
    """Return whether an object of these lists refers to a backend pool; the references are not read."""
    return " or ".join(f"tostring(properties.{name}) contains 'backendAddressPool\":{{'" for name in names)


COMPUTE: Mapping[str, Mapping[str, str]] = {
    "microsoft.compute/virtualmachines": {
        "vmSize": "properties.hardwareProfile.vmSize",
        "powerState": "properties.extended.instanceView.powerState.code",
        "osType": "properties.storageProfile.osDisk.osType",
        "imagePublisher": "properties.storageProfile.imageReference.publisher",
        "imageOffer": "properties.storageProfile.imageReference.offer",
        "hasUnmanagedDisk": "isnotempty(properties.storageProfile.osDisk.vhd.uri)",
        **_path("licenseType", "timeCreated"),
    },
    "microsoft.compute/virtualmachinescalesets": {
        "licenseType": "properties.virtualMachineProfile.licenseType",
        "osType": "properties.virtualMachineProfile.storageProfile.osDisk.osType",
        "imagePublisher": "properties.virtualMachineProfile.storageProfile.imageReference.publisher",
    },
    "microsoft.compute/disks": {
        "managedBy": "managedBy",
        **_count("shareInfo"),
        **_path("diskState", "diskSizeGB", "timeCreated", "LastOwnershipUpdateTime"),
    },
    "microsoft.compute/snapshots": {
        "sourceResourceId": "properties.creationData.sourceResourceId",
        **_path("diskSizeGB", "incremental", "timeCreated"),
    },
    "microsoft.compute/galleries/images/versions": {"publishedDate": "properties.publishingProfile.publishedDate"},
    "microsoft.compute/hostgroups/hosts": {**_count("virtualMachines"), **_path("timeCreated")},
    "microsoft.compute/capacityreservationgroups/capacityreservations": _count("virtualMachinesAssociated"),
    "microsoft.compute/availabilitysets": _count("virtualMachines"),
    "microsoft.containerservice/managedclusters": {
        "powerState": "properties.powerState.code",
        "hasAutoscaling": "tostring(properties.agentPoolProfiles) contains '\"enableAutoScaling\":true'",
        **_path("kubernetesVersion"),
        **_count("agentPoolProfiles"),
    },
    "microsoft.sqlvirtualmachine/sqlvirtualmachines": _path(
        "virtualMachineResourceId", "sqlServerLicenseType", "sqlImageSku"
    ),
}

_FIRST_CONNECTION = "properties.privateLinkServiceConnections[0].properties"
_FIRST_MANUAL_CONNECTION = "properties.manualPrivateLinkServiceConnections[0].properties"

_POINT_TO_SITE = "properties.vpnClientConfiguration"

NETWORK: Mapping[str, Mapping[str, str]] = {
    "microsoft.network/publicipaddresses": {
        "ipConfigurationId": "properties.ipConfiguration.id",
        "natGatewayId": "properties.natGateway.id",
        "publicIPPrefixId": "properties.publicIPPrefix.id",
        **_path("publicIPAllocationMethod"),
    },
    "microsoft.network/networkinterfaces": {
        "virtualMachineId": "properties.virtualMachine.id",
        "virtualMachineScaleSetId": "properties.virtualMachineScaleSet.id",
        "privateEndpointId": "properties.privateEndpoint.id",
        "privateLinkServiceId": "properties.privateLinkService.id",
        **_count("hostedWorkloads"),
    },
    "microsoft.network/networksecuritygroups": _count("networkInterfaces", "subnets"),
    "microsoft.network/routetables": _count("subnets"),
    "microsoft.network/loadbalancers": {
        "hasBackends": _any("backendAddressPools", "backendIPConfigurations", "loadBalancerBackendAddresses"),
        **_count("loadBalancingRules", "inboundNatRules", "inboundNatPools", "outboundRules"),
    },
    "microsoft.network/applicationgateways": {
        "skuName": "properties.sku.name",
        "skuTier": "properties.sku.tier",
        "skuCapacity": "properties.sku.capacity",
        "autoscaleMinimum": "properties.autoscaleConfiguration.minCapacity",
        "hasBackends": _any("backendAddressPools", "backendIPConfigurations", "backendAddresses"),
        "routesToBackend": _leads_to_pool("requestRoutingRules", "urlPathMaps"),
        **_path("operationalState"),
        **_count("backendAddressPools", "redirectConfigurations"),
    },
    "microsoft.network/natgateways": {
        "sourceVirtualNetworkId": "properties.sourceVirtualNetwork.id",
        **_count("subnets"),
    },
    "microsoft.network/virtualnetworkgateways": {
        "skuName": "properties.sku.name",
        "pointToSitePrefixesCount": f"array_length({_POINT_TO_SITE}.vpnClientAddressPool.addressPrefixes)",
        "hasUserGroupPools": f"tostring({_POINT_TO_SITE}.vngClientConnectionConfigurations) contains "
        "'vpnClientAddressPool\":{'",
        **_path("gatewayType", "vpnType", "provisioningState"),
    },
    "microsoft.network/connections": {
        "virtualNetworkGateway1Id": "properties.virtualNetworkGateway1.id",
        "virtualNetworkGateway2Id": "properties.virtualNetworkGateway2.id",
        "localNetworkGateway2Id": "properties.localNetworkGateway2.id",
    },
    "microsoft.network/publicipprefixes": {
        "natGatewayId": "properties.natGateway.id",
        "loadBalancerFrontendId": "properties.loadBalancerFrontendIpConfiguration.id",
        **_path("prefixLength"),
        **_count("publicIPAddresses"),
    },
    "microsoft.network/firewallpolicies": {
        "intrusionDetectionMode": "properties.intrusionDetection.mode",
        "hasTlsInspection": "isnotempty(properties.transportSecurity.certificateAuthority.name)",
        "basePolicyId": "properties.basePolicy.id",
        **_count("firewalls", "childPolicies"),
    },
    "microsoft.network/ipgroups": _count("firewalls", "firewallPolicies"),
    "microsoft.network/frontdoorwebapplicationfirewallpolicies": _count("securityPolicyLinks", "frontendEndpointLinks"),
    "microsoft.network/expressroutecircuits": _path("serviceProviderProvisioningState", "circuitProvisioningState"),
    "microsoft.network/ddosprotectionplans": _count("virtualNetworks", "publicIPAddresses"),
    "microsoft.network/privateendpoints": {
        "privateLinkServiceId": f"{_FIRST_CONNECTION}.privateLinkServiceId",
        "connectionStatus": f"{_FIRST_CONNECTION}.privateLinkServiceConnectionState.status",
        "manualPrivateLinkServiceId": f"{_FIRST_MANUAL_CONNECTION}.privateLinkServiceId",
        "manualConnectionStatus": f"{_FIRST_MANUAL_CONNECTION}.privateLinkServiceConnectionState.status",
    },
    "microsoft.network/privatednszones": _path("numberOfVirtualNetworkLinks", "numberOfRecordSets"),
    "microsoft.network/trafficmanagerprofiles": {**_path("profileStatus"), **_count("endpoints")},
    "microsoft.network/azurefirewalls": {
        "skuTier": "properties.sku.tier",
        "firewallPolicyId": "properties.firewallPolicy.id",
        **_path("provisioningState"),
    },
}

_PERIODIC_BACKUP = "properties.backupPolicy.periodicModeProperties"

WEB_AND_DATA: Mapping[str, Mapping[str, str]] = {
    "microsoft.web/serverfarms": {
        "hostingEnvironmentId": "properties.hostingEnvironmentProfile.id",
        **_path("numberOfSites", "numberOfWorkers", "computeMode", "elasticScaleEnabled"),
    },
    "microsoft.insights/autoscalesettings": _path("enabled", "targetResourceUri"),
    "microsoft.insights/components": {
        "ingestionMode": "properties.IngestionMode",
        "retentionInDays": "properties.RetentionInDays",
    },
    "microsoft.web/sites": _path("serverFarmId", "state"),
    "microsoft.web/certificates": _path("expirationDate"),
    "microsoft.sql/servers/databases": _path(
        "elasticPoolId", "licenseType", "creationDate", "zoneRedundant", "currentBackupStorageRedundancy"
    ),
    "microsoft.sql/servers/elasticpools": _path("licenseType", "creationDate"),
    "microsoft.sql/managedinstances": _path("licenseType", "state", "vCores", "storageSizeInGB"),
    "microsoft.documentdb/databaseaccounts": {
        "backupPolicyType": "properties.backupPolicy.type",
        "backupIntervalInMinutes": f"{_PERIODIC_BACKUP}.backupIntervalInMinutes",
        "backupRetentionIntervalInHours": f"{_PERIODIC_BACKUP}.backupRetentionIntervalInHours",
        **_path("databaseAccountOfferType", "enableMultipleWriteLocations"),
        **_count("locations"),
    },
    "microsoft.dbforpostgresql/flexibleservers": {
        "highAvailabilityMode": "properties.highAvailability.mode",
        **_path("state", "version"),
    },
    "microsoft.dbformysql/flexibleservers": {
        "highAvailabilityMode": "properties.highAvailability.mode",
        **_path("state", "version"),
    },
    "microsoft.storage/storageaccounts": _path("creationTime"),
    "microsoft.cache/redis": {
        "skuName": "properties.sku.name",
        "skuFamily": "properties.sku.family",
        "skuCapacity": "properties.sku.capacity",
        **_path("provisioningState"),
    },
    "microsoft.recoveryservices/vaults": {
        "storageRedundancy": "properties.redundancySettings.standardTierStorageRedundancy",
    },
    "microsoft.operationalinsights/workspaces": {
        "skuName": "properties.sku.name",
        "dailyQuotaGb": "properties.workspaceCapping.dailyQuotaGb",
        **_path("retentionInDays"),
    },
    "microsoft.fabric/capacities": _path("state"),
    "microsoft.kusto/clusters": _path("state"),
    "microsoft.analysisservices/servers": _path("state"),
    "microsoft.synapse/workspaces/sqlpools": _path("status"),
    "microsoft.search/searchservices": _path("replicaCount", "partitionCount"),
    "microsoft.eventhub/namespaces": _path("isAutoInflateEnabled", "maximumThroughputUnits"),
    "microsoft.netapp/netappaccounts/capacitypools": _path("serviceLevel", "size"),
}

PROPERTIES: Mapping[str, Mapping[str, str]] = {**COMPUTE, **NETWORK, **WEB_AND_DATA}
"""Lower-case resource type -> stored name -> expression."""
