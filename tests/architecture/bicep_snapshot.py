"""What bicep/ deploys, read from the compiler's snapshot (bicep_compiler.py writes it)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.architecture.bicep_compiler import FOLDER, kept


@dataclass(frozen=True)
class Resource:
    """One resource as it would be deployed; `config` is all that Azure is sent."""

    type: str
    config: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.config.get("name") or self.properties.get("uniqueName") or self.properties.get("name", ""))

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.config.get("properties", {})
        return found

    def __str__(self) -> str:
        return f"{self.type.split('/', 1)[1]} {self.name[:60]}"


@cache
def snapshot() -> dict[str, Any]:
    """The whole of it."""
    found: dict[str, Any] = json.loads(kept())
    return found


@cache
def deployed(kind: str = "") -> tuple[Resource, ...]:
    """Every resource, or those of a type; Graph's types come without their version."""
    found = (Resource(one["type"].partition("@")[0], one) for one in snapshot()["predictedResources"])
    return tuple(one for one in found if kind in ("", one.type))


def the_one(kind: str) -> Resource:
    """The only resource of a type."""
    (only,) = deployed(kind)
    return only


def outputs() -> set[str]:
    """Names of what the deployment returns."""
    return set(snapshot()["outputs"])


def words(value: object) -> Iterator[str]:
    """Every text inside a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (name, *words(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)


def paths() -> list[Path]:
    """Every template."""
    return sorted(FOLDER.glob("*.bicep"))


def text(name: str) -> str:
    """A file's source."""
    return (FOLDER / name).read_text(encoding="utf-8")
