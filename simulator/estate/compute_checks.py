"""Patterns of machines, disks, hosts and clusters that cost more than they need to, and of what resembles them."""

from simulator.estate.catalogue import Kind, Meter
from simulator.estate.compute_patterns import RESERVED, machine
from simulator.estate.patterns import DISK, SNAPSHOT, Bag, Part, Pattern, same, sku

DEV = "RG-Shop-DEV-{region}"
PREMIUM, STANDARD_SSD = sku("Premium_LRS", "Premium"), sku("StandardSSD_LRS", "Standard")
ATTACHED = same(diskState="Attached", diskSizeGB=256, timeCreated="2025-02-03T10:00:00Z")

MACHINE = Kind(
    "Microsoft.Compute/virtualMachines", "app", 0, "Virtual Machines", (Meter("Dasv5 Series", "D4as v5", 60, 420),)
)
FREE_MACHINE = Kind("Microsoft.Compute/virtualMachines", "idle", 0)
HOST = Kind(
    "Microsoft.Compute/hostGroups/hosts", "host", 0, "Virtual Machines", (Meter("DSv3 Type3", "Host", 3000, 3400),)
)
HELD = Kind(
    "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    "capres",
    0,
    "Virtual Machines",
    (Meter("Dsv5 Series", "D4s v5", 120, 240),),
)
IMAGE = Kind(
    "Microsoft.Compute/galleries/images/versions",
    "imgver",
    0,
    "Storage",
    (Meter("Standard HDD", "LRS Snapshots", 1, 9),),
)
CLASSIC = Kind("Microsoft.ClassicCompute/domainNames", "cloudsvc", 0)
CLUSTER = Kind(
    "Microsoft.ContainerService/managedClusters",
    "kube",
    0,
    "Azure Kubernetes Service",
    (Meter("", "Standard Uptime SLA", 55, 60),),
)


def sized(size: str, state: str = "running", **changes: object) -> Bag:
    """A machine of this size, of AMD processors unless it says otherwise."""
    return {**machine(state), "hardwareProfile": {"vmSize": size}, **changes}


AMD = "Standard_D4as_v5"


def _held(quantity: int) -> Bag:
    return {"name": "Standard_D4s_v5", "capacity": quantity}


def _host(*machines: Bag) -> Bag:
    return {"virtualMachines": [*machines], "timeCreated": "2025-02-03T10:00:00Z"}


def _cluster(state: str = "Running", *, scales: bool = True) -> Bag:
    return {
        "kubernetesVersion": "1.33",
        "powerState": {"code": state},
        "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 3, "enableAutoScaling": scales}],
    }


def _snapshot(incremental: bool, days: int = 20) -> object:
    return lambda context: {"timeCreated": context.days_ago(days), "incremental": incremental}


def _published(days: int) -> object:
    return lambda context: {"publishingProfile": {"publishedDate": context.days_ago(days)}}


ONE = {"id": "/subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/virtualMachines/z"}
BASE, STANDARD_TIER, PREMIUM_TIER = (sku("Base", tier) for tier in ("Free", "Standard", "Premium"))
PAID, SCALING = "paid_clusters_in_dev", "clusters_without_autoscaling"
UNMANAGED = {"osDisk": {"osType": "Linux", "vhd": {"uri": "https://st.example/vhds/os.vhd"}}}


def _part(kind: Kind, properties: object, of: Bag | None = None, **more: object) -> Part:
    return Part(kind, properties, of, **more)  # type: ignore[arg-type]


def _premium_of(state: str, **more: object) -> Pattern:
    return (
        _part(FREE_MACHINE, same(**sized(AMD, state)), name="{alias}-batch-{index:04d}"),
        _part(DISK, RESERVED if state == "deallocated" else ATTACHED, PREMIUM, managed_by=0, **more),
    )


DISKS: tuple[Pattern, ...] = (
    (_part(DISK, ATTACHED, PREMIUM, rule="premium_disks_in_dev", group=DEV),),
    (_part(DISK, ATTACHED, STANDARD_SSD, looks_like="premium_disks_in_dev", group=DEV),),
    (_part(DISK, ATTACHED, PREMIUM, looks_like="premium_disks_in_dev", group=DEV, tags={"environment": "Production"}),),
    (_part(DISK, ATTACHED, PREMIUM, rule="premium_disks_in_dev", tags={"Env": "QA"}),),
    _premium_of("running", looks_like="premium_disks_of_stopped_machines"),
    (_part(SNAPSHOT, _snapshot(False), sku("Standard_LRS"), rule="full_snapshots"),),
    (_part(SNAPSHOT, _snapshot(True), sku("Standard_LRS"), looks_like="full_snapshots"),),
    (
        _part(
            SNAPSHOT,
            _snapshot(False),
            sku("Standard_LRS"),
            looks_like="full_snapshots",
            group="AzureBackupRG_{region}_1",
        ),
    ),
    (_part(IMAGE, _published(500), rule="old_image_versions"),),
    (_part(IMAGE, _published(100), looks_like="old_image_versions"),),
)

MACHINES: tuple[Pattern, ...] = (
    (_part(MACHINE, same(**sized("Standard_E8-4as_v5")), looks_like="intel_machine_sizes"),),
    (_part(MACHINE, same(**sized("Standard_D4ps_v6")), looks_like="intel_machine_sizes"),),
    (_part(MACHINE, same(**sized("Standard_D8s_v5", "deallocated")), looks_like="intel_machine_sizes"),),
    (_part(MACHINE, same(**sized("Standard_F8s_v2")), rule="retiring_machine_series"),),
    (_part(MACHINE, same(**sized("Standard_A2_v2")), rule="retiring_machine_series"),),
    (_part(MACHINE, same(**sized("Standard_B2s_v2")), looks_like="retiring_machine_series"),),
    (_part(MACHINE, same(**sized("Standard_F8as_v6")), looks_like="retiring_machine_series"),),
    (_part(MACHINE, same(**sized("Standard_L8s_v3")), looks_like="retiring_machine_series"),),
    (_part(MACHINE, same(**sized(AMD, storageProfile=UNMANAGED)), rule="unmanaged_disks"),),
    (_part(MACHINE, same(**sized(AMD)), looks_like="unmanaged_disks"),),
    (_part(MACHINE, same(**sized(AMD)), rule="dev_machines_running_all_hours", group=DEV),),
    (_part(FREE_MACHINE, same(**sized(AMD)), looks_like="dev_machines_running_all_hours", group=DEV),),
    (_part(MACHINE, same(**sized(AMD, "deallocated")), looks_like="dev_machines_running_all_hours", group=DEV),),
    (_part(HOST, same(**_host()), sku("DSv3-Type3"), rule="empty_dedicated_hosts"),),
    (_part(HOST, same(**_host(ONE)), sku("DSv3-Type3"), looks_like="empty_dedicated_hosts"),),
    (_part(HOST, same(provisioningState="Creating"), sku("DSv3-Type3"), looks_like="empty_dedicated_hosts"),),
    (_part(HELD, same(virtualMachinesAssociated=[]), _held(2), rule="unused_capacity_reservations"),),
    (_part(HELD, same(virtualMachinesAssociated=[ONE]), _held(2), looks_like="unused_capacity_reservations"),),
    (_part(HELD, same(virtualMachinesAssociated=[]), _held(0), looks_like="unused_capacity_reservations"),),
    (_part(CLASSIC, same(status="Created"), rule="classic_resources"),),
    (_part(FREE_MACHINE, same(**sized(AMD)), looks_like="classic_resources"),),
)

CLUSTERS: tuple[Pattern, ...] = (
    (_part(CLUSTER, same(**_cluster()), STANDARD_TIER, rule=PAID, group=DEV),),
    (_part(CLUSTER, same(**_cluster()), PREMIUM_TIER, looks_like=PAID, group=DEV),),
    (_part(CLUSTER, same(**_cluster()), STANDARD_TIER, looks_like=PAID),),
    (_part(CLUSTER, same(**_cluster(scales=False)), STANDARD_TIER, rule=SCALING),),
    (_part(CLUSTER, same(**_cluster()), STANDARD_TIER, looks_like=SCALING),),
    (_part(CLUSTER, same(**_cluster("Stopped", scales=False)), BASE, rule="stopped_clusters", looks_like=SCALING),),
    (_part(CLUSTER, same(**_cluster()), BASE, looks_like="stopped_clusters"),),
    (
        _part(
            CLUSTER,
            same(**_cluster("Stopped")),
            BASE,
            looks_like="running_clusters_in_dev",
            rule="stopped_clusters",
            group=DEV,
        ),
    ),
)

COMPUTE_CHECKS: tuple[Pattern, ...] = (*DISKS, *MACHINES, *CLUSTERS)
