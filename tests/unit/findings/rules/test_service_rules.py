"""Each rule on resources as Resource Graph returns them: some that fit, some that only resemble them, some unread."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from findings.registry import RULES
from findings.resource import Resource
from findings.rule import Facts, Rule
from findings.search import collected

TODAY = date(2026, 11, 30)
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/rg"
BY_NAME = {rule.name: rule for rule in RULES}


def a(kind: str, *, sku: str = "", name: str = "one", of_kind: str = "", **properties: Any) -> Resource:  # noqa: ANN401 - JSON
    """A resource of this type with these properties."""
    return Resource(
        resource_id=f"{GROUP}/providers/{kind}/{name}",
        name=name,
        type=kind,
        subscription_id=SUBSCRIPTION,
        group="rg",
        region="uksouth",
        kind=of_kind,
        sku={"name": sku, "tier": sku} if sku else {},
        properties=properties,
    )


SET, ZONE = "microsoft.compute/availabilitysets", "microsoft.network/privatednszones"
PROFILE, CIRCUIT = "microsoft.network/trafficmanagerprofiles", "microsoft.network/expressroutecircuits"
GATEWAY, VNET_GATEWAY = "microsoft.network/applicationgateways", "microsoft.network/virtualnetworkgateways"
CERTIFICATE, SNAPSHOT = "microsoft.web/certificates", "microsoft.compute/snapshots"
MACHINE, FIREWALL = "microsoft.compute/virtualmachines", "microsoft.network/azurefirewalls"
CACHE, POSTGRES = "microsoft.cache/redis", "microsoft.dbforpostgresql/flexibleservers"
ACCOUNT, WORKSPACE = "microsoft.storage/storageaccounts", "microsoft.operationalinsights/workspaces"
COSMOS, DATABASE = "microsoft.documentdb/databaseaccounts", "microsoft.sql/servers/databases"
POOL, INSTANCE = "microsoft.sql/servers/elasticpools", "microsoft.sql/managedinstances"
INCLUDED, VCORE = "LicenseIncluded", "v12.0,user,vcore"

FITS: tuple[tuple[str, Resource], ...] = (
    ("empty_availability_sets", a(SET, virtualMachinesCount=0)),
    ("empty_route_tables", a("microsoft.network/routetables")),
    ("unlinked_private_dns_zones", a(ZONE, numberOfVirtualNetworkLinks=0)),
    ("traffic_manager_without_endpoints", a(PROFILE, endpointsCount=0)),
    ("unprovisioned_expressroute_circuits", a(CIRCUIT, serviceProviderProvisioningState="NotProvisioned")),
    ("application_gateways_v1", a(GATEWAY, skuTier="WAF")),
    ("fixed_capacity_application_gateways", a(GATEWAY, skuTier="WAF_v2", skuCapacity=4)),
    ("failed_network_gateways", a(VNET_GATEWAY, provisioningState="Failed")),
    ("expired_certificates", a(CERTIFICATE, expirationDate="2026-11-29T00:00:00Z")),
    ("premium_snapshots", a(SNAPSHOT, sku="Premium_LRS", timeCreated="2026-11-01T00:00:00Z")),
    ("hybrid_benefit_linux", a(MACHINE, imagePublisher="RedHat", imageOffer="RHEL")),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind=VCORE, sku="GP_Gen5", licenseType=INCLUDED)),
    ("hybrid_benefit_sql_databases", a(POOL, of_kind="vcore,pool", sku="GP_Gen5", licenseType=INCLUDED)),
    ("hybrid_benefit_sql_databases", a(INSTANCE, sku="GP_Gen5", licenseType=INCLUDED)),
    ("premium_firewalls_without_policy", a(FIREWALL, skuTier="Premium")),
    ("failed_caches", a(CACHE, provisioningState="Failed")),
    ("stopped_database_servers", a(POSTGRES, state="Stopped")),
    ("old_storage_account_kinds", a(ACCOUNT, of_kind="storage")),
    ("old_storage_account_kinds", a(ACCOUNT, of_kind="blobstorage")),
    ("long_log_retention", a(WORKSPACE, retentionInDays=365)),
    ("multi_region_writes_in_one_region", a(COSMOS, enableMultipleWriteLocations=True, locationsCount=1)),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_D2")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_DS3_v2")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_E32-8s_v3")),
)

RESEMBLES: tuple[tuple[str, Resource], ...] = (
    ("empty_availability_sets", a(SET, virtualMachinesCount=1)),
    ("empty_availability_sets", a(SET, name="web-asr", virtualMachinesCount=0)),
    ("empty_route_tables", a("microsoft.network/routetables", subnetsCount=2)),
    ("unlinked_private_dns_zones", a(ZONE, numberOfVirtualNetworkLinks=1)),
    ("traffic_manager_without_endpoints", a(PROFILE, endpointsCount=1)),
    ("unprovisioned_expressroute_circuits", a(CIRCUIT, serviceProviderProvisioningState="Provisioned")),
    ("unprovisioned_expressroute_circuits", a(CIRCUIT, serviceProviderProvisioningState="Provisioning")),
    ("application_gateways_v1", a(GATEWAY, skuTier="Standard_v2")),
    ("application_gateways_v1", a(GATEWAY, skuTier="Basic")),
    ("fixed_capacity_application_gateways", a(GATEWAY, skuTier="WAF_v2", skuCapacity=2)),
    ("fixed_capacity_application_gateways", a(GATEWAY, skuTier="WAF_v2", skuCapacity=4, autoscaleMinimum=0)),
    ("fixed_capacity_application_gateways", a(GATEWAY, skuTier="WAF", skuCapacity=4)),
    (
        "fixed_capacity_application_gateways",
        a(GATEWAY, skuTier="WAF_v2", skuCapacity=4, operationalState="Stopped"),
    ),
    ("failed_network_gateways", a(VNET_GATEWAY, provisioningState="Updating")),
    ("expired_certificates", a(CERTIFICATE, expirationDate="2026-11-30T00:00:00Z")),
    ("premium_snapshots", a(SNAPSHOT, sku="Standard_ZRS", timeCreated="2026-11-01T00:00:00Z")),
    ("premium_snapshots", a(SNAPSHOT, sku="Premium_LRS", timeCreated="2026-01-01T00:00:00Z")),
    ("premium_snapshots", a(SNAPSHOT, sku="Premium_LRS", name="AzureBackup_one")),
    ("hybrid_benefit_linux", a(MACHINE, imagePublisher="Canonical", imageOffer="ubuntu-24_04-lts")),
    ("hybrid_benefit_linux", a(MACHINE, imagePublisher="RedHat", imageOffer="RHEL", licenseType="RHEL_BYOS")),
    ("hybrid_benefit_linux", a(MACHINE, imagePublisher="SUSE", imageOffer="sles-15-sp5-byos")),
    (
        "hybrid_benefit_linux",
        a(MACHINE, imagePublisher="RedHat", imageOffer="RHEL", powerState="PowerState/deallocated"),
    ),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind=VCORE, sku="GP_Gen5", licenseType="BasePrice")),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind="v12.0,user", sku="S3", licenseType=INCLUDED)),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind=VCORE, sku="GP_S_Gen5", licenseType=INCLUDED)),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind=VCORE, sku="ElasticPool", licenseType=INCLUDED)),
    ("hybrid_benefit_sql_databases", a(DATABASE, of_kind=VCORE, sku="GP_Gen5", name="master", licenseType=INCLUDED)),
    ("premium_firewalls_without_policy", a(FIREWALL, skuTier="Premium", firewallPolicyId=f"{GROUP}/p")),
    ("premium_firewalls_without_policy", a(FIREWALL, skuTier="Standard")),
    ("failed_caches", a(CACHE, provisioningState="Succeeded")),
    ("stopped_database_servers", a(POSTGRES, state="Stopping")),
    ("old_storage_account_kinds", a(ACCOUNT, of_kind="storagev2")),
    ("old_storage_account_kinds", a(ACCOUNT, of_kind="filestorage")),
    ("long_log_retention", a(WORKSPACE, retentionInDays=90)),
    ("multi_region_writes_in_one_region", a(COSMOS, enableMultipleWriteLocations=True, locationsCount=2)),
    ("multi_region_writes_in_one_region", a(COSMOS, enableMultipleWriteLocations=False, locationsCount=1)),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_D4s_v4")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_DC2s_v2")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_EC4as_v5")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_B2ms")),
    ("old_machine_sizes", a(MACHINE, vmSize="Standard_D2s_v3", powerState="PowerState/deallocated")),
)

ABSENT_WHEN_EMPTY = {"empty_route_tables"}
"""Azure leaves the list out when it has no members, so here its absence says something."""

JUDGED = sorted({name for name, _ in FITS})


def finds(rule: Rule, resource: Resource, facts: Facts | None = None) -> bool:
    """Whether the rule reports the resource: it matches and no exclusion does."""
    known = facts or Facts(TODAY, collected([rule], [resource]))
    return rule.matches(resource, known) and not any(each.matches(resource, known) for each in rule.exclusions)


@pytest.mark.parametrize(("name", "resource"), FITS)
def test_waste_is_found(name: str, resource: Resource) -> None:
    assert resource.type in BY_NAME[name].resource_types
    assert finds(BY_NAME[name], resource)


@pytest.mark.parametrize(("name", "resource"), RESEMBLES)
def test_what_only_resembles_waste_is_not_found(name: str, resource: Resource) -> None:
    assert resource.type in BY_NAME[name].resource_types
    assert not finds(BY_NAME[name], resource)


@pytest.mark.parametrize("name", [name for name in JUDGED if name not in ABSENT_WHEN_EMPTY])
def test_a_resource_whose_properties_were_not_read_is_never_waste(name: str) -> None:
    for kind in BY_NAME[name].resource_types:
        assert not finds(BY_NAME[name], a(kind))


def in_dev_test(rule: str, resource: Resource) -> bool:
    return finds(BY_NAME[rule], resource, Facts(TODAY, dev_test_subscriptions=frozenset({SUBSCRIPTION})))


def test_a_dev_test_subscription_pays_for_no_licence_of_sql_databases() -> None:
    licensed = a(DATABASE, of_kind=VCORE, sku="GP_Gen5", licenseType=INCLUDED)
    assert not in_dev_test("hybrid_benefit_sql_databases", licensed)


def facts_of(rule: Rule, *resources: Resource) -> Facts:
    """What the rule's lookups know of this inventory."""
    ids = {
        lookup: frozenset(
            each for resource in resources if resource.type in lookup.resource_types for each in lookup.ids_of(resource)
        )
        for lookup in rule.lookups
    }
    return Facts(TODAY, ids)


def a_snapshot(source: str, created: str = "2026-10-01T00:00:00Z", **changes: str) -> Resource:
    return a(SNAPSHOT, sourceResourceId=source, timeCreated=created, **changes)


@pytest.mark.parametrize(
    ("snapshot", "is_found"),
    [
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/disks/gone"), True),
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/disks/THERE"), False),
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/snapshots/gone"), False),
        (a_snapshot("/subscriptions/another/providers/Microsoft.Compute/disks/gone"), False),
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/disks/gone", "2026-11-20T00:00:00Z"), False),
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/disks/gone", "2026-01-01T00:00:00Z"), False),
        (a_snapshot(f"{GROUP}/providers/Microsoft.Compute/disks/gone", name="azurebackup_one"), False),
        (a(SNAPSHOT, timeCreated="2026-10-01T00:00:00Z"), False),
    ],
)
def test_a_snapshot_outlives_its_disk_only_if_the_disk_of_its_subscription_was_deleted(
    snapshot: Resource, is_found: bool
) -> None:
    rule = BY_NAME["snapshots_of_deleted_disks"]
    assert finds(rule, snapshot, facts_of(rule, a("microsoft.compute/disks", name="there"))) is is_found


def an_app(name: str, state: str | None) -> Resource:
    properties: Mapping[str, Any] = {"serverFarmId": f"{GROUP}/providers/Microsoft.Web/serverFarms/plan"}
    return a("microsoft.web/sites", name=name, **properties, **({"state": state} if state else {}))


@pytest.mark.parametrize(
    ("states", "tier", "is_found"),
    [
        (("Stopped", "Stopped"), "PremiumV3", True),
        (("Stopped", "Running"), "PremiumV3", False),
        (("Stopped", None), "PremiumV3", False),
        ((), "PremiumV3", False),
        (("Stopped",), "Free", False),
    ],
)
def test_a_plan_is_idle_only_if_every_app_that_we_see_is_stopped(
    states: tuple[str | None, ...], tier: str, is_found: bool
) -> None:
    rule = BY_NAME["plans_with_stopped_apps"]
    plan = a("microsoft.web/serverfarms", sku=tier, name="plan", numberOfSites=len(states) or 2)
    apps = [an_app(f"app{number}", state) for number, state in enumerate(states)]
    assert finds(rule, plan, facts_of(rule, *apps)) is is_found
