"""The habits of the code, as figures."""

import ast
import statistics
from collections.abc import Collection, Iterator

import pytest

from tests.architecture.tree import ROOT, Module, importers, modules, shipped, tracked

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
MAX_FILE_LINES = 400
SHORT_FILE_LINES = 30
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def functions(module: Module) -> Iterator[FunctionNode]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: FunctionNode) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def line_count(module: Module) -> int:
    return len(module.path.read_text(encoding="utf-8").splitlines())


def test_the_median_function_is_about_ten_lines_and_few_are_long() -> None:
    lengths = sorted(length(node) for module in shipped() for node in functions(module))
    assert statistics.median(lengths) <= 12
    assert lengths[int(0.9 * len(lengths))] <= 35


def test_no_module_is_longer_than_400_lines_except_a_version_of_the_schema() -> None:
    """A version is one unit that is applied as a whole and never edited after its release."""
    long = [module for module in modules() if line_count(module) > MAX_FILE_LINES]
    assert [module.name for module in long if not module.name.startswith("shared.sql.migrations.versions.")] == []


@pytest.mark.parametrize("folder", ["shared/sql", "web", "collectors"])
def test_a_folder_of_many_modules_has_at_most_sixteen_entries(folder: str) -> None:
    entries = {path.relative_to(ROOT / folder).parts[0] for path in tracked(folder)}
    assert len(entries - {"__init__.py"}) <= 16, sorted(entries)


def test_a_module_under_30_lines_is_imported_by_at_least_two_others() -> None:
    """A short module with one importer belongs inside it, unless it is a page of a blueprint."""
    splinters = {
        module.name
        for module in shipped()
        if line_count(module) < SHORT_FILE_LINES and not stands_alone(module) and is_splinter(importers()[module.name])
    }
    assert splinters == set()


def is_splinter(importing: Collection[str]) -> bool:
    return len(importing) < 2 and not any(name.endswith(".blueprint") for name in importing)


def stands_alone(module: Module) -> bool:
    """Entry points, blueprints and packages are named by a program; a rule is one file, listed in the registry."""
    return (
        module.path.name == "__init__.py"
        or module.name == "function_app"
        or module.name.endswith(".blueprint")
        or module.name.startswith(("findings.rules.", "shared.sql.migrations."))
    )


def test_there_are_at_most_two_broad_excepts() -> None:
    broad = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    assert len(broad) <= 2, broad


def test_no_log_line_is_an_f_string() -> None:
    offenders = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_METHODS
        and any(isinstance(argument, ast.JoinedStr) for argument in node.args)
        and "log" in ast.unparse(node.func.value).lower()
    ]
    assert offenders == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [module.name for module in modules() if FORBIDDEN_NAMES & set(module.name.lower().split("."))] == []


def test_no_work_is_done_at_import() -> None:
    """Module level may define, not do: no bare call statement, no loop, no `with`."""
    doing = (ast.For, ast.While, ast.With, ast.Try)
    offenders = [
        f"{module.name}:{node.lineno}"
        for module in shipped()
        if module.name not in ("function_app", "collectors.blueprint") and not module.name.endswith("migrations.env")
        for node in module.tree.body
        if isinstance(node, doing) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]
    assert offenders == []


def test_the_project_speaks_of_itself_alone() -> None:
    words = tuple("/".join(parts) for parts in (("", "work", ""), ("", "root", ""), ("pyenv", "versions")))
    offenders = [
        f"{path.name}: {word}"
        for path in tracked()
        if path.suffix in (".py", ".md", ".json", ".toml", ".txt", ".html", ".bicep", ".yml", "")
        for word in words
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert offenders == []
