"""What docstrings, comments and documents name: paths, modules, symbols."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.architecture.documents import DOCUMENTS
from tests.architecture.tree import ROOT, Module, modules, tracked

COMMENT = re.compile(r"(?:^|\s)# (?!noqa|type:)(.+)$")
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"[A-Za-z_]\w*")
OTHER_CODE = ("sql", "bicep", "toml", "html", "js", "json", "yml")


@dataclass(frozen=True)
class Prose:
    """A piece of text for people and the line on which it starts. Web addresses are left out."""

    path: Path
    line: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def docstrings(body: list[ast.stmt]) -> Iterator[ast.Constant]:
    """Every text that stands alone, classes and functions within included."""
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str):
                yield statement.value
        elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from docstrings(statement.body)


def _lines_of_code(module: Module) -> Iterator[tuple[int, str]]:
    """Every line that is no docstring, from 1."""
    told: set[int] = set()
    for text in docstrings(module.tree.body):
        told.update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1):
        if number not in told:
            yield number, line


def _prose_of(module: Module) -> Iterator[Prose]:
    for text in docstrings(module.tree.body):
        yield Prose(module.path, text.lineno, ADDRESS.sub(" ", str(text.value)))
    for number, line in _lines_of_code(module):
        if comment := COMMENT.search(line):
            yield Prose(module.path, number, ADDRESS.sub(" ", comment[1]))


def _prose_of_document(path: Path) -> Iterator[Prose]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield Prose(path, number, ADDRESS.sub(" ", line))


@cache
def prose() -> tuple[Prose, ...]:
    """Every docstring and comment of the code, and every line of a document."""
    code = [piece for module in modules() for piece in _prose_of(module)]
    return (*code, *(piece for path in DOCUMENTS for piece in _prose_of_document(path)))


@cache
def paths() -> frozenset[str]:
    """Every tracked file and its folders, from the root."""
    found = [path.relative_to(ROOT) for path in tracked()]
    return frozenset(str(one) for path in found for one in (path, *path.parents))


@cache
def words_of_the_code() -> frozenset[str]:
    """Every word of the code, texts included; docstrings and comments excluded."""
    lines = (COMMENT.sub("", line) for module in modules() for _, line in _lines_of_code(module))
    other = (
        path.read_text(encoding="utf-8")
        for path in tracked("*.sql", "*.bicep", "*.toml", "*.html", "*.js", "*.json", "*.yml")
    )
    return frozenset(word for text in (*lines, *other) for word in WORD.findall(text))
