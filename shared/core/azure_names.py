"""The names by which people know Azure's resource types and regions, from Microsoft's own list.

`azure_names.json` beside this module says where they come from; `python -m tools.azure_names` makes it anew.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")


def type_name(resource_type: str) -> str:
    """Return "Virtual machine" for "Microsoft.Compute/virtualMachines"; a type without a known name as it is."""
    return _names("types").get(resource_type.lower(), resource_type)


def region_name(region: str) -> str:
    """Return "UK South" for "uksouth"; a region without a known name as it is."""
    return _names("regions").get(region.lower(), region)


def _names(kind: str) -> Mapping[str, str]:
    names: Mapping[str, str] = _content()[kind]
    return names


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content
