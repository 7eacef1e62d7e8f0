"""What is deployed: the app, and nothing of how it is made."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bicep import package as package_module
from bicep.package import build, contents, is_left_out, main, summary
from tests.architecture.tree import SHIPPED_ROOMS, shipped
from tools import sbom
from tools.licences import Licences

MAX_BYTES = 1_500_000
"""A size that no one reaches without noticing."""

NEVER_SHIPPED = (
    "tests/",
    "local/",
    "bicep/",
    "docs/",
    "tools/",
    "requirements-",
    ".",
    "README",
    "pyproject",
    "local.settings",
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("package") / "package.zip")


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that runs this test is the one that the command would prepare."""
    monkeypatch.setattr(package_module, "prepare", lambda *_: Path(sys.executable))
    monkeypatch.setattr(package_module, "continue_in", lambda *_: None)


def names(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as opened:
        return opened.namelist()


def test_it_holds_no_test_no_local_file_no_bicep_file_and_no_document(package: Path) -> None:
    assert [name for name in names(package) if name.startswith(NEVER_SHIPPED) or name.endswith(".md")] == []


def test_it_holds_everything_that_ships(package: Path) -> None:
    held = set(names(package))
    assert {module.path.name for module in shipped() if module.room == "function_app"} <= held
    assert {"host.json", "requirements.txt", "function_app.py"} <= held
    assert {name.split("/")[0] for name in held if "/" in name} <= set(SHIPPED_ROOMS)
    assert {"web/static/app.css", "web/templates/layout/base.html", "shared/sql/migrations/env.py"} <= held


def test_its_size_is_printed_and_small(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{summary(package)}\n")
    assert package.stat().st_size < MAX_BYTES


def test_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    once, again = build(tmp_path / "once.zip"), build(tmp_path / "again.zip")
    assert once.read_bytes() == again.read_bytes()


def test_the_app_is_imported_from_it_alone(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as opened:
        opened.extractall(tmp_path)
    program = (
        "import pathlib, function_app, shared.wiring, web.customer.blueprint\n"
        "places = {pathlib.Path(one.__file__).parent for one in (function_app, shared.wiring)}\n"
        "print(len(function_app.app.get_functions()), *places)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False, env={}
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    functions, *places = ended.stdout.split()
    assert int(functions) > 20
    assert [place for place in places if not Path(place).is_relative_to(tmp_path)] == []


@pytest.mark.parametrize(
    ("path", "pattern"),
    [("a/tests/x.py", "tests/"), (".ci/run", ".*"), ("a/.hidden", ".*"), ("docs/x.md", "*.md"), ("x/y.pyc", "*.pyc")],
)
def test_a_pattern_leaves_out_what_git_would(path: str, pattern: str) -> None:
    assert is_left_out(path, (pattern,))


@pytest.mark.parametrize(
    ("path", "pattern"), [("tests.py", "tests/"), ("a/contests/x.py", "tests/"), ("bicep", "bicep/"), ("a.mdx", "*.md")]
)
def test_a_pattern_leaves_in_what_git_would(path: str, pattern: str) -> None:
    assert not is_left_out(path, (pattern,))


def test_only_what_git_tracks_is_packed() -> None:
    assert [name for name in contents() if "__pycache__" in name or name.endswith(".sqlite")] == []


@pytest.mark.usefixtures("prepared")
def test_what_it_depends_on_is_written_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "package.zip")]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"package.zip", "package.cdx.json", "package.licences.csv"}
    assert "package.cdx.json" in capsys.readouterr().out


@pytest.mark.usefixtures("prepared")
def test_a_refused_licence_leaves_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sbom, "read_licences", lambda: Licences(frozenset({"MIT"}), {}))
    assert main([str(tmp_path / "package.zip")]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "its licence is unknown" in capsys.readouterr().err
