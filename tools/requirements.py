"""Reads requirement files: what a `.in` asks for, what a lock pins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")
VIA = re.compile(r"^    #(?: via|  ) (?P<who>\S.*)$")


@dataclass(frozen=True)
class Pin:
    """One package in a lock. `marker` is empty where the pin holds on every supported Python and platform."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]
    required_by: tuple[str, ...]
    """Packages in the same lock, and `-r FILE` or `-c FILE`."""


def asked_for(file: Path) -> list[str]:
    """Return the requirements that a `.in` names itself, without comments and without the files that it includes."""
    lines = (line.split(" #")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def included(file: Path) -> list[Path]:
    """Return the files that a `.in` includes (`-r`) or is bound by (`-c`), in its order."""
    words = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return [file.parent / word[1] for word in words if word and word[0] in ("-r", "-c")]


def pins(lock: Path) -> list[Pin]:
    """Return what a lock pins. Raises ValueError for a line that is not a pin as uv writes it."""
    return [_pin(lines) for lines in _blocks(lock.read_text(encoding="utf-8").splitlines())]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line and not line.startswith((" ", "#")) and block:
            yield block
            block = []
        if block or not line.startswith("#"):
            block.append(line)
    if block:
        yield block


def _pin(block: list[str]) -> Pin:
    found = PIN.match(block[0])
    if found is None:
        raise ValueError(f"not an exact pin: {block[0]!r}")
    required_by = tuple(via["who"] for line in block[1:] if (via := VIA.match(line)))
    hashes = frozenset(HASH.findall("\n".join(block)))
    return Pin(found["name"], found["version"], (found["marker"] or "").strip(), hashes, required_by)
