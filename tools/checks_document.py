"""Writes shared/core/checks.json, the catalogue of checks that pages show: `python -m tools.checks_document`."""

import json

from findings.catalogue import entries
from tools.environment import ROOT

TARGET = ROOT / "shared" / "core" / "checks.json"


def generated() -> str:
    """The text that shared/core/checks.json must have."""
    return json.dumps([entry.as_json() for entry in entries()], ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(generated(), encoding="utf-8")
