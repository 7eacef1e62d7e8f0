"""The project's own Python files and what each of them imports."""

import ast
import gc
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED_ROOMS = ("collectors", "findings", "notifications", "retention", "shared", "web")


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, its source as a tree, the modules it imports."""

    path: Path
    name: str
    tree: ast.Module
    imports: frozenset[str]

    @property
    def room(self) -> str:
        return self.name.split(".")[0]


def _imports(tree: ast.Module) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def _module(path: Path) -> Module:
    relative = path.relative_to(ROOT).with_suffix("")
    name = ".".join(part for part in relative.parts if part != "__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return Module(path, name, tree, _imports(tree))


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause garbage collection: over a growing heap of syntax trees it takes twice as long as parsing them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for line in sorted(set(listing.splitlines())) if (path := ROOT / line).is_file()]


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the project."""
    with without_collection():
        return tuple(_module(path) for path in tracked("*.py"))


@cache
def importers() -> Mapping[str, frozenset[str]]:
    """By module, the modules outside of the tests that import it."""
    found: dict[str, set[str]] = {module.name: set() for module in modules()}
    for module in modules():
        for name in module.imports & found.keys() if module.room != "tests" else ():
            found[name].add(module.name)
    return {name: frozenset(users - {name}) for name, users in found.items()}


@cache
def shipped() -> tuple[Module, ...]:
    """Those that are deployed."""
    return tuple(module for module in modules() if module.room in SHIPPED_ROOMS or module.name == "function_app")
