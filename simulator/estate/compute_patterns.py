"""Patterns of machines, disks and snapshots."""

from simulator.estate.patterns import (
    COMPUTE_ONLY,
    DISK,
    MACHINE,
    REFUNDED_DISK,
    RESTING,
    SCALE_SET,
    SNAPSHOT,
    SQL_MACHINE,
    TRAFFIC_ONLY,
    TWO_CURRENCIES,
    Bag,
    Part,
    Pattern,
    PatternContext,
    same,
    sku,
)

PREMIUM = sku("Premium_LRS", "Premium")
FREE_DISK = "unattached_disks"
RESTING_DISK = "disks_of_deallocated_machines"
WINDOWS = "hybrid_benefit_windows"
SQL = "hybrid_benefit_sql"


def _unattached(context: PatternContext) -> Bag:
    return {
        "diskState": "Unattached",
        "diskSizeGB": 128,
        "timeCreated": context.days_ago(700),
        "LastOwnershipUpdateTime": context.days_ago(300),
    }


def _free_disk(**changes: object) -> Part:
    values = {"kind": DISK, "properties": _unattached, "sku": PREMIUM, **changes}
    return Part(**values)  # type: ignore[arg-type]


def machine(state: str, os_type: str = "Linux", licence: str | None = None, publisher: str = "Canonical") -> Bag:
    """The properties of a virtual machine in this state."""
    return {
        "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
        "storageProfile": {
            "osDisk": {"osType": os_type},
            "imageReference": {"publisher": publisher, "offer": "server"},
            "dataDisks": [],
        },
        "extended": {"instanceView": {"powerState": {"code": f"PowerState/{state}"}}},
        "licenseType": licence,
        "timeCreated": "2024-03-01T08:15:30.1234567Z",
    }


def _windows(licence: str | None, publisher: str = "MicrosoftWindowsServer") -> Bag:
    return machine("running", "Windows", licence, publisher)


def _of_first_machine(context: PatternContext) -> Bag:
    """A paid SQL Server on the first machine of the pattern, whose id it writes in its own casing."""
    return {
        "sqlServerLicenseType": "PAYG",
        "sqlImageSku": "Standard",
        "virtualMachineResourceId": context.ids[0].upper(),
    }


RESERVED = same(diskState="Reserved", diskSizeGB=256, timeCreated="2023-11-12T10:00:00.0000000Z")

DISKS: tuple[Pattern, ...] = (
    (_free_disk(rule=FREE_DISK),),
    (_free_disk(rule=FREE_DISK, kind=TWO_CURRENCIES),),
    (_free_disk(rule=FREE_DISK, kind=REFUNDED_DISK),),
    (_free_disk(looks_like=FREE_DISK, properties=same(diskState="ActiveSAS", diskSizeGB=64)),),
    (_free_disk(looks_like=FREE_DISK, name="erp-db-{index:04d}-ASRReplica"),),
    (_free_disk(looks_like=FREE_DISK, name="ms-asr-{index:04d}"),),
    (_free_disk(looks_like=FREE_DISK, tags={"RSVaultBackup": "/subscriptions/x/vaults/v"}),),
    (_free_disk(looks_like=FREE_DISK, tags={"kubernetes.io-created-for-pvc-name": "data-postgres-0"}),),
    (
        _free_disk(
            looks_like=FREE_DISK,
            properties=same(diskState="Attached", maxShares=2, shareInfo=[{"vmUri": "/x/a"}, {"vmUri": "/b"}]),
        ),
    ),
    (_free_disk(looks_like=FREE_DISK, properties=RESERVED),),
    (_free_disk(looks_like=FREE_DISK, properties=same(diskState="ReadyToUpload", diskSizeGB=64)),),
    (_free_disk(looks_like=FREE_DISK, properties=same(diskState="Frozen", diskSizeGB=64)),),
)

MACHINES: tuple[Pattern, ...] = (
    (Part(MACHINE, same(**machine("stopped")), rule="stopped_machines"),),
    (Part(MACHINE, same(**machine("stopped")), rule="stopped_machines"),),
    (Part(MACHINE, same(**machine("deallocating")), looks_like="stopped_machines"),),
    (
        Part(RESTING, same(**machine("deallocated")), looks_like="stopped_machines"),
        Part(DISK, RESERVED, PREMIUM, rule=RESTING_DISK, managed_by=0),
        Part(DISK, RESERVED, PREMIUM, rule=RESTING_DISK, managed_by=0),
    ),
    (
        Part(MACHINE, same(**machine("deallocated"))),
        Part(DISK, RESERVED, PREMIUM, looks_like=RESTING_DISK, managed_by=0),
    ),
    (
        Part(RESTING, same(**machine("running"))),
        Part(DISK, same(diskState="Attached", diskSizeGB=64), PREMIUM, looks_like=RESTING_DISK, managed_by=0),
    ),
)

COMMITTED: tuple[Pattern, ...] = (
    (
        Part(COMPUTE_ONLY, same(**machine("deallocated")), commitment="Reservation"),
        Part(DISK, RESERVED, PREMIUM, looks_like=RESTING_DISK, managed_by=0),
    ),
    (Part(COMPUTE_ONLY, same(**machine("stopped")), rule="stopped_machines", commitment="Reservation"),),
    (Part(COMPUTE_ONLY, same(**machine("stopped")), rule="stopped_machines", commitment="SavingsPlan"),),
    (
        Part(TRAFFIC_ONLY, same(**machine("deallocated"))),
        Part(DISK, RESERVED, PREMIUM, rule=RESTING_DISK, managed_by=0),
    ),
)
"""Only where commitments are: covered machines cost 0 and ran, and one that has a cost did not run."""

SNAPSHOTS: tuple[Pattern, ...] = (
    (
        Part(
            SNAPSHOT, lambda context: {"timeCreated": context.days_ago(400)}, sku("Standard_LRS"), rule="old_snapshots"
        ),
    ),
    (Part(SNAPSHOT, lambda context: {"timeCreated": context.days_ago(92)}, sku("Premium_LRS"), rule="old_snapshots"),),
    (Part(SNAPSHOT, lambda context: {"timeCreated": context.days_ago(80)}, looks_like="old_snapshots"),),
    (
        Part(
            SNAPSHOT,
            lambda context: {"timeCreated": context.days_ago(500)},
            looks_like="old_snapshots",
            group="AzureBackupRG_{region}_1",
        ),
    ),
    (
        Part(
            SNAPSHOT,
            lambda context: {"timeCreated": context.days_ago(500)},
            looks_like="old_snapshots",
            tags={"createdBy": "RSVaultBackup"},
        ),
    ),
)

LICENCES: tuple[Pattern, ...] = (
    (Part(RESTING, same(**_windows(None)), rule=WINDOWS),),
    (Part(RESTING, same(**_windows("Windows_Server")), looks_like=WINDOWS),),
    (
        Part(RESTING, same(**machine("deallocated", "Windows", None, "MicrosoftWindowsServer")), looks_like=WINDOWS),
        Part(SQL_MACHINE, _of_first_machine, looks_like=SQL),
    ),
    (Part(RESTING, same(**_windows("Windows_Client")), looks_like=WINDOWS),),
    (Part(RESTING, same(**_windows(None, "MicrosoftWindowsDesktop")), looks_like=WINDOWS),),
    (
        Part(
            SCALE_SET,
            same(virtualMachineProfile={"storageProfile": {"osDisk": {"osType": "Windows"}}, "licenseType": None}),
            rule=WINDOWS,
        ),
    ),
    (Part(SQL_MACHINE, same(sqlServerLicenseType="PAYG", sqlImageSku="Standard"), rule=SQL),),
    (Part(SQL_MACHINE, same(sqlServerLicenseType="AHUB", sqlImageSku="Enterprise"), looks_like=SQL),),
    (Part(SQL_MACHINE, same(sqlServerLicenseType="DR", sqlImageSku="Enterprise"), looks_like=SQL),),
    (Part(SQL_MACHINE, same(sqlServerLicenseType="PAYG", sqlImageSku="Developer"), looks_like=SQL),),
)
