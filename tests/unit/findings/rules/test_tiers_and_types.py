"""Rules over rows as Resource Graph prints them: read through the white-list, so that a wrong path finds nothing.

Members are named and nested as in Microsoft's published examples of each type (azure-rest-api-specs); ids and
names are ours.
"""

from typing import Any

import pytest

from findings.registry import RULES
from findings.resource import Resource
from tests.unit.findings.files.resources import resources_of_records
from tests.unit.findings.rules.test_service_rules import BY_NAME, GROUP, a, finds

DEV = {"environment": "dev"}
PROD = {"environment": "production"}
Row = dict[str, Any]

VM, DISK, SNAPSHOT = "microsoft.compute/virtualmachines", "microsoft.compute/disks", "microsoft.compute/snapshots"
PLAN, CLUSTER = "microsoft.web/serverfarms", "microsoft.containerservice/managedclusters"
FIREWALL, POLICY = "microsoft.network/azurefirewalls", "microsoft.network/firewallpolicies"
DATABASE, COSMOS = "microsoft.sql/servers/databases", "microsoft.documentdb/databaseaccounts"
POSTGRES, HUBS = "microsoft.dbforpostgresql/flexibleservers", "microsoft.eventhub/namespaces"
LAST_WEEK = "2026-11-23T00:00:00Z"
LAST_YEAR = "2025-01-01T00:00:00Z"
PREFIX, WAF = "microsoft.network/publicipprefixes", "microsoft.network/frontdoorwebapplicationfirewallpolicies"
WORKSPACE, GATEWAY = "microsoft.operationalinsights/workspaces", "microsoft.network/virtualnetworkgateways"
HOST, HELD = "microsoft.compute/hostgroups/hosts", "microsoft.compute/capacityreservationgroups/capacityreservations"
IMAGE, ASE = "microsoft.compute/galleries/images/versions", "microsoft.web/hostingenvironments"
ELSEWHERE = {"id": f"{GROUP}/providers/Microsoft.Network/things/one"}


def row(kind: str, sku: Row | str | None = None, tags: Row | None = None, name: str = "one", **properties: Any) -> Row:  # noqa: ANN401 - JSON
    """A row of the table `resources`."""
    named = {"name": sku, "tier": sku} if isinstance(sku, str) else sku
    place = {"location": "uksouth", "managedBy": properties.pop("managedBy", "")}
    return {
        "id": f"{GROUP}/providers/{kind}/{name}",
        "name": name,
        "type": kind,
        "kind": properties.pop("of_kind", ""),
        "sku": named,
        "tags": tags,
        "properties": properties,
        **place,
    }


def vm(size: str, state: str = "running", **more: Any) -> Row:  # noqa: ANN401 - JSON
    view = {"instanceView": {"powerState": {"code": f"PowerState/{state}"}}}
    return row(VM, tags=more.pop("tags", None), hardwareProfile={"vmSize": size}, extended=view, **more)


def cluster(tier: str = "Standard", state: str = "Running", *, scales: bool = True, tags: Row | None = None) -> Row:
    pools = [{"name": "system", "count": 3, "enableAutoScaling": scales, "mode": "System"}]
    size = {"name": "Base", "tier": tier}
    return row(CLUSTER, size, tags, powerState={"code": state}, agentPoolProfiles=pools)


def plan(name: str, tags: Row | None = None, sites: int = 2, workers: int = 1, **more: Any) -> Row:  # noqa: ANN401 - JSON
    return row(PLAN, {"name": name, "capacity": workers}, tags, numberOfSites=sites, numberOfWorkers=workers, **more)


def in_dev(rule: str, bad: Row, good: Row) -> tuple[tuple[str, Row, bool], ...]:
    """Found in development; neither there at the cheaper setting nor in production."""
    return (
        (rule, {**bad, "tags": DEV}, True),
        (rule, {**good, "tags": DEV}, False),
        (rule, {**bad, "tags": PROD}, False),
    )


def tiers(rule: str, kind: str, bad: str, good: str) -> tuple[tuple[str, Row, bool], ...]:
    return in_dev(rule, row(kind, bad), row(kind, good))


def periodic(minutes: int, hours: int) -> Row:
    times = {"backupIntervalInMinutes": minutes, "backupRetentionIntervalInHours": hours}
    return {"type": "Periodic", "periodicModeProperties": times}


GENERAL = {"name": "GP_Gen5", "tier": "GeneralPurpose", "family": "Gen5", "capacity": 2}
CRITICAL = {"name": "BC_Gen5", "tier": "BusinessCritical", "family": "Gen5", "capacity": 4}

CASES: tuple[tuple[str, Row, bool], ...] = (
    *in_dev(
        "premium_disks_in_dev",
        row(DISK, "Premium_LRS", diskState="Attached"),
        row(DISK, "StandardSSD_LRS", diskState="Attached"),
    ),
    ("premium_disks_in_dev", row(DISK, "Premium_LRS", DEV, diskState="Unattached"), False),
    ("intel_machine_sizes", vm("Standard_D4s_v5"), True),
    ("intel_machine_sizes", vm("Standard_E16-4ds_v5"), True),
    ("intel_machine_sizes", vm("Standard_D4as_v5"), False),
    ("intel_machine_sizes", vm("Standard_D4pds_v6"), False),
    ("intel_machine_sizes", vm("Standard_D4s_v3"), False),
    ("intel_machine_sizes", vm("Standard_DC4s_v3"), False),
    ("intel_machine_sizes", vm("Standard_D4s_v5", "deallocated"), False),
    ("retiring_machine_series", vm("Standard_F4s_v2"), True),
    ("retiring_machine_series", vm("Basic_A1"), True),
    ("retiring_machine_series", vm("Standard_B2ms"), True),
    ("retiring_machine_series", vm("Standard_NC6s_v3"), True),
    ("retiring_machine_series", vm("Standard_B2ts_v2"), False),
    ("retiring_machine_series", vm("Standard_F4as_v6"), False),
    ("retiring_machine_series", vm("Standard_NC24ads_A100_v4"), False),
    ("unmanaged_disks", vm("Standard_D4s_v5", storageProfile={"osDisk": {"vhd": {"uri": "https://x/os.vhd"}}}), True),
    ("unmanaged_disks", vm("Standard_D4s_v5", storageProfile={"osDisk": {"managedDisk": {"id": "/d"}}}), False),
    ("dev_machines_running_all_hours", vm("Standard_D4s_v5", tags=DEV), True),
    ("dev_machines_running_all_hours", vm("Standard_D4s_v5", "deallocated", tags=DEV), False),
    ("dev_machines_running_all_hours", vm("Standard_D4s_v5", tags=PROD), False),
    ("full_snapshots", row(SNAPSHOT, "Standard_LRS", incremental=False, timeCreated="2026-11-01T00:00:00Z"), True),
    ("full_snapshots", row(SNAPSHOT, "Standard_LRS", incremental=True, timeCreated="2026-11-01T00:00:00Z"), False),
    ("full_snapshots", row(SNAPSHOT, "Premium_LRS", incremental=False, timeCreated="2026-11-01T00:00:00Z"), False),
    ("full_snapshots", row(SNAPSHOT, "Standard_LRS", incremental=False, timeCreated="2026-01-01T00:00:00Z"), False),
    ("empty_dedicated_hosts", row(HOST, "DSv3-Type3", virtualMachines=[]), True),
    ("empty_dedicated_hosts", row(HOST, "DSv3-Type3", virtualMachines=[ELSEWHERE]), False),
    (
        "unused_capacity_reservations",
        row(HELD, {"name": "Standard_D4s_v5", "capacity": 2}, virtualMachinesAssociated=[]),
        True,
    ),
    (
        "unused_capacity_reservations",
        row(HELD, {"name": "Standard_D4s_v5", "capacity": 0}, virtualMachinesAssociated=[]),
        False,
    ),
    (
        "unused_capacity_reservations",
        row(HELD, {"name": "Standard_D4s_v5", "capacity": 2}, virtualMachinesAssociated=[ELSEWHERE]),
        False,
    ),
    ("old_image_versions", row(IMAGE, publishingProfile={"publishedDate": "2024-05-01T00:00:00Z"}), True),
    ("old_image_versions", row(IMAGE, publishingProfile={"publishedDate": "2026-05-01T00:00:00Z"}), False),
    ("classic_resources", row("microsoft.classicstorage/storageaccounts"), True),
    ("basic_public_ips", row("microsoft.network/publicipaddresses", "Basic", ipConfiguration=ELSEWHERE), True),
    ("basic_public_ips", row("microsoft.network/publicipaddresses", "Basic"), False),
    ("basic_public_ips", row("microsoft.network/publicipaddresses", "Standard", ipConfiguration=ELSEWHERE), False),
    ("basic_load_balancers", row("microsoft.network/loadbalancers", "Basic"), True),
    ("basic_load_balancers", row("microsoft.network/loadbalancers", "Standard"), False),
    ("unused_firewall_policies", row(POLICY, firewalls=[], childPolicies=[]), True),
    ("unused_firewall_policies", row(POLICY, firewalls=[ELSEWHERE], childPolicies=[]), False),
    ("unused_firewall_policies", row(POLICY, firewalls=[], childPolicies=[ELSEWHERE]), False),
    ("unused_ip_groups", row("microsoft.network/ipgroups", firewalls=[], firewallPolicies=[]), True),
    ("unused_ip_groups", row("microsoft.network/ipgroups", firewalls=[], firewallPolicies=[ELSEWHERE]), False),
    ("unused_front_door_waf_policies", row(WAF, securityPolicyLinks=[], frontendEndpointLinks=[]), True),
    ("unused_front_door_waf_policies", row(WAF, securityPolicyLinks=[], frontendEndpointLinks=[ELSEWHERE]), False),
    ("unused_front_door_waf_policies", row(WAF, securityPolicyLinks=[ELSEWHERE]), False),
    ("old_vpn_gateway_skus", row(GATEWAY, gatewayType="Vpn", sku={"name": "HighPerformance"}), False),
    ("unused_ip_prefixes", row(PREFIX, "Standard", prefixLength=28), True),
    ("unused_ip_prefixes", row(PREFIX, "Standard", prefixLength=28, publicIPAddresses=[ELSEWHERE]), False),
    ("unused_ip_prefixes", row(PREFIX, "Standard", prefixLength=28, natGateway=ELSEWHERE), False),
    (
        "unused_ip_prefixes",
        row(PREFIX, "Standard", prefixLength=28, loadBalancerFrontendIpConfiguration=ELSEWHERE),
        False,
    ),
    *tiers("geo_redundant_storage_in_dev", "microsoft.storage/storageaccounts", "Standard_RAGZRS", "Standard_LRS"),
    *in_dev(
        "geo_redundant_vaults_in_dev",
        row("microsoft.recoveryservices/vaults", redundancySettings={"standardTierStorageRedundancy": "GeoRedundant"}),
        row("microsoft.recoveryservices/vaults", redundancySettings={"standardTierStorageRedundancy": "ZoneRedundant"}),
    ),
    *in_dev(
        "geo_backup_of_dev_databases",
        row(DATABASE, GENERAL, currentBackupStorageRedundancy="Geo"),
        row(DATABASE, GENERAL, currentBackupStorageRedundancy="Zone"),
    ),
    *in_dev("zone_redundant_databases_in_dev", row(DATABASE, GENERAL, zoneRedundant=True), row(DATABASE, GENERAL)),
    ("zone_redundant_databases_in_dev", row(DATABASE, CRITICAL, DEV, zoneRedundant=True), False),
    *in_dev("business_critical_databases_in_dev", row(DATABASE, CRITICAL), row(DATABASE, GENERAL)),
    *in_dev("cosmos_regions_in_dev", row(COSMOS, locations=[{}, {}]), row(COSMOS, locations=[{}])),
    ("many_cosmos_backups", row(COSMOS, backupPolicy=periodic(240, 720)), True),
    ("many_cosmos_backups", row(COSMOS, backupPolicy=periodic(240, 8)), False),
    ("many_cosmos_backups", row(COSMOS, backupPolicy={"type": "Continuous"}), False),
    *in_dev(
        "high_availability_in_dev",
        row(POSTGRES, "Standard_D2ds_v5", highAvailability={"mode": "ZoneRedundant"}),
        row(POSTGRES, "Standard_D2ds_v5", highAvailability={"mode": "Disabled"}),
    ),
    ("retired_database_servers", row("microsoft.dbformariadb/servers", "B_Gen5_1"), True),
    (
        "databases_named_as_copies",
        row(DATABASE, GENERAL, name="orders_copy", creationDate=LAST_YEAR),
        True,
    ),
    (
        "databases_named_as_copies",
        row(DATABASE, GENERAL, name="orders-old2", creationDate=LAST_YEAR),
        True,
    ),
    ("databases_named_as_copies", row(DATABASE, GENERAL, name="household", creationDate=LAST_YEAR), False),
    (
        "databases_named_as_copies",
        row(DATABASE, GENERAL, name="orders_copy", creationDate=LAST_WEEK),
        False,
    ),
    (
        "databases_named_as_copies",
        row(DATABASE, GENERAL, name="orders_copy", creationDate=LAST_YEAR, elasticPoolId=f"{GROUP}/pool"),
        False,
    ),
    *tiers("premium_service_bus_in_dev", "microsoft.servicebus/namespaces", "Premium", "Standard"),
    *tiers("premium_event_hubs_in_dev", HUBS, "Premium", "Basic"),
    *tiers("premium_api_management_in_dev", "microsoft.apimanagement/service", "Premium", "Developer"),
    *tiers("premium_registries_in_dev", "microsoft.containerregistry/registries", "Premium", "Basic"),
    *tiers("premium_front_doors_in_dev", "microsoft.cdn/profiles", "Premium_AzureFrontDoor", "Standard_AzureFrontDoor"),
    *tiers("large_bastions_in_dev", "microsoft.network/bastionhosts", "Standard", "Basic"),
    *in_dev("premium_app_service_plans_in_dev", plan("P1mv3"), plan("B1")),
    ("premium_app_service_plans_in_dev", plan("P1v3", DEV, sites=0), False),
    ("old_app_service_plans", plan("S1"), True),
    ("old_app_service_plans", plan("P1v2"), True),
    ("old_app_service_plans", plan("P1v3"), False),
    ("old_app_service_plans", plan("S1", sites=0), False),
    ("plans_without_autoscaling", plan("P1v3", workers=3), True),
    ("plans_without_autoscaling", plan("P1v3", workers=2), False),
    ("plans_without_autoscaling", plan("P1v3", workers=3, elasticScaleEnabled=True), False),
    ("plans_without_autoscaling", plan("B1", workers=3), False),
    ("empty_app_service_environments", row(ASE, of_kind="ASEV3"), True),
    ("stopped_managed_instances", row("microsoft.sql/managedinstances", GENERAL, state="Stopped"), True),
    ("stopped_managed_instances", row("microsoft.sql/managedinstances", GENERAL, state="Ready"), False),
    ("log_ingestion_without_commitment", row(WORKSPACE, None), False),
    ("classic_application_insights", row("microsoft.insights/components", IngestionMode="ApplicationInsights"), True),
    ("classic_application_insights", row("microsoft.insights/components", IngestionMode="LogAnalytics"), False),
    ("paid_clusters_in_dev", cluster(tags=DEV), True),
    ("paid_clusters_in_dev", cluster("Free", tags=DEV), False),
    ("paid_clusters_in_dev", cluster("Premium", tags=DEV), False),
    ("paid_clusters_in_dev", cluster(tags=PROD), False),
    ("clusters_without_autoscaling", cluster(scales=False), True),
    ("clusters_without_autoscaling", cluster(), False),
    ("clusters_without_autoscaling", cluster(state="Stopped", scales=False), False),
    ("stopped_clusters", cluster(state="Stopped"), True),
    ("stopped_clusters", cluster(), False),
    ("running_clusters_in_dev", cluster(tags=DEV), True),
    ("running_clusters_in_dev", cluster(state="Stopped", tags=DEV), False),
    ("scaled_up_event_hubs", row(HUBS, {"name": "Standard", "capacity": 4}, isAutoInflateEnabled=True), True),
    ("scaled_up_event_hubs", row(HUBS, {"name": "Standard", "capacity": 4}, isAutoInflateEnabled=False), False),
    ("scaled_up_event_hubs", row(HUBS, {"name": "Standard", "capacity": 1}, isAutoInflateEnabled=True), False),
    *in_dev(
        "search_replicas_in_dev",
        row("microsoft.search/searchservices", "standard", replicaCount=1, partitionCount=3),
        row("microsoft.search/searchservices", "standard", replicaCount=1, partitionCount=1),
    ),
    *in_dev(
        "active_fabric_capacities_in_dev",
        row("microsoft.fabric/capacities", "F64", state="Active"),
        row("microsoft.fabric/capacities", "F64", state="Paused"),
    ),
    *in_dev(
        "running_data_explorers_in_dev",
        row("microsoft.kusto/clusters", "Standard_E8ads_v5", state="Running"),
        row("microsoft.kusto/clusters", "Standard_E8ads_v5", state="Stopped"),
    ),
    *in_dev(
        "online_sql_pools_in_dev",
        row("microsoft.synapse/workspaces/sqlpools", "DW100c", status="Online"),
        row("microsoft.synapse/workspaces/sqlpools", "DW100c", status="Paused"),
    ),
    *in_dev(
        "running_analysis_servers_in_dev",
        row("microsoft.analysisservices/servers", "S1", state="Succeeded"),
        row("microsoft.analysisservices/servers", "S1", state="Paused"),
    ),
    ("running_analysis_servers_in_dev", row("microsoft.analysisservices/servers", "D1", DEV, state="Succeeded"), False),
    *in_dev(
        "workspaces_without_cap_in_dev",
        row(WORKSPACE, workspaceCapping={"dailyQuotaGb": -1.0}),
        row(WORKSPACE, workspaceCapping={"dailyQuotaGb": 2.0}),
    ),
)


@pytest.mark.parametrize(("name", "sample", "is_found"), CASES)
def test_each_sample_is_judged_as_it_should_be(name: str, sample: Row, is_found: bool) -> None:
    (resource,) = resources_of_records([sample])
    assert resource.type in BY_NAME[name].resource_types
    assert finds(BY_NAME[name], resource) is is_found


def sku_row(kind: str, tier: str, tags: Row | None = None, **properties: Any) -> Row:  # noqa: ANN401 - JSON
    """A row of a type whose SKU is among its properties; the column is null."""
    one = row(kind, None, tags, **properties)
    return {**one, "properties": {**one["properties"], "sku": {"name": tier, "tier": tier}}}


@pytest.mark.parametrize(
    ("name", "sample", "is_found"),
    [
        ("premium_firewalls_in_dev", sku_row(FIREWALL, "Premium", DEV), True),
        ("premium_firewalls_in_dev", sku_row(FIREWALL, "Standard", DEV), False),
        ("premium_firewalls_in_dev", sku_row(FIREWALL, "Premium", PROD), False),
        ("premium_caches_in_dev", sku_row("microsoft.cache/redis", "Premium", DEV), True),
        ("premium_caches_in_dev", sku_row("microsoft.cache/redis", "Standard", DEV), False),
        ("premium_caches_in_dev", sku_row("microsoft.cache/redis", "Premium", DEV, provisioningState="Failed"), False),
        ("old_vpn_gateway_skus", sku_row(GATEWAY, "HighPerformance", gatewayType="Vpn"), True),
        ("old_vpn_gateway_skus", sku_row(GATEWAY, "VpnGw1AZ", gatewayType="Vpn"), False),
        ("old_vpn_gateway_skus", sku_row(GATEWAY, "Standard", gatewayType="ExpressRoute"), False),
        ("log_ingestion_without_commitment", sku_row(WORKSPACE, "PerGB2018"), True),
        ("log_ingestion_without_commitment", sku_row(WORKSPACE, "CapacityReservation"), False),
    ],
)
def test_a_sku_among_the_properties_is_read_there(name: str, sample: Row, is_found: bool) -> None:
    (resource,) = resources_of_records([sample])
    assert finds(BY_NAME[name], resource) is is_found


ABSENCE_IS_WASTE = {
    "empty_route_tables": "Azure leaves out the list of subnets when there are none",
    "orphan_security_groups": "Azure leaves out subnets and interfaces when there are none",
    "unused_ddos_plans": "Azure leaves out networks and addresses when there are none",
    "unused_nat_gateways": "Azure leaves out the list of subnets when there are none",
    "orphan_network_interfaces": "Azure leaves out every owner that there is not",
    "unused_public_ips": "Azure leaves out the configuration that an address does not belong to",
    "empty_elastic_pools": "the databases say which pool they are in",
    "empty_app_service_environments": "the plans say which environment they are in",
    "empty_capacity_pools": "the id of a volume says which pool it is in",
    "unused_local_network_gateways": "the connections say which gateway they lead to",
    "classic_resources": "the type says so",
    "retired_database_servers": "the type says so",
    "old_storage_account_kinds": "the kind is a column, not a property",
}
"""Rules for which a missing property says something, and what."""


def unread(kind: str) -> Resource:
    return a(kind, of_kind="vcore")


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.name not in ABSENCE_IS_WASTE], ids=lambda rule: rule.name
)
def test_a_resource_whose_properties_were_not_read_is_never_waste(rule: Any) -> None:  # noqa: ANN401 - a rule
    assert not [kind for kind in rule.resource_types if finds(rule, unread(kind))]
