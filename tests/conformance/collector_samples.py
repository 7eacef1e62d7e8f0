"""One page of each collector's API, in the shape that Azure was recorded to answer."""

from decimal import Decimal

from shared.arm.request import Json
from tests.support.arm_replay import SUBSCRIPTION

SCOPE = f"/subscriptions/{SUBSCRIPTION}"
DISK = f"{SCOPE}/resourceGroups/RG-1/providers/Microsoft.Compute/disks/Disk-1"
VM = f"{SCOPE}/resourceGroups/RG-1/providers/Microsoft.Compute/virtualMachines/VM-1"

COST_COLUMNS = (
    "Cost", "BillingMonth", "ResourceId", "ServiceName", "MeterSubcategory", "Meter", "ResourceLocation",
    "ChargeType", "PricingModel", "PublisherType", "Frequency", "UsageQuantity", "Currency",
)  # fmt: skip

AMORTIZED = {
    "properties": {
        "nextLink": None,
        "columns": [{"name": name, "type": "String"} for name in COST_COLUMNS],
        "rows": [
            [
                Decimal("36.288125"), "2026-01-01T00:00:00", VM.lower(), "Virtual Machines", "Dsv5 Series", "D4s v5",
                "UK South", "Usage", "Reservation", "Azure", "UsageBased", Decimal(744), "GBP",
            ],
            [
                Decimal("4.11"), "2026-02-01T00:00:00", "", "Virtual Machines", "Dsv5 Series", "D4s v5", "Unassigned",
                "UnusedReservation", "Reservation", "Azure", "UsageBased", None, "GBP",
            ],
        ],
    }
}  # fmt: skip

SAMPLES: dict[str, Json] = {
    "amortized_costs": AMORTIZED,
    "costs": {
        "properties": {
            "nextLink": None,
            "columns": [{"name": name, "type": "String"} for name in COST_COLUMNS],
            "rows": [
                [
                    Decimal("204.80504517043207"), "2026-01-01T00:00:00", DISK.lower(), "Storage", "Premium SSD",
                    "P10 LRS", "UK South", "Usage", "OnDemand", "Azure", "UsageBased", Decimal("1.5"), "GBP",
                ],
                [Decimal("-7E-06"), "2026-02-01T00:00:00", "", "", "", "", "", "Refund", "", "", "", None, "USD"],
            ],
        }
    },
    "inventory": {
        "totalRecords": 2,
        "count": 2,
        "data": [
            {"id": SCOPE, "name": "Production", "type": "microsoft.resources/subscriptions"},
            {
                "id": DISK, "name": "Disk-1", "type": "microsoft.compute/disks", "kind": "", "location": "uksouth",
                "resourceGroup": "RG-1", "sku": {"name": "Premium_LRS"}, "tags": {"env": "prod"},
                "selected": {"diskState": "Unattached", "diskSizeGB": 128},
            },
        ],
        "facets": [],
        "resultTruncated": "false",
    },
    "advisor": {
        "value": [
            {
                "id": f"{DISK}/providers/Microsoft.Advisor/recommendations/1",
                "properties": {
                    "category": "Cost", "impact": "High", "impactedField": "Microsoft.Compute/disks",
                    "impactedValue": "Disk-1", "shortDescription": {"problem": "p", "solution": "s"},
                    "extendedProperties": {"savingsAmount": "47", "savingsCurrency": "USD", "lookbackPeriod": "30"},
                    "resourceMetadata": {"resourceId": DISK}, "suppressionIds": ["x"],
                },
            },
            {"id": f"{DISK}/providers/Microsoft.Advisor/recommendations/2", "properties": {"category": "Cost"}},
        ]
    },
    "reservations": {
        "value": [
            {
                "kind": "legacy", "sku": "Standard_DS1_v2", "location": "uksouth",
                "properties": {"term": "P1Y", "scope": "Single", "lookBackPeriod": "Last30Days", "netSavings": 3},
            },
            {
                "kind": "modern",
                "properties": {
                    "term": "P3Y", "scope": "Shared", "lookBackPeriod": 30, "skuName": "x", "recommendedQuantity": 35,
                    "netSavings": {"currency": "USD", "value": Decimal("153766.87728637524")},
                },
            },
        ]
    },
    "savings_plans": {
        "value": [
            {
                "kind": "SavingsPlan",
                "properties": {
                    "term": "P3Y", "scope": "Shared", "lookBackPeriod": "Last30Days", "currencyCode": "GBP",
                    "armSkuName": "Compute_Savings_Plan", "costWithoutBenefit": Decimal("1203.5"),
                    "recommendationDetails": {"commitmentAmount": Decimal("0.097"), "savingsAmount": Decimal("303.25")},
                },
            }
        ]
    },
}  # fmt: skip
"""Collector -> payload. Without one, the suite says that a collector lacks its sample."""
