"""A resource of the inventory, as rules use it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.sql.collected.inventory import InventoryRow


@dataclass(frozen=True)
class Resource:
    """An inventory row with its SKU, tags and properties parsed. Ids are in lower case."""

    resource_id: str
    name: str
    type: str
    subscription_id: str
    group: str | None
    region: str | None
    kind: str
    sku: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a property as text; empty if it is not set."""
        value = self.properties.get(name)
        return "" if value is None else str(value)

    def id_of(self, name: str) -> str:
        """Return a property that holds another resource's id, in lower case."""
        return self.text(name).lower()

    def has(self, name: str) -> bool:
        """Return whether a property is set to anything but an empty text, zero or false."""
        return self.properties.get(name) not in (None, "", 0, False)

    def count(self, name: str) -> int:
        """Return a numeric property; 0 if Azure omits it."""
        value = self.properties.get(name)
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0

    def sku_text(self, name: str) -> str:
        """Return a member of the SKU in lower case."""
        value = self.sku.get(name)
        return "" if value is None else str(value).lower()

    def day(self, name: str) -> date | None:
        """Return the date of a date-time property; None if it is not set or not a date."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def tag_text(self) -> str:
        """Return all tags as one lower-case text, to search for the markers of Azure services."""
        return json.dumps(self.tags, ensure_ascii=False).lower()


def resource_of(row: InventoryRow) -> Resource:
    """Parse an inventory row."""
    return Resource(
        resource_id=row.resource_id,
        name=row.resource_name,
        type=row.resource_type,
        subscription_id=row.sub_account_id,
        group=row.resource_group,
        region=row.region_id,
        kind=(row.kind or "").lower(),
        sku=_parsed(row.sku_json),
        tags=_parsed(row.tags_json),
        properties=_parsed(row.properties_json),
    )


def _parsed(stored: str | None) -> Mapping[str, Any]:
    value = json.loads(stored) if stored else None
    return value if isinstance(value, dict) else {}
