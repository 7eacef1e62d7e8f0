"""Writes shared/core/azure_names.json: the names by which people know Azure's resource types and regions.

`python -m tools.azure_names CHECKOUT` reads them from a checkout of https://github.com/microsoft/finops-toolkit, whose
open data is Microsoft's list of the portal's display names.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.environment import ROOT

TARGET = ROOT / "shared" / "core" / "azure_names.json"
SOURCE = "https://github.com/microsoft/finops-toolkit/tree/main/src/open-data"
LICENCE = "MIT, Copyright (c) Microsoft Corporation"
UNNAMED = "Microsoft."
"""How the source's name begins where the portal has none: made up from the type itself."""

MIN_NAME_CHARACTERS = 3

WITHOUT_REGION = frozenset({"unassigned"})
"""What a bill has where there is no region; the source calls it global, which is a region of its own."""


def rows(checkout: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one file of the open data."""
    with (checkout / "src" / "open-data" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def type_names(checkout: Path) -> dict[str, str]:
    """Return the display name of each resource type that has one, in the singular."""
    listed = rows(checkout, "ResourceTypes.csv")
    found = {row["ResourceType"].lower(): row["SingularDisplayName"].strip() for row in listed}
    return {kind: name for kind, name in sorted(found.items()) if is_name(name)}


def is_name(name: str) -> bool:
    """Whether a person would know the thing by this name."""
    return len(name) >= MIN_NAME_CHARACTERS and not name.startswith(UNNAMED)


def region_names(checkout: Path) -> dict[str, str]:
    """Return the display name of each region, by its id and by the other values that Azure's bills have for it."""
    found: dict[str, str] = {}
    for row in rows(checkout, "Regions.csv"):
        found[row["OriginalValue"].lower()] = row["RegionName"]
        found[row["RegionId"].lower()] = row["RegionName"]
    return {key: name for key, name in sorted(found.items()) if key and name and key not in WITHOUT_REGION}


def written_on(checkout: Path) -> str:
    """Return the day of the checkout's last commit."""
    command = ["git", "-C", str(checkout), "log", "-1", "--format=%cs"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Write the file."""
    checkout = Path(sys.argv[1])
    content = {
        "source": SOURCE,
        "licence": LICENCE,
        "date": written_on(checkout),
        "types": type_names(checkout),
        "regions": region_names(checkout),
    }
    TARGET.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
