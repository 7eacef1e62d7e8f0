"""One resource of the inventory, as rules look at it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.sql.collected.inventory import InventoryRow


@dataclass(frozen=True)
class Resource:
    """A row of the inventory with its three bags read. Ids are in lower case."""

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
        """A property as text; empty when it is not set."""
        value = self.properties.get(name)
        return "" if value is None else str(value)

    def id_of(self, name: str) -> str:
        """A property that is another resource's id, in lower case."""
        return self.text(name).lower()

    def has(self, name: str) -> bool:
        """Whether a property is set, and is neither an empty text nor zero nor false."""
        return self.properties.get(name) not in (None, "", 0, False)

    def count(self, name: str) -> int:
        """A property that is a number; Azure leaves out what is none."""
        value = self.properties.get(name)
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0

    def sku_text(self, name: str) -> str:
        """A member of the SKU in lower case."""
        value = self.sku.get(name)
        return "" if value is None else str(value).lower()

    def day(self, name: str) -> date | None:
        """The day of a property that is a moment; None when it is not set or no date."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    def tag_text(self) -> str:
        """All tags as one lower-case text, to look for the marks that Azure's services leave."""
        return json.dumps(self.tags, ensure_ascii=False).lower()


def resource_of(row: InventoryRow) -> Resource:
    """The row as rules see it."""
    return Resource(
        resource_id=row.resource_id,
        name=row.resource_name,
        type=row.resource_type,
        subscription_id=row.sub_account_id,
        group=row.resource_group,
        region=row.region_id,
        kind=(row.kind or "").lower(),
        sku=_bag(row.sku_json),
        tags=_bag(row.tags_json),
        properties=_bag(row.properties_json),
    )


def _bag(stored: str | None) -> Mapping[str, Any]:
    value = json.loads(stored) if stored else None
    return value if isinstance(value, dict) else {}
