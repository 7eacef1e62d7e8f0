"""Resources from rows of Resource Graph, as the rules read them from files."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from findings.files.graph_rows import read_inventory
from findings.resource import Resource


def resources_of_records(records: Sequence[Mapping[str, Any]]) -> tuple[Resource, ...]:
    """Write the rows to a file and read it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "inventory.json")
        file.write_text(json.dumps(records, default=str))
        return read_inventory(file)
