"""A resource as it was collected."""

from dataclasses import dataclass

from shared.sql.schema.tables import inventory


@dataclass(frozen=True)
class InventoryRow:
    """One resource; the id is in lower case, the JSON as Azure gave it."""

    sub_account_id: str
    resource_id: str
    resource_name: str
    resource_type: str
    resource_group: str | None
    region_id: str | None
    kind: str | None
    sku_json: str | None
    tags_json: str | None
    properties_json: str | None


INVENTORY_ROW = [inventory.c[name] for name in InventoryRow.__dataclass_fields__]
"""The columns that it is made of."""
