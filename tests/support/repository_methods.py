"""The methods of the repositories that open a transaction, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "sql"
MARK = "whole_transaction"
OPENING = ("transaction", "reading", "system_transaction", "system_reading")


@dataclass(frozen=True)
class Method:
    """A method that opens a transaction."""

    name: str
    node: ast.FunctionDef

    @property
    def is_marked(self) -> bool:
        return any(ast.unparse(decorator) == MARK for decorator in self.node.decorator_list)

    def calls(self) -> set[str]:
        return {ast.unparse(node.func) for node in ast.walk(self.node) if isinstance(node, ast.Call)}

    def is_generator(self) -> bool:
        return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(self.node))


@cache
def methods() -> dict[str, Method]:
    """By "Class.method"."""
    return {method.name: method for method in _opening()}


def _opening() -> Iterator[Method]:
    for path in sorted(FOLDER.rglob("*.py")):
        for cls in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(cls, ast.ClassDef):
                for node in cls.body:
                    if isinstance(node, ast.FunctionDef):
                        method = Method(f"{cls.name}.{node.name}", node)
                        if method.calls() & {f"self._database.{opening}" for opening in OPENING}:
                            yield method
