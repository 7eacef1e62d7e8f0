"""The Bicep files as their parser reads them. https://github.com/gruebel/pycep"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pycep

from tests.architecture.tree import ROOT

FOLDER = ROOT / "bicep"


@dataclass(frozen=True)
class Resource:
    """One resource of a file; `config` is what is between its braces, of a loop what is made each time."""

    file: str
    name: str
    type: str
    is_existing: bool
    config: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.config.get("properties", {})
        return found

    def __str__(self) -> str:
        return f"{self.file}:{self.name}"


def paths() -> list[Path]:
    """Every template."""
    return sorted(FOLDER.glob("*.bicep"))


def text(name: str) -> str:
    """A file's source."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> dict[str, Any]:
    """One file as the parser reads it."""
    return dict(pycep.BicepParser().parse(file_path=FOLDER / name))


@cache
def resources() -> tuple[Resource, ...]:
    """Every resource of every file; resources within resources are not among them."""
    return tuple(
        Resource(path.name, name, one["type"], bool(one["existing"]), _body(one["config"]))
        for path in paths()
        for name, one in parsed(path.name).get("resources", {}).items()
    )


def deployed(kind: str = "") -> tuple[Resource, ...]:
    """Those that are made, of this type or of all."""
    return tuple(one for one in resources() if not one.is_existing and kind in ("", one.type))


def the_one(kind: str) -> Resource:
    """The only resource of a type."""
    (only,) = deployed(kind)
    return only


def words(value: object) -> Iterator[str]:
    """Every text inside a parsed value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (name, *words(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from words(inner)


def _body(config: dict[str, Any]) -> dict[str, Any]:
    """A loop wraps what it makes."""
    return _body(config["config"]) if "loop_type" in config else config
