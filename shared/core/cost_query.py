"""What an operator's cost query may ask for, besides what every scan reads."""

GROUPINGS = {
    "ResourceId": "Resource",
    "ResourceGroupName": "Resource group",
    "ResourceType": "Resource type",
    "ResourceLocation": "Location",
    "ServiceName": "Service",
    "MeterCategory": "Meter category",
    "MeterSubcategory": "Meter subcategory",
    "Meter": "Meter",
    "ChargeType": "Charge type",
    "PublisherType": "Publisher type",
}
"""Cost Management's dimensions, by Azure's name for them."""

MOST_GROUPINGS = 2
"""The documented limit: https://learn.microsoft.com/rest/api/cost-management/query/usage"""

GRANULARITIES = {"Monthly": "By month", "None": "The whole period"}
MOST_ROWS = 5_000
