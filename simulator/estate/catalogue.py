"""The kinds of resources that the simulated customer owns, with their meters."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Meter:
    """One meter: its names in Cost Management and what it costs a month, in pounds or in a currency of its own.

    `service` is set where it is not that of the resource: a licence of a machine; `quantity` is what it counts
    in a month, if not hours.
    """

    subcategory: str
    name: str
    low: float
    high: float
    currency: str = ""
    service: str = ""
    quantity: float = 0.0


@dataclass(frozen=True)
class Kind:
    """One resource type. `weight` says how common it is; no meters means that it is free."""

    type: str
    alias: str
    weight: int
    service: str = ""
    meters: tuple[Meter, ...] = ()
    skus: tuple[str, ...] = ()
    kind: str = ""


KINDS = (
    Kind(
        "Microsoft.Compute/virtualMachines",
        "vm",
        14,
        "Virtual Machines",
        (
            Meter("Dsv5 Series", "D4s v5", 60, 420),
            Meter("Rtn Preference: MGN", "Standard Data Transfer Out", 0.01, 9, service="Bandwidth"),
        ),
        ("Standard_D4s_v5", "Standard_D8s_v5", "Standard_E4s_v5", "Standard_B2ms"),
    ),
    Kind(
        "Microsoft.Compute/disks",
        "disk",
        16,
        "Storage",
        (
            Meter("Premium SSD Managed Disks", "P10 LRS Disk", 6, 95),
            Meter("Standard SSD Managed Disks", "Disk Operations", 0.001, 2),
        ),
        ("Premium_LRS", "StandardSSD_LRS", "Standard_LRS"),
    ),
    Kind(
        "Microsoft.Storage/storageAccounts",
        "st",
        12,
        "Storage",
        (
            Meter("Tiered Block Blob", "Hot LRS Data Stored", 0.5, 180),
            Meter("Tiered Block Blob", "Hot LRS Write Operations", 0.002, 12),
            Meter("Tiered Block Blob", "Hot Read Operations", 0.001, 6),
            Meter("General Block Blob v2", "Bandwidth Geo-Replication", 0.0001, 3),
        ),
        ("Standard_LRS", "Standard_GRS", "Standard_RAGRS"),
        "StorageV2",
    ),
    Kind(
        "Microsoft.Sql/servers/databases",
        "sqldb",
        8,
        "SQL Database",
        (
            Meter("Single/Elastic Pool General Purpose - Compute Gen5", "vCore", 90, 900),
            Meter("Single/Elastic Pool General Purpose - Storage", "General Purpose Data Stored", 2, 60),
            Meter("LTR Backup Storage", "Backup RA-GRS Data Stored", 0.05, 20),
        ),
        ("GP_Gen5", "GP_S_Gen5", "S2"),
        "v12.0,user,vcore",
    ),
    Kind(
        "Microsoft.Web/serverFarms",
        "plan",
        5,
        "Azure App Service",
        (Meter("Premium v3 Plan - Linux", "P1 v3 App", 70, 320),),
        ("P1v3", "S1", "B1"),
        "linux",
    ),
    Kind(
        "Microsoft.Network/publicIPAddresses",
        "pip",
        8,
        "Virtual Network",
        (Meter("IP Addresses", "Standard IPv4 Static Public IP", 2.4, 3.1),),
        ("Standard", "Basic"),
    ),
    Kind(
        "Microsoft.ContainerService/managedClusters",
        "aks",
        2,
        "Azure Kubernetes Service",
        (Meter("", "Standard Uptime SLA", 55, 60), Meter("", "Standard Long Term Support", 200, 330)),
        ("Base",),
        "Base",
    ),
    Kind(
        "Microsoft.OperationalInsights/workspaces",
        "log",
        3,
        "Log Analytics",
        (Meter("", "Analytics Logs Data Ingestion", 5, 700), Meter("", "Analytics Logs Data Retention", 0.2, 40)),
    ),
    Kind("Microsoft.KeyVault/vaults", "kv", 5, "Key Vault", (Meter("", "Operations", 0.000007, 0.4),)),
    Kind(
        "Microsoft.DocumentDB/databaseAccounts",
        "cosmos",
        2,
        "Azure Cosmos DB",
        (Meter("", "100 RU/s", 18, 400), Meter("", "Data Stored", 0.1, 30)),
        (),
        "GlobalDocumentDB",
    ),
    Kind(
        "Microsoft.Cache/Redis",
        "redis",
        1,
        "Azure Cache for Redis",
        (Meter("Standard", "C1 Cache Instance", 75, 160),),
        ("Standard",),
    ),
    Kind(
        "Microsoft.Network/applicationGateways",
        "agw",
        1,
        "Application Gateway",
        (
            Meter("Standard v2", "Standard Fixed Cost", 140, 160),
            Meter("Standard v2", "Standard Capacity Units", 4, 120),
        ),
        ("Standard_v2",),
    ),
    Kind(
        "Microsoft.ContainerRegistry/registries",
        "cr",
        2,
        "Container Registry",
        (Meter("", "Standard Registry Unit", 14, 16),),
        ("Standard", "Basic"),
    ),
    Kind(
        "Microsoft.Web/sites",
        "func",
        4,
        "Functions",
        (
            Meter("Flex Consumption", "On Demand Execution Time", 0.0001, 40),
            Meter("Flex Consumption", "On Demand Total Executions", 0.00001, 3),
        ),
        (),
        "functionapp,linux",
    ),
    Kind("Microsoft.Network/networkInterfaces", "nic", 12),
    Kind("Microsoft.Network/networkSecurityGroups", "nsg", 4),
    Kind("Microsoft.Network/virtualNetworks", "vnet", 2),
    Kind("Microsoft.Compute/virtualMachines/extensions", "ext", 3),
    Kind(
        "Microsoft.ContainerInstance/containerGroups",
        "ci",
        1,
        "Container Instances",
        (Meter("", "Standard vCPU Duration", 3, 80), Meter("", "Standard Memory Duration", 1, 12)),
    ),
    Kind(
        "Microsoft.Logic/workflows", "logic", 1, "Logic Apps", (Meter("", "Consumption Built-in Actions", 0.00002, 8),)
    ),
    Kind("Microsoft.ManagedIdentity/userAssignedIdentities", "id", 2),
)

REGIONS = ("uksouth",) * 12 + ("ukwest",) * 3 + ("westeurope",) * 3 + ("northeurope", "eastus")
WORKLOADS = ("shop", "erp", "crm", "web", "data", "search", "mail", "billing", "portal", "batch")
ENVIRONMENTS = ("prod", "prod", "test", "dev")
