"""Patterns of waste in the estate, and of resources that look like waste and are none.

Each pattern is a few resources that belong together. A part with a `rule` is waste which
the rule of that name has to find; one with `looks_like` must not be found by that rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simulator.estate.catalogue import Kind, Meter

Bag = dict[str, Any]


@dataclass(frozen=True)
class PatternContext:
    """The context of a part: the ids of the parts of its pattern, and today."""

    ids: tuple[str, ...]
    today: date

    def days_ago(self, days: int) -> str:
        """A moment as Azure writes it."""
        return f"{self.today - timedelta(days)}T10:00:00.1234567Z"


@dataclass(frozen=True)
class Part:
    """One resource. `managed_by` is the index in the pattern of its owner; `commitment` covers a machine."""

    kind: Kind
    properties: Callable[[PatternContext], Bag]
    sku: Bag | None = None
    rule: str | None = None
    looks_like: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    managed_by: int | None = None
    commitment: str = ""
    name: str = "{alias}-legacy-{index:04d}"
    group: str = "RG-Legacy-PROD-{region}"


Pattern = tuple[Part, ...]

DISK_METER = Meter("Premium SSD Managed Disks", "P10 LRS Disk", 8, 90)
DOLLARS = Meter("Standard SSD Managed Disks", "E10 LRS Disk", 4, 30, "USD")
REFUNDED = Meter("Premium SSD Managed Disks", "P20 LRS Disk", -60, -50)

DISK = Kind("Microsoft.Compute/disks", "pdisk", 0, "Storage", (DISK_METER,))
TWO_CURRENCIES = Kind("Microsoft.Compute/disks", "pdisk", 0, "Storage", (DISK_METER, DOLLARS))
REFUNDED_DISK = Kind("Microsoft.Compute/disks", "pdisk", 0, "Storage", (REFUNDED,))
SNAPSHOT = Kind("Microsoft.Compute/snapshots", "snap", 0, "Storage", (Meter("Standard HDD", "LRS Snapshots", 0.4, 12),))
MACHINE = Kind(
    "Microsoft.Compute/virtualMachines",
    "vm",
    0,
    "Virtual Machines",
    (
        Meter("Dsv5 Series", "D4s v5", 60, 420),
        Meter("Rtn Preference: MGN", "Standard Data Transfer Out", 0.5, 9, service="Bandwidth"),
    ),
)
COMPUTE_ONLY = Kind(
    "Microsoft.Compute/virtualMachines", "cvm", 0, "Virtual Machines", (Meter("Dsv5 Series", "D4s v5", 60, 420),)
)
TRAFFIC_ONLY = Kind(
    "Microsoft.Compute/virtualMachines",
    "tvm",
    0,
    "Virtual Machines",
    (Meter("Rtn Preference: MGN", "Standard Data Transfer Out", 0.5, 9, service="Bandwidth"),),
)
RESTING = Kind("Microsoft.Compute/virtualMachines", "rest", 0)
SCALE_SET = Kind("Microsoft.Compute/virtualMachineScaleSets", "vmss", 0)
ADDRESS = Kind(
    "Microsoft.Network/publicIPAddresses",
    "ppip",
    0,
    "Virtual Network",
    (Meter("IP Addresses", "Standard IPv4 Static Public IP", 2.4, 3.1),),
)
INTERFACE = Kind("Microsoft.Network/networkInterfaces", "pnic", 0)
SECURITY_GROUP = Kind("Microsoft.Network/networkSecurityGroups", "pnsg", 0)
PLAN = Kind("Microsoft.Web/serverFarms", "pplan", 0, "Azure App Service", (Meter("Premium v3", "P1 v3 App", 70, 320),))
FREE_PLAN = Kind("Microsoft.Web/serverFarms", "pplan", 0)
GATEWAY = Kind(
    "Microsoft.Network/applicationGateways",
    "pagw",
    0,
    "Application Gateway",
    (Meter("Standard v2", "Standard Fixed Cost", 140, 160),),
)
BALANCER = Kind(
    "Microsoft.Network/loadBalancers",
    "plb",
    0,
    "Load Balancer",
    (Meter("Standard", "Standard Included LB Rules and Outbound Rules", 14, 20),),
)
FREE_BALANCER = Kind("Microsoft.Network/loadBalancers", "plb", 0)
NAT = Kind("Microsoft.Network/natGateways", "ng", 0, "NAT Gateway", (Meter("Standard", "Standard Gateway", 28, 36),))
NETWORK_GATEWAY = Kind(
    "Microsoft.Network/virtualNetworkGateways", "vgw", 0, "VPN Gateway", (Meter("VpnGw1", "VpnGw1", 110, 140),)
)
CONNECTION = Kind("Microsoft.Network/connections", "con", 0)
ENDPOINT = Kind(
    "Microsoft.Network/privateEndpoints", "pe", 0, "Virtual Network", (Meter("Private Link", "Endpoint", 5, 7),)
)
DDOS_PLAN = Kind(
    "Microsoft.Network/ddosProtectionPlans", "ddos", 0, "Azure DDOS Protection", (Meter("", "Plan", 2200, 2400),)
)
POOL = Kind(
    "Microsoft.Sql/servers/elasticPools", "pool", 0, "SQL Database", (Meter("Elastic Pool", "vCore", 150, 700),)
)
DATABASE = Kind("Microsoft.Sql/servers/databases", "pdb", 0)
SQL_MACHINE = Kind("Microsoft.SqlVirtualMachine/sqlVirtualMachines", "sqlvm", 0)


def same(**properties: Any) -> Callable[[PatternContext], Bag]:  # noqa: ANN401 - JSON of any shape
    """The same properties in every context."""
    return lambda _place: properties


def sku(name: str, tier: str | None = None) -> Bag:
    """A SKU."""
    return {"name": name, "tier": tier or name}
