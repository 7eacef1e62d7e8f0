"""Patterns of sizes, licences, databases, caches, logs, zones and circuits."""

from collections.abc import Callable

from simulator.estate.catalogue import Kind, Meter
from simulator.estate.compute_patterns import machine
from simulator.estate.patterns import (
    GATEWAY,
    MACHINE,
    NETWORK_GATEWAY,
    PLAN,
    POOL,
    SNAPSHOT,
    Bag,
    Part,
    Pattern,
    PatternContext,
    same,
    sku,
)

SET = Kind("Microsoft.Compute/availabilitySets", "avail", 0)
ROUTES = Kind("Microsoft.Network/routeTables", "rt", 0)
ZONE = Kind("Microsoft.Network/privateDnsZones", "zone", 0, "Azure DNS", (Meter("Private", "Zone", 0.4, 0.5),))
PROFILE = Kind(
    "Microsoft.Network/trafficManagerProfiles", "tm", 0, "Traffic Manager", (Meter("", "DNS Queries", 0.4, 9),)
)
CIRCUIT = Kind(
    "Microsoft.Network/expressRouteCircuits",
    "erc",
    0,
    "ExpressRoute",
    (Meter("Metered Data", "Standard Metered Data 200 Mbps Circuit", 140, 170),),
)
CERTIFICATE = Kind("Microsoft.Web/certificates", "cert", 0)
SITE = Kind("Microsoft.Web/sites", "psite", 0)
DATABASE = Kind(
    "Microsoft.Sql/servers/databases", "gpdb", 0, "SQL Database", (Meter("General Purpose", "vCore", 150, 700),),
    kind="v12.0,user,vcore",
)  # fmt: skip
SERVERLESS = Kind("Microsoft.Sql/servers/databases", "sldb", 0, kind="v12.0,user,vcore,serverless")
DTU = Kind("Microsoft.Sql/servers/databases", "dtudb", 0, kind="v12.0,user")
INSTANCE = Kind(
    "Microsoft.Sql/managedInstances", "mi", 0, "SQL Managed Instance", (Meter("General Purpose", "vCore", 600, 900),)
)
FIREWALL = Kind("Microsoft.Network/azureFirewalls", "fw", 0, "Azure Firewall", (Meter("Premium", "Unit", 900, 1000),))
CACHE = Kind("Microsoft.Cache/Redis", "predis", 0, "Azure Cache for Redis", (Meter("Premium", "P1 Cache", 280, 320),))
POSTGRES = Kind(
    "Microsoft.DBforPostgreSQL/flexibleServers", "pg", 0, "Azure Database for PostgreSQL",
    (Meter("Flexible Server Storage", "Storage Data Stored", 9, 40),),
)  # fmt: skip
MYSQL = Kind(
    "Microsoft.DBforMySQL/flexibleServers", "my", 0, "Azure Database for MySQL",
    (Meter("Flexible Server Storage", "Storage Data Stored", 9, 40),),
)  # fmt: skip
FIRST_STORAGE = Kind(
    "Microsoft.Storage/storageAccounts", "gpv1", 0, "Storage", (Meter("Tables", "LRS Data Stored", 1, 40),),
    kind="Storage",
)  # fmt: skip
FILE_STORAGE = Kind("Microsoft.Storage/storageAccounts", "files", 0, kind="FileStorage")
WORKSPACE = Kind(
    "Microsoft.OperationalInsights/workspaces", "plog", 0, "Log Analytics",
    (Meter("", "Analytics Logs Data Retention", 5, 90),),
)  # fmt: skip
COSMOS = Kind(
    "Microsoft.DocumentDB/databaseAccounts", "pcosmos", 0, "Azure Cosmos DB",
    (Meter("", "Multi-region Write 100 RU/s", 30, 90),), kind="GlobalDocumentDB",
)  # fmt: skip

ELSEWHERE = {"id": "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/z/1"}
LICENCE, LINUX, SIZES = "hybrid_benefit_sql_databases", "hybrid_benefit_linux", "old_machine_sizes"
FIXED, VERSION_1, SNAPSHOTS = "fixed_capacity_application_gateways", "application_gateways_v1", "premium_snapshots"
DELETED_DISKS, PLANS = "snapshots_of_deleted_disks", "plans_with_stopped_apps"

PREMIUM_PLAN = sku("P1v3", "PremiumV3")
GENERAL = sku("GP_Gen5", "GeneralPurpose")


def _gateway(tier: str, capacity: int | None = None, minimum: int | None = None) -> Callable[[PatternContext], Bag]:
    """A gateway with a backend, as those that are in use."""
    pool = {"name": "pool", "properties": {"backendAddresses": [{"fqdn": "shop.example"}]}}
    size = {"name": tier, "tier": tier, **({} if capacity is None else {"capacity": capacity})}
    scaling = {} if minimum is None else {"autoscaleConfiguration": {"minCapacity": minimum}}
    return same(backendAddressPools=[pool], sku=size, operationalState="Running", **scaling)


def _snapshot_of(disk: str, days: int) -> Callable[[PatternContext], Bag]:
    """A snapshot of a disk of this name in its own resource group."""

    def properties(context: PatternContext) -> Bag:
        group = context.ids[0].split("/providers/", maxsplit=1)[0]
        source = f"{group}/providers/Microsoft.Compute/disks/{disk}"
        return {"timeCreated": context.days_ago(days), "creationData": {"sourceResourceId": source}}

    return properties


def _app_on_the_plan(state: str) -> Callable[[PatternContext], Bag]:
    return lambda context: {"state": state, "enabled": True, "serverFarmId": context.ids[0]}


def _linux(publisher: str, offer: str, licence: str | None = None, state: str = "running") -> Bag:
    bag = machine(state, "Linux", licence, publisher)
    bag["storageProfile"]["imageReference"]["offer"] = offer
    return bag


def _sized(size: str, state: str = "running") -> Bag:
    return {**machine(state), "hardwareProfile": {"vmSize": size}}


MACHINES: tuple[Pattern, ...] = (
    (Part(MACHINE, same(**_sized("Standard_DS3_v2")), rule=SIZES),),
    (Part(MACHINE, same(**_sized("Standard_E8s_v3")), rule=SIZES),),
    (Part(MACHINE, same(**_sized("Standard_E8-4as_v4")), looks_like=SIZES),),
    (Part(MACHINE, same(**_sized("Standard_DC2s_v2")), looks_like=SIZES),),
    (Part(MACHINE, same(**_sized("Standard_D4s_v3", "deallocated")), looks_like=SIZES),),
    (Part(MACHINE, same(**_linux("RedHat", "RHEL")), rule=LINUX),),
    (Part(MACHINE, same(**_linux("SUSE", "sles-15-sp5")), rule=LINUX),),
    (Part(MACHINE, same(**_linux("RedHat", "RHEL", "RHEL_BYOS")), looks_like=LINUX),),
    (Part(MACHINE, same(**_linux("SUSE", "sles-15-sp5-byos")), looks_like=LINUX),),
    (Part(MACHINE, same(**_linux("RedHat", "RHEL", state="deallocated")), looks_like=LINUX),),
    (Part(SET, same(virtualMachines=[]), rule="empty_availability_sets"),),
    (Part(SET, same(virtualMachines=[ELSEWHERE]), looks_like="empty_availability_sets"),),
    (Part(SET, same(virtualMachines=[]), looks_like="empty_availability_sets", name="{alias}-{index:04d}-asr"),),
    (
        Part(
            SNAPSHOT,
            lambda context: {"timeCreated": context.days_ago(20)},
            sku("Premium_LRS", "Premium"),
            rule=SNAPSHOTS,
        ),
    ),
    (Part(SNAPSHOT, lambda context: {"timeCreated": context.days_ago(20)}, sku("Standard_ZRS"), looks_like=SNAPSHOTS),),
    (Part(SNAPSHOT, _snapshot_of("disk-deleted", 60), sku("Standard_LRS"), rule=DELETED_DISKS),),
    (Part(SNAPSHOT, _snapshot_of("disk-deleted", 10), sku("Standard_LRS"), looks_like=DELETED_DISKS),),
)

NETWORK: tuple[Pattern, ...] = (
    (Part(ROUTES, same(routes=[]), rule="empty_route_tables"),),
    (Part(ROUTES, same(routes=[], subnets=[ELSEWHERE]), looks_like="empty_route_tables"),),
    (Part(ZONE, same(numberOfVirtualNetworkLinks=0, numberOfRecordSets=3), rule="unlinked_private_dns_zones"),),
    (Part(ZONE, same(numberOfVirtualNetworkLinks=1), looks_like="unlinked_private_dns_zones"),),
    (Part(ZONE, same(provisioningState="Creating"), looks_like="unlinked_private_dns_zones"),),
    (Part(PROFILE, same(endpoints=[], profileStatus="Enabled"), rule="traffic_manager_without_endpoints"),),
    (Part(PROFILE, same(endpoints=[ELSEWHERE]), looks_like="traffic_manager_without_endpoints"),),
    (
        Part(
            CIRCUIT,
            same(serviceProviderProvisioningState="NotProvisioned", circuitProvisioningState="Enabled"),
            sku("Standard_MeteredData", "Standard"),
            rule="unprovisioned_expressroute_circuits",
        ),
    ),
    (
        Part(
            CIRCUIT,
            same(serviceProviderProvisioningState="Provisioned", circuitProvisioningState="Enabled"),
            sku("Standard_MeteredData", "Standard"),
            looks_like="unprovisioned_expressroute_circuits",
        ),
    ),
    (Part(GATEWAY, _gateway("WAF", 2), rule=VERSION_1),),
    (Part(GATEWAY, _gateway("WAF_v2", 2), looks_like=VERSION_1),),
    (Part(GATEWAY, _gateway("Standard_v2", 6), rule=FIXED),),
    (Part(GATEWAY, _gateway("Standard_v2", 6, 0), looks_like=FIXED),),
    (
        Part(
            NETWORK_GATEWAY,
            same(
                gatewayType="Vpn",
                provisioningState="Failed",
                vpnClientConfiguration={"vpnClientAddressPool": {"addressPrefixes": ["172.16.9.0/24"]}},
            ),
            rule="failed_network_gateways",
        ),
    ),
    (
        Part(
            NETWORK_GATEWAY,
            same(
                gatewayType="Vpn",
                provisioningState="Updating",
                vpnClientConfiguration={"vpnClientAddressPool": {"addressPrefixes": ["172.16.8.0/24"]}},
            ),
            looks_like="failed_network_gateways",
        ),
    ),
    (Part(FIREWALL, same(sku=sku("AZFW_VNet", "Premium")), rule="premium_firewalls_without_policy"),),
    (
        Part(
            FIREWALL,
            same(sku=sku("AZFW_VNet", "Premium"), firewallPolicy=ELSEWHERE),
            looks_like="premium_firewalls_without_policy",
        ),
    ),
    (Part(FIREWALL, same(sku=sku("AZFW_VNet", "Standard")), looks_like="premium_firewalls_without_policy"),),
)

DATA: tuple[Pattern, ...] = (
    (Part(DATABASE, same(licenseType="LicenseIncluded", status="Online"), GENERAL, rule=LICENCE),),
    (Part(INSTANCE, same(licenseType="LicenseIncluded", vCores=8), GENERAL, rule=LICENCE),),
    (Part(DATABASE, same(licenseType="BasePrice", status="Online"), GENERAL, looks_like=LICENCE),),
    (Part(SERVERLESS, same(licenseType="LicenseIncluded"), sku("GP_S_Gen5", "GeneralPurpose"), looks_like=LICENCE),),
    (Part(DTU, same(licenseType="LicenseIncluded"), sku("S3", "Standard"), looks_like=LICENCE),),
    (
        Part(POOL, same(state="Ready"), GENERAL),
        Part(
            DATABASE,
            lambda context: {"licenseType": "LicenseIncluded", "elasticPoolId": context.ids[0]},
            sku("ElasticPool", "GeneralPurpose"),
            looks_like=LICENCE,
        ),
    ),
    (Part(POSTGRES, same(state="Stopped", version="16"), sku("Standard_D2ds_v5"), rule="stopped_database_servers"),),
    (Part(MYSQL, same(state="Stopped", version="8.0.21"), sku("Standard_B1ms"), rule="stopped_database_servers"),),
    (
        Part(
            POSTGRES, same(state="Ready", version="16"), sku("Standard_D2ds_v5"), looks_like="stopped_database_servers"
        ),
    ),
    (Part(CACHE, same(sku=sku("Premium"), provisioningState="Failed"), rule="failed_caches"),),
    (Part(CACHE, same(sku=sku("Premium"), provisioningState="Succeeded"), looks_like="failed_caches"),),
    (
        Part(
            FIRST_STORAGE,
            same(creationTime="2016-02-03T10:00:00Z"),
            sku("Standard_LRS"),
            rule="old_storage_account_kinds",
        ),
    ),
    (Part(FILE_STORAGE, same(), sku("Premium_LRS"), looks_like="old_storage_account_kinds"),),
    (Part(WORKSPACE, same(retentionInDays=365, sku=sku("PerGB2018")), rule="long_log_retention"),),
    (Part(WORKSPACE, same(retentionInDays=90, sku=sku("PerGB2018")), looks_like="long_log_retention"),),
    (
        Part(
            COSMOS,
            same(enableMultipleWriteLocations=True, locations=[{"locationName": "UK South"}]),
            rule="multi_region_writes_in_one_region",
        ),
    ),
    (
        Part(
            COSMOS,
            same(
                enableMultipleWriteLocations=True, locations=[{"locationName": "UK South"}, {"locationName": "UK West"}]
            ),
            looks_like="multi_region_writes_in_one_region",
        ),
    ),
)

APPS: tuple[Pattern, ...] = (
    (
        Part(PLAN, same(numberOfSites=2, numberOfWorkers=1), PREMIUM_PLAN, rule=PLANS),
        Part(SITE, _app_on_the_plan("Stopped")),
        Part(SITE, _app_on_the_plan("Stopped")),
    ),
    (
        Part(PLAN, same(numberOfSites=2, numberOfWorkers=1), PREMIUM_PLAN, looks_like=PLANS),
        Part(SITE, _app_on_the_plan("Stopped")),
        Part(SITE, _app_on_the_plan("Running")),
    ),
    (Part(CERTIFICATE, lambda context: {"expirationDate": context.days_ago(40)}, rule="expired_certificates"),),
    (Part(CERTIFICATE, lambda context: {"expirationDate": context.days_ago(-40)}, looks_like="expired_certificates"),),
)

SERVICES: tuple[Pattern, ...] = (*MACHINES, *NETWORK, *DATA, *APPS)
