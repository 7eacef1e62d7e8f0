"""Patterns of networks, apps, data services and logs that cost more than they need to, and of what resembles them."""

from simulator.estate.catalogue import Kind, Meter
from simulator.estate.compute_checks import DEV
from simulator.estate.patterns import (
    ADDRESS,
    BALANCER,
    CONNECTION,
    ENDPOINT,
    INTERFACE,
    NETWORK_GATEWAY,
    PLAN,
    Bag,
    Part,
    Pattern,
    PatternContext,
    same,
    sku,
)  # fmt: skip


def _kind(kind: str, alias: str, service: str = "", low: float = 20, high: float = 90, *, of: str = "") -> Kind:
    """A type with one meter, or one that costs nothing."""
    return Kind(kind, alias, 0, service, (Meter("", f"{alias} Unit", low, high),) if service else (), kind=of)


POLICY = _kind("Microsoft.Network/firewallPolicies", "fwp")
FIREWALL = _kind("Microsoft.Network/azureFirewalls", "azfw", "Azure Firewall", 900, 1000)
GROUP = _kind("Microsoft.Network/ipGroups", "ipg")
WAF = _kind("Microsoft.Network/frontDoorWebApplicationFirewallPolicies", "waf", "Azure Front Door Service", 4, 9)
LOCAL = _kind("Microsoft.Network/localNetworkGateways", "lgw")
PREFIX = _kind("Microsoft.Network/publicIPPrefixes", "ippre", "Virtual Network", 9, 60)
VAULT = _kind("Microsoft.RecoveryServices/vaults", "rsv", "Backup")
STORAGE = _kind("Microsoft.Storage/storageAccounts", "stg", "Storage", of="StorageV2")
SQL = _kind("Microsoft.Sql/servers/databases", "orders", "SQL Database", 90, 700, of="v12.0,user,vcore")
COSMOS = _kind("Microsoft.DocumentDB/databaseAccounts", "docs", "Azure Cosmos DB", of="GlobalDocumentDB")
POSTGRES = _kind("Microsoft.DBforPostgreSQL/flexibleServers", "pgflex", "Azure Database for PostgreSQL")
MYSQL = _kind("Microsoft.DBforMySQL/flexibleServers", "myflex", "Azure Database for MySQL")
OLD_MYSQL = _kind("Microsoft.DBforMySQL/servers", "mysingle", "Azure Database for MySQL")
BUS = _kind("Microsoft.ServiceBus/namespaces", "sb", "Service Bus", 500, 700)
HUBS = _kind("Microsoft.EventHub/namespaces", "evh", "Event Hubs", 60, 700)
API = _kind("Microsoft.ApiManagement/service", "apim", "API Management", 600, 2400)
CACHE = _kind("Microsoft.Cache/Redis", "cache", "Azure Cache for Redis", 200, 340)
REGISTRY = _kind("Microsoft.ContainerRegistry/registries", "acr", "Container Registry", 30, 50)
FRONT = _kind("Microsoft.Cdn/profiles", "afd", "Azure Front Door Service", 280, 340)
BASTION = _kind("Microsoft.Network/bastionHosts", "bas", "Azure Bastion", 100, 220)
SEARCH = _kind("Microsoft.Search/searchServices", "srch", "Azure Cognitive Search", 200, 800)
FABRIC = _kind("Microsoft.Fabric/capacities", "fabric", "Microsoft Fabric", 200, 2000)
KUSTO = _kind("Microsoft.Kusto/clusters", "adx", "Azure Data Explorer", 200, 900)
SQL_POOL = _kind("Microsoft.Synapse/workspaces/sqlPools", "dwh", "Azure Synapse Analytics", 800, 1400)
ANALYSIS = _kind("Microsoft.AnalysisServices/servers", "ssas", "Azure Analysis Services", 200, 600)
SCALE = _kind("Microsoft.Insights/autoscaleSettings", "autoscale")
ASE = _kind("Microsoft.Web/hostingEnvironments", "ase", "Azure App Service", 200, 260, of="ASEV3")
INSTANCE = _kind("Microsoft.Sql/managedInstances", "sqlmi", "SQL Managed Instance", 40, 90)
COMPONENT = _kind("Microsoft.Insights/components", "appi", "Azure Monitor", 4, 40)
POOL = _kind("Microsoft.NetApp/netAppAccounts/capacityPools", "anfpool", "Azure NetApp Files", 300, 900)
VOLUME = Kind("Microsoft.NetApp/netAppAccounts/capacityPools/volumes", "anfvol", 0)
LOGS = "Microsoft.OperationalInsights/workspaces"
BUSY = Kind(LOGS, "logs", 0, "Log Analytics", (Meter("", "Analytics Logs Data Ingestion", 900, 9_000, quantity=4_200),))
QUIET = Kind(LOGS, "quiet", 0, "Log Analytics", (Meter("", "Analytics Logs Data Ingestion", 90, 900, quantity=420),))

ELSEWHERE = {"id": "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/z/1"}
GENERAL = sku("GP_Gen5", "GeneralPurpose")
P1V3 = sku("P1v3", "PremiumV3")
PROD = "RG-Legacy-PROD-{region}"
PREMIUM, STANDARD, BASIC = (sku(name) for name in ("Premium", "Standard", "Basic"))


def _waste(kind: Kind, rule: str, of: Bag | None = None, group: str = PROD, **properties: object) -> Pattern:
    return (Part(kind, same(**properties), of, rule=rule, group=group),)


def _resembles(kind: Kind, rule: str, of: Bag | None = None, group: str = PROD, **properties: object) -> Pattern:
    return (Part(kind, same(**properties), of, looks_like=rule, group=group),)


def _in_dev(rule: str, kind: Kind, bad: tuple[Bag | None, Bag], good: tuple[Bag | None, Bag]) -> tuple[Pattern, ...]:
    """One in development, the cheaper one there, and the same in production."""
    return (
        _waste(kind, rule, bad[0], DEV, **bad[1]),
        _resembles(kind, rule, good[0], DEV, **good[1]),
        _resembles(kind, rule, bad[0], **bad[1]),
    )


def _tier(rule: str, kind: Kind, bad: Bag, good: Bag) -> tuple[Pattern, ...]:
    return _in_dev(rule, kind, (bad, {}), (good, {}))


def _periodic(minutes: int, hours: int) -> Bag:
    times = {"backupIntervalInMinutes": minutes, "backupRetentionIntervalInHours": hours}
    return {"type": "Periodic", "periodicModeProperties": times}


def _uses_policy(context: PatternContext) -> Bag:
    return {"sku": {"name": "AZFW_VNet", "tier": "Premium"}, "firewallPolicy": {"id": context.ids[0].upper()}}


def _firewall_with(rule: str | None, looks_like: str | None, **policy: object) -> Pattern:
    used = {"firewalls": [ELSEWHERE], "childPolicies": [], **policy}
    return (Part(POLICY, same(**used)), Part(FIREWALL, _uses_policy, rule=rule, looks_like=looks_like))


def _endpoint_of(name: str) -> object:
    """An endpoint of a storage account of this name in its own resource group."""

    def properties(context: PatternContext) -> Bag:
        group = context.ids[0].split("/providers/", maxsplit=1)[0]
        target = f"{group}/providers/Microsoft.Storage/storageAccounts/{name or context.ids[0].rpartition('/')[2]}"
        connection = {"privateLinkServiceId": target, "privateLinkServiceConnectionState": {"status": "Approved"}}
        return {"privateLinkServiceConnections": [{"name": "one", "properties": connection}]}

    return properties


def _connected(context: PatternContext) -> Bag:
    return {"virtualNetworkGateway1": {"id": context.ids[1]}, "localNetworkGateway2": {"id": context.ids[0].upper()}}


def _in_environment(context: PatternContext) -> Bag:
    return {"numberOfSites": 1, "numberOfWorkers": 1, "hostingEnvironmentProfile": {"id": context.ids[0].upper()}}


def _scaled(context: PatternContext) -> Bag:
    return {"enabled": True, "targetResourceUri": context.ids[0].upper()}


ADDRESS_IN_USE: Bag = {"publicIPAllocationMethod": "Static", "ipConfiguration": ELSEWHERE}
IDPS: Bag = {"intrusionDetection": {"mode": "Alert"}}
TLS: Bag = {"transportSecurity": {"certificateAuthority": {"name": "ca"}}}
FEATURES, NOWHERE = "premium_firewalls_without_premium_features", "endpoints_of_deleted_targets"
DATABASE_IN_USE: Bag = {"creationDate": "2024-03-01T08:15:30Z"}
COPIES = "many_cosmos_backups"
USER_POOL = {"properties": {"vpnClientAddressPool": {"addressPrefixes": ["172.16.9.0/24"]}}}

NETWORK_CHECKS: tuple[Pattern, ...] = (
    _waste(ADDRESS, "basic_public_ips", BASIC, **ADDRESS_IN_USE),
    _resembles(ADDRESS, "basic_public_ips", STANDARD, **ADDRESS_IN_USE),
    _resembles(BALANCER, "basic_load_balancers", STANDARD, backendAddressPools=[], inboundNatRules=[ELSEWHERE]),
    (
        Part(INTERFACE, same(virtualMachine=None, hostedWorkloads=[]), rule="orphan_network_interfaces"),
        Part(
            ADDRESS,
            lambda context: {
                "publicIPAllocationMethod": "Dynamic",
                "ipConfiguration": {"id": f"{context.ids[0]}/ipConfigurations/primary"},
            },
            BASIC,
            rule="basic_public_ips",
            looks_like="public_ips_on_orphan_interfaces",
        ),
    ),
    (
        Part(
            NETWORK_GATEWAY,
            same(gatewayType="Vpn", vpnClientConfiguration={"vngClientConnectionConfigurations": [USER_POOL]}),
            looks_like="unused_network_gateways",
        ),
    ),
    (
        Part(
            NETWORK_GATEWAY,
            same(gatewayType="Vpn", vpnClientConfiguration={"vpnClientAddressPool": {"addressPrefixes": []}}),
            rule="unused_network_gateways",
        ),
    ),
    _firewall_with(FEATURES, None, intrusionDetection={"mode": "Off"}),
    _firewall_with(None, FEATURES, **IDPS),
    _firewall_with(None, FEATURES, **TLS),
    _firewall_with(None, FEATURES, basePolicy=ELSEWHERE),
    _waste(POLICY, "unused_firewall_policies", firewalls=[], childPolicies=[]),
    _resembles(POLICY, "unused_firewall_policies", firewalls=[], childPolicies=[ELSEWHERE]),
    _waste(GROUP, "unused_ip_groups", firewalls=[], firewallPolicies=[]),
    _resembles(GROUP, "unused_ip_groups", firewalls=[], firewallPolicies=[ELSEWHERE]),
    _waste(WAF, "unused_front_door_waf_policies", STANDARD, securityPolicyLinks=[], frontendEndpointLinks=[]),
    _resembles(
        WAF, "unused_front_door_waf_policies", STANDARD, securityPolicyLinks=[], frontendEndpointLinks=[ELSEWHERE]
    ),
    _resembles(WAF, "unused_front_door_waf_policies", STANDARD, securityPolicyLinks=[ELSEWHERE]),
    (Part(ENDPOINT, _endpoint_of("stdeleted"), rule=NOWHERE),),  # type: ignore[arg-type]
    (Part(STORAGE, same(), sku("Standard_LRS")), Part(ENDPOINT, _endpoint_of(""), looks_like=NOWHERE)),  # type: ignore[arg-type]
    (
        Part(LOCAL, same(), looks_like="unused_local_network_gateways"),
        Part(NETWORK_GATEWAY, same(gatewayType="Vpn", sku=sku("HighPerformance")), rule="old_vpn_gateway_skus"),
        Part(CONNECTION, _connected),
    ),
    (
        Part(LOCAL, same(), looks_like="unused_local_network_gateways"),
        Part(NETWORK_GATEWAY, same(gatewayType="Vpn", sku=sku("VpnGw2AZ")), looks_like="old_vpn_gateway_skus"),
        Part(CONNECTION, _connected),
    ),
    _waste(LOCAL, "unused_local_network_gateways", gatewayIpAddress="203.0.113.9"),
    _waste(PREFIX, "unused_ip_prefixes", STANDARD, prefixLength=29),
    _resembles(PREFIX, "unused_ip_prefixes", STANDARD, prefixLength=29, publicIPAddresses=[ELSEWHERE]),
    _resembles(PREFIX, "unused_ip_prefixes", STANDARD, prefixLength=29, natGateway=ELSEWHERE),
    *_tier("premium_front_doors_in_dev", FRONT, sku("Premium_AzureFrontDoor"), sku("Standard_AzureFrontDoor")),
    *_tier("large_bastions_in_dev", BASTION, STANDARD, sku("Developer")),
    *_in_dev(
        "premium_firewalls_in_dev",
        FIREWALL,
        (None, {"sku": PREMIUM, "firewallPolicy": ELSEWHERE}),
        (None, {"sku": STANDARD, "firewallPolicy": ELSEWHERE}),
    ),
)

APP_CHECKS: tuple[Pattern, ...] = (
    *_in_dev(
        "premium_app_service_plans_in_dev",
        PLAN,
        (sku("P2v3", "PremiumV3"), {"numberOfSites": 2, "numberOfWorkers": 1}),
        (sku("B2", "Basic"), {"numberOfSites": 2, "numberOfWorkers": 1}),
    ),
    _waste(PLAN, "old_app_service_plans", sku("P2v2", "PremiumV2"), numberOfSites=2, numberOfWorkers=2),
    _resembles(PLAN, "old_app_service_plans", sku("P2v3", "PremiumV3"), numberOfSites=2, numberOfWorkers=2),
    _waste(PLAN, "plans_without_autoscaling", P1V3, numberOfSites=2, numberOfWorkers=4),
    (
        Part(
            PLAN,
            same(numberOfSites=2, numberOfWorkers=4),
            P1V3,
            looks_like="plans_without_autoscaling",
        ),
        Part(SCALE, _scaled),
    ),
    _resembles(
        PLAN,
        "plans_without_autoscaling",
        P1V3,
        numberOfSites=2,
        numberOfWorkers=4,
        elasticScaleEnabled=True,
    ),
    _waste(ASE, "empty_app_service_environments", internalLoadBalancingMode="Web"),
    (
        Part(ASE, same(internalLoadBalancingMode="Web"), looks_like="empty_app_service_environments"),
        Part(PLAN, _in_environment, sku("I1v2", "IsolatedV2")),
    ),
    *_tier("premium_service_bus_in_dev", BUS, PREMIUM, STANDARD),
    *_tier("premium_event_hubs_in_dev", HUBS, PREMIUM, STANDARD),
    *_tier("premium_api_management_in_dev", API, PREMIUM, sku("Developer")),
    *_tier("premium_registries_in_dev", REGISTRY, PREMIUM, BASIC),
    *_in_dev("premium_caches_in_dev", CACHE, (None, {"sku": PREMIUM}), (None, {"sku": STANDARD})),
    _waste(
        HUBS, "scaled_up_event_hubs", {**STANDARD, "capacity": 8}, isAutoInflateEnabled=True, maximumThroughputUnits=20
    ),
    _resembles(HUBS, "scaled_up_event_hubs", {**STANDARD, "capacity": 1}, isAutoInflateEnabled=True),
    _resembles(HUBS, "scaled_up_event_hubs", {**STANDARD, "capacity": 8}, isAutoInflateEnabled=False),
    _waste(COMPONENT, "classic_application_insights", IngestionMode="ApplicationInsights", RetentionInDays=90),
    _resembles(COMPONENT, "classic_application_insights", IngestionMode="LogAnalytics", RetentionInDays=90),
    *_in_dev(
        "search_replicas_in_dev",
        SEARCH,
        (STANDARD, {"replicaCount": 2, "partitionCount": 1}),
        (STANDARD, {"replicaCount": 1, "partitionCount": 1}),
    ),
)

DATA_CHECKS: tuple[Pattern, ...] = (
    *_tier("geo_redundant_storage_in_dev", STORAGE, sku("Standard_RAGRS"), sku("Standard_ZRS")),
    *_in_dev(
        "geo_redundant_vaults_in_dev",
        VAULT,
        (STANDARD, {"redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant"}}),
        (STANDARD, {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}}),
    ),
    *_in_dev(
        "geo_backup_of_dev_databases",
        SQL,
        (GENERAL, {**DATABASE_IN_USE, "currentBackupStorageRedundancy": "Geo"}),
        (GENERAL, {**DATABASE_IN_USE, "currentBackupStorageRedundancy": "Local"}),
    ),
    *_in_dev(
        "zone_redundant_databases_in_dev",
        SQL,
        (GENERAL, {**DATABASE_IN_USE, "zoneRedundant": True}),
        (GENERAL, {**DATABASE_IN_USE, "zoneRedundant": False}),
    ),
    *_in_dev(
        "business_critical_databases_in_dev",
        SQL,
        (sku("BC_Gen5", "BusinessCritical"), {**DATABASE_IN_USE, "zoneRedundant": True}),
        (GENERAL, DATABASE_IN_USE),
    ),
    *_in_dev(
        "cosmos_regions_in_dev",
        COSMOS,
        (None, {"locations": [{"locationName": "UK South"}, {"locationName": "UK West"}]}),
        (None, {"locations": [{"locationName": "UK South"}]}),
    ),
    (Part(COSMOS, same(backupPolicy=_periodic(60, 240)), rule=COPIES),),
    (Part(COSMOS, same(backupPolicy=_periodic(240, 8)), looks_like=COPIES),),
    (Part(COSMOS, same(backupPolicy={"type": "Continuous"}), looks_like=COPIES),),
    *_in_dev(
        "high_availability_in_dev",
        POSTGRES,
        (sku("Standard_D2ds_v5"), {"state": "Ready", "highAvailability": {"mode": "ZoneRedundant"}}),
        (sku("Standard_D2ds_v5"), {"state": "Ready", "highAvailability": {"mode": "Disabled"}}),
    ),
    _waste(MYSQL, "high_availability_in_dev", sku("Standard_D2ds_v5"), DEV, highAvailability={"mode": "SameZone"}),
    _resembles(MYSQL, "retired_database_servers", sku("Standard_D2ds_v5"), state="Ready"),
    _waste(OLD_MYSQL, "retired_database_servers", sku("GP_Gen5_2", "GeneralPurpose"), userVisibleState="Ready"),
    (
        Part(
            SQL,
            same(**DATABASE_IN_USE),
            GENERAL,
            rule="databases_named_as_copies",
            name="orders-{index:04d}-copy",
        ),
    ),
    (
        Part(
            SQL,
            same(**DATABASE_IN_USE),
            GENERAL,
            looks_like="databases_named_as_copies",
            name="photocopy{index:04d}",
        ),
    ),
    (
        Part(
            SQL,
            lambda context: {"creationDate": context.days_ago(10)},
            GENERAL,
            looks_like="databases_named_as_copies",
            name="orders-{index:04d}-old",
        ),
    ),
    _waste(INSTANCE, "stopped_managed_instances", GENERAL, state="Stopped", vCores=8),
    _resembles(INSTANCE, "stopped_managed_instances", GENERAL, state="Ready", vCores=8),
    *_in_dev(
        "active_fabric_capacities_in_dev", FABRIC, (sku("F8"), {"state": "Active"}), (sku("F8"), {"state": "Paused"})
    ),
    *_in_dev(
        "running_data_explorers_in_dev", KUSTO, (STANDARD, {"state": "Running"}), (STANDARD, {"state": "Stopped"})
    ),
    *_in_dev(
        "online_sql_pools_in_dev",
        SQL_POOL,
        (sku("DW200c"), {"status": "Online"}),
        (sku("DW200c"), {"status": "Paused"}),
    ),
    *_in_dev(
        "running_analysis_servers_in_dev",
        ANALYSIS,
        (sku("S1"), {"state": "Succeeded"}),
        (sku("S1"), {"state": "Paused"}),
    ),
    _waste(POOL, "empty_capacity_pools", serviceLevel="Premium", size=4398046511104),
    (
        Part(POOL, same(serviceLevel="Premium"), looks_like="empty_capacity_pools", name="nfs-data"),
        Part(VOLUME, same(), name="nfs-data"),
    ),
    (Part(BUSY, same(sku=sku("pergb2018")), rule="log_ingestion_without_commitment"),),
    (Part(BUSY, same(sku=sku("CapacityReservation")), looks_like="log_ingestion_without_commitment"),),
    (Part(QUIET, same(sku=sku("PerGB2018")), looks_like="log_ingestion_without_commitment"),),
    *_in_dev(
        "workspaces_without_cap_in_dev",
        Kind(LOGS, "lawdev", 0),
        (None, {"workspaceCapping": {"dailyQuotaGb": -1.0}}),
        (None, {"workspaceCapping": {"dailyQuotaGb": 5.0}}),
    ),
)

SERVICE_CHECKS: tuple[Pattern, ...] = (*NETWORK_CHECKS, *APP_CHECKS, *DATA_CHECKS)
