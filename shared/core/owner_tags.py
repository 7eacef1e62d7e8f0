"""Find who owns a resource by its tags. There is no standard name for that tag, so the usual ones are tried in order.

https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-tagging
"""

import json
import re
from collections.abc import Mapping
from typing import Any

OWNER_TAGS = (
    "owner",
    "owneremail",
    "ownername",
    "ownedby",
    "technicalowner",
    "businessowner",
    "costowner",
    "budgetowner",
    "contact",
    "opsteam",
    "team",
)
"""Names of owner tags, without separators and in lower case; the first one that a resource has counts."""

MAX_OWNER_CHARACTERS = 256
"""The length of a tag's value: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources"""


def owner_of(tags: Mapping[str, Any]) -> str | None:
    """Return the value of the first owner tag that has one."""
    by_name = {re.sub(r"[^a-z]", "", name.lower()): value for name, value in tags.items()}
    for name in OWNER_TAGS:
        value = str(by_name.get(name) or "").strip()
        if value:
            return value[:MAX_OWNER_CHARACTERS]
    return None


def owner_in(tags_json: str | None) -> str | None:
    """Return the same from an inventory row's tags."""
    tags = json.loads(tags_json) if tags_json else None
    return owner_of(tags) if isinstance(tags, dict) else None
