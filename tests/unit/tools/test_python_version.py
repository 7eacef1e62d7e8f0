import ast
import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.machine import find_python
from tools.python_version import NEWEST, OLDEST

pytestmark = pytest.mark.slow

OLD = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10")
COMMANDS = ("local", "tests")
READ_BY_OLD = ("tools/__init__.py", "tools/python_version.py", *(f"{name}/__init__.py" for name in COMMANDS))


def run_with(version: str, *words: str) -> "subprocess.CompletedProcess[str]":
    python = find_python(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([python, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def needed(version: str) -> str:
    return f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed; this is {version}."


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("version", OLD)
def test_an_old_python_gets_one_line_that_names_a_command_that_works(version: str, command: str) -> None:
    ended = run_with(version, "-m", command)
    assert ended.stderr == f"{needed(version)} Try: python3.{NEWEST[1]} -m {command}\n"
    assert (ended.returncode, ended.stdout) == (2, "")


@pytest.mark.parametrize("version", ["3.9", "3.10"])
def test_a_command_that_makes_its_environment_says_the_same(version: str, tmp_path: Path) -> None:
    program = f"import pathlib, tools.environment as one; one.prepare(pathlib.Path({str(tmp_path / 'venv')!r}), ())"
    ended = run_with(version, "-c", program)
    assert (ended.returncode, ended.stderr) == (1, needed(version) + "\n")


def newer_syntax(tree: ast.AST) -> list[str]:
    """What Python 2.7 cannot read, of what could be written here."""
    new = (ast.AnnAssign, ast.JoinedStr, ast.NamedExpr, ast.AsyncFunctionDef, ast.Match, ast.Nonlocal)
    found = [type(node).__name__ for node in ast.walk(tree) if isinstance(node, new)]
    return found + [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_annotated(node)]


def _is_annotated(node: ast.FunctionDef) -> bool:
    return node.returns is not None or any(one.annotation for one in node.args.args)


@pytest.mark.parametrize("name", [*READ_BY_OLD, *(f"{command}/__main__.py" for command in COMMANDS)])
def test_what_an_old_python_reads_has_no_newer_syntax(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert newer_syntax(ast.parse(text)) == []
    assert text.isascii(), "Python 2.7 wants a declared encoding for anything else"


@pytest.mark.parametrize("text", ["x: int = 1", "f'{x}'", "def f(x: int): pass", "def f() -> int: pass", "(x := 1)"])
def test_newer_syntax_is_seen(text: str) -> None:
    assert newer_syntax(ast.parse(text)) != []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_version_is_checked_before_any_other_of_our_modules_is_read(command: str) -> None:
    statements = ast.parse((ROOT / command / "__main__.py").read_text(encoding="utf-8")).body
    names = [one.module for one in statements if isinstance(one, ast.ImportFrom)]
    check = next(index for index, one in enumerate(statements) if ast.unparse(one).startswith("if IS_TOO_OLD:"))
    before = [one.module for one in statements[:check] if isinstance(one, ast.ImportFrom)]
    assert before == ["tools.python_version"] == names[:1]
