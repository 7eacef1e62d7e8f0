"""Waste that ordinary resources have too, besides what a pattern was made for: sizes, tiers and test environments."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]

INTEL = ("Standard_D4s_v5", "Standard_D8s_v5", "Standard_E4s_v5")
ENDING = ("Standard_B2ms", "Standard_F8s_v2", "Standard_A2_v2")
OLD_PLANS, PREMIUM_PLANS = ("S1", "P2v2"), ("P1v3", "P2v3", "P2v2")


def is_test(record: Record) -> bool:
    """Whether the tags, or else the resource group, name a test environment."""
    for name, value in (record["tags"] or {}).items():
        if name.lower() in ("environment", "env"):
            return str(value).lower() in ("dev", "test", "qa")
    return bool({"dev", "test"} & set(record["resourceGroup"].split("-")))


def _sku(record: Record) -> str:
    return str((record["sku"] or {}).get("name", ""))


def _size(record: Record) -> str:
    return str(record["properties"].get("hardwareProfile", {}).get("vmSize", ""))


def _state(record: Record) -> str:
    view = record["properties"].get("extended", {}).get("instanceView", {})
    return str(view.get("powerState", {}).get("code", "")).rpartition("/")[2]


def _at_rest(record: Record) -> bool:
    is_owned = record["properties"].get("diskState") == "Reserved" and bool(record["managedBy"])
    return is_owned and _sku(record) == "Premium_LRS" and not record["properties"].get("shareInfo")


def _has_apps(record: Record) -> bool:
    return bool(record["properties"].get("numberOfSites"))


RECURRING: Mapping[str, tuple[tuple[str, Callable[[Record], bool]], ...]] = {
    "microsoft.compute/virtualmachines": (
        ("intel_machine_sizes", lambda one: _size(one) in INTEL and _state(one) != "deallocated"),
        ("retiring_machine_series", lambda one: _size(one) in ENDING),
        ("dev_machines_running_all_hours", lambda one: _state(one) == "running" and is_test(one)),
    ),
    "microsoft.compute/disks": (
        (
            "premium_disks_in_dev",
            lambda one: _sku(one) == "Premium_LRS" and one["properties"]["diskState"] == "Attached" and is_test(one),
        ),
        ("premium_disks_of_stopped_machines", _at_rest),
    ),
    "microsoft.network/loadbalancers": (("basic_load_balancers", lambda one: _sku(one) == "Basic"),),
    "microsoft.network/publicipaddresses": (
        ("basic_public_ips", lambda one: _sku(one) == "Basic" and "ipConfiguration" in one["properties"]),
    ),
    "microsoft.storage/storageaccounts": (
        ("geo_redundant_storage_in_dev", lambda one: _sku(one).endswith("GRS") and is_test(one)),
    ),
    "microsoft.web/serverfarms": (
        (
            "premium_app_service_plans_in_dev",
            lambda one: _sku(one) in PREMIUM_PLANS and _has_apps(one) and is_test(one),
        ),
        ("old_app_service_plans", lambda one: _sku(one) in OLD_PLANS and _has_apps(one)),
    ),
    "microsoft.containerservice/managedclusters": (
        (
            "running_clusters_in_dev",
            lambda one: one["properties"].get("powerState", {}).get("code") == "Running" and is_test(one),
        ),
    ),
    "microsoft.operationalinsights/workspaces": (
        (
            "workspaces_without_cap_in_dev",
            lambda one: one["properties"].get("workspaceCapping", {}).get("dailyQuotaGb") == -1.0 and is_test(one),
        ),
    ),
}
"""Type in lower case -> rules, and which records they have to find."""


def recurring(record: Record) -> Iterator[str]:
    """Yield the rules that have to find the record."""
    for rule, applies in RECURRING.get(record["type"], ()):
        if applies(record):
            yield rule
