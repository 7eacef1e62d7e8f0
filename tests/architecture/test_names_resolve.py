"""A path or symbol that a docstring, a comment or a document names is there."""

import ast
import re
from collections.abc import Iterable
from fnmatch import filter as matching
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.named import Prose, paths, prose, words_of_the_code
from tests.architecture.tree import ROOT, modules

ENDINGS = "py|md|toml|json|bicep|bicepparam|html|css|js|sql|sh|yml|txt|in|png"
PATH = re.compile(rf"(?<![\w./:<*-])((?:[\w.*<>-]+/)*[\w.*<>-]+\.(?:{ENDINGS})|(?:[a-z_]+/)+)(?![\w/])")
TICKED = re.compile(r"(?<!`)`([A-Za-z_][\w.]*)(?:\([^`]*\))?`(?!`)")
CONSTANT = re.compile(r"(?<![\w/{<=.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w/-])")

WRITTEN_LATER = {
    "README.txt": "in the download of a customer's data",
    "FILE.bicepparam": "stands for any",
    "FILE.json": "stands for any",
    "bicep/production.bicepparam": "the engineer's own",
    "collectors/budgets.py": "the example of how to add a collector",
    "package.cdx.json": "written by bicep.package",
    "package.licences.csv": "written by bicep.package",
    "production.bicepparam": "the engineer's own",
    "roles.sql": "a copy of shared/sql/roles.sql with the names of a deployment",
}
"""Paths that no clone holds, and why they are named."""

OTHERS = {
    "AZURE_CLIENT_ID": "a variable of a GitHub environment",
    "AZURE_PREVIEW_CLIENT_ID": "a variable of a GitHub environment",
    "AZURE_SUBSCRIPTION_ID": "a variable of a GitHub environment",
    "AZURE_TENANT_ID": "a variable of a GitHub environment",
    "RESOURCE_GROUP": "a variable of a GitHub environment",
    "Application.ReadWrite.OwnedBy": "a permission of Microsoft Graph",
    "BilledCost": "a column of FOCUS",
    "Next.js": "a framework that the public page mentions",
    "PYTHON_THREADPOOL_THREAD_COUNT": "a setting of Azure Functions",
}
"""Symbols of other projects that our code has no use for."""


@cache
def symbols() -> dict[str, frozenset[str]]:
    """By a module's or class's dotted name: what it defines, imports or assigns at its top."""
    found: dict[str, frozenset[str]] = {}
    for module in modules():
        found[module.name] = _defined(module.tree.body)
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                found[f"{module.name}.{node.name}"] = _defined(node.body)
    return found


def _defined(body: Iterable[ast.stmt]) -> frozenset[str]:
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(word.id for target in targets for word in ast.walk(target) if isinstance(word, ast.Name))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    return frozenset(names)


ROOMS = sorted({module.name.split(".")[0] for module in modules()})


def resolves(dotted: str) -> bool:
    """Whether this is one of our modules, or a symbol of one."""
    owner, _, last = dotted.rpartition(".")
    is_folder = dotted.replace(".", "/") in paths()
    return is_folder or dotted in symbols() or last in symbols().get(owner, frozenset())


def is_there(named: str, beside: Path) -> bool:
    """Whether a path is there: from the root, from tests/, from the file that names it; anywhere for a name alone."""
    wanted = re.sub(r"<[^>]*>", "*", named.rstrip("/"))
    tried = [wanted, f"tests/{wanted}"] if "/" in wanted else [wanted, f"*/{wanted}"]
    nearby = (beside.parent / wanted).resolve()
    tried += [str(nearby.relative_to(ROOT))] if nearby.is_relative_to(ROOT) else []
    return any(bool(matching(paths(), one)) if "*" in one else one in paths() for one in tried)


def missing_paths(piece: Prose) -> list[str]:
    named = (found.rstrip(".") for found in PATH.findall(piece.text))
    return [
        path
        for path in named
        if path not in WRITTEN_LATER | OTHERS and not resolves(path) and not is_there(path, piece.path)
    ]


def missing_symbols(piece: Prose) -> list[str]:
    """Of a dotted name in one of our rooms the very symbol is wanted; of any other its words, in code."""
    ticked = [name for name in TICKED.findall(piece.text) if not re.search(rf"\.({ENDINGS})$", name)]
    ours = [name for name in ticked if name.split(".")[0] in ROOMS and "." in name]
    others = [name for name in (*ticked, *CONSTANT.findall(piece.text)) if name not in (*ours, *OTHERS)]
    unknown = [name for name in others if not set(name.strip(".").split(".")) <= words_of_the_code()]
    return [*(name for name in ours if not resolves(name)), *unknown]


def test_every_path_that_is_named_is_there() -> None:
    assert [f"{piece.place} {path}" for piece in prose() for path in missing_paths(piece)] == []


def test_every_symbol_that_is_named_is_there() -> None:
    assert [f"{piece.place} {name}" for piece in prose() for name in missing_symbols(piece)] == []


def test_every_exception_is_named_and_has_its_reason() -> None:
    everything = "\n".join(piece.text for piece in prose())
    assert [name for name, reason in (WRITTEN_LATER | OTHERS).items() if name not in everything or not reason] == []


@pytest.mark.parametrize(
    "text",
    ["see shared/core/nowhere.py", "`shared.core.periods.NO_SUCH`", "`no_such_word_at_all`", "see nowhere_at_all.py",
     "as NO_SUCH_CONSTANT says", "`Collector.no_such_field`"],
)  # fmt: skip
def test_a_stale_name_would_be_found(text: str) -> None:
    """The words are joined here, so that they are in no code."""
    piece = Prose(Path(__file__), 1, text.replace("no_such", "no_such" + "_x").replace("NO_SUCH", "NO_SUCH" + "_X"))
    assert missing_paths(piece) + missing_symbols(piece) != []


@pytest.mark.parametrize(
    "text",
    [
        "see shared/core/periods.py",
        "tree.py",
        "`shared.core.periods.COST_MONTHS`",
        "`Collector.columns`",
        "bicep/*.bicep",
    ],
)
def test_a_name_that_is_there_is_not_reported(text: str) -> None:
    piece = Prose(Path(__file__), 1, text)
    assert missing_paths(piece) + missing_symbols(piece) == []
