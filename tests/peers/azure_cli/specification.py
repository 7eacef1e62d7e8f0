"""What the Azure CLI itself said of the commands that are used (tests/architecture/az_cli.py writes it)."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = "azure-cli"
FILE = Path(__file__).with_name("specification.json")
UPDATE = "run `python3 -m tests.architecture.az_cli --update`"


@dataclass(frozen=True)
class Specification:
    """Of one version of the CLI: the commands that it took, word for word, and the options of each by its name."""

    version: str
    judged: frozenset[str]
    commands: dict[str, dict[str, dict[str, Any]]]

    def was_judged(self, words: Sequence[str]) -> bool:
        """Whether the CLI took exactly this command."""
        return shlex.join(words) in self.judged


@cache
def specification() -> Specification:
    """Return what is kept."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return Specification(kept["version"], frozenset(kept["judged"]), kept["commands"])
