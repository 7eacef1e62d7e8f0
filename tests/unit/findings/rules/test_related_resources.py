"""Rules that look at a resource beside those that it belongs to, over rows as Resource Graph prints them."""

import pytest

from findings.rule import Facts
from findings.search import collected
from tests.unit.findings.files.resources import resources_of_records
from tests.unit.findings.rules.test_service_rules import BY_NAME, GROUP, TODAY, finds
from tests.unit.findings.rules.test_tiers_and_types import (
    ASE,
    DISK,
    ELSEWHERE,
    FIREWALL,
    POLICY,
    VM,
    Row,
    plan,
    row,
    sku_row,
    vm,
)  # fmt: skip


def related(name: str, *rows: Row) -> set[str]:
    """The names of the resources that the rule finds in an inventory of these rows."""
    rule = BY_NAME[name]
    inventory = resources_of_records(rows)
    facts = Facts(TODAY, collected([rule], inventory))
    return {one.name for one in inventory if one.type in rule.resource_types and finds(rule, one, facts)}


def firewall(policy: str) -> Row:
    return sku_row(
        FIREWALL, "Premium", name="fw", firewallPolicy={"id": f"{GROUP}/providers/{POLICY}/{policy}".upper()}
    )


@pytest.mark.parametrize(
    ("settings", "is_found"),
    [
        ({"intrusionDetection": {"mode": "Off"}}, True),
        ({}, True),
        ({"intrusionDetection": {"mode": "Deny"}}, False),
        ({"transportSecurity": {"certificateAuthority": {"name": "ca"}}}, False),
        ({"basePolicy": ELSEWHERE}, False),
    ],
)
def test_a_premium_firewall_needs_a_policy_that_uses_premium(settings: Row, is_found: bool) -> None:
    name = "premium_firewalls_without_premium_features"
    assert bool(related(name, firewall("p"), row(POLICY, name="p", **settings))) is is_found
    assert related(name, firewall("unread"), row(POLICY, name="p", **settings)) == set()


def endpoint(target: str, status: str = "Approved") -> Row:
    connection = {"privateLinkServiceId": target, "privateLinkServiceConnectionState": {"status": status}}
    return row("microsoft.network/privateendpoints", privateLinkServiceConnections=[{"properties": connection}])


@pytest.mark.parametrize(
    ("target", "is_found"),
    [
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/deleted", True),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/There", False),
        (f"{GROUP}/providers/Microsoft.Web/sites/app/slots/blue", False),
        (f"{GROUP}/providers/Microsoft.Example/things/unknown", False),
        ("/subscriptions/other/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x", False),
    ],
)
def test_an_endpoint_leads_nowhere_only_if_its_target_would_be_in_the_inventory(target: str, is_found: bool) -> None:
    there = row("microsoft.storage/storageaccounts", "Standard_LRS", name="there")
    assert bool(related("endpoints_of_deleted_targets", endpoint(target), there)) is is_found


def test_a_disconnected_endpoint_is_reported_for_that_alone() -> None:
    deleted = endpoint(f"{GROUP}/providers/Microsoft.Storage/storageAccounts/deleted", "Disconnected")
    assert related("endpoints_of_deleted_targets", deleted) == set()


def test_a_local_network_gateway_is_used_by_a_connection() -> None:
    gateways = [row("microsoft.network/localnetworkgateways", name=name) for name in ("used", "unused")]
    used = {"id": f"{GROUP}/providers/Microsoft.Network/localNetworkGateways/used"}
    connection = row("microsoft.network/connections", localNetworkGateway2=used)
    assert related("unused_local_network_gateways", *gateways, connection) == {"unused"}


def test_a_plan_with_an_enabled_autoscale_setting_scales() -> None:
    target = f"{GROUP}/providers/Microsoft.Web/serverFarms/one"
    setting = "microsoft.insights/autoscalesettings"
    busy = plan("P1v3", workers=4)
    assert related("plans_without_autoscaling", busy, row(setting, enabled=True, targetResourceUri=target)) == set()
    assert related("plans_without_autoscaling", busy, row(setting, enabled=False, targetResourceUri=target)) == {"one"}


def test_an_environment_with_a_plan_is_not_empty() -> None:
    inside = plan("I1v2", hostingEnvironmentProfile={"id": f"{GROUP}/providers/{ASE}/ONE"})
    assert related("empty_app_service_environments", row(ASE, of_kind="ASEV3"), inside) == set()


def test_a_capacity_pool_with_a_volume_is_not_empty() -> None:
    pool = "microsoft.netapp/netappaccounts/capacitypools"
    account = f"{GROUP}/providers/Microsoft.NetApp/netAppAccounts/a"
    pools = [{**row(pool, name=name), "id": f"{account}/capacityPools/{name}"} for name in ("full", "empty")]
    volume = {**row(f"{pool}/volumes"), "id": f"{pools[0]['id']}/volumes/v"}
    assert related("empty_capacity_pools", *pools, volume) == {"empty"}


def test_a_premium_disk_of_a_deallocated_machine_is_found_unless_it_is_shared() -> None:
    owner = f"{GROUP}/providers/{VM}/one"
    disk = row(DISK, "Premium_LRS", name="d", diskState="Reserved", managedBy=owner)
    shared = {**disk, "properties": {"diskState": "Reserved", "shareInfo": [{}, {}]}}
    rule, off, on = "premium_disks_of_stopped_machines", vm("Standard_D4s_v5", "deallocated"), vm("Standard_D4s_v5")
    assert related(rule, disk, off) == {"d"}
    assert related(rule, disk, on) == set()
    assert related(rule, shared, off) == set()
