import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment as module
from tools.environment import NotPrepared, prepare, prepare_node_packages


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What is run instead of running it; a lock."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    (tmp_path / "requirements-local.txt").write_text("two==2 --hash=sha256:00\n", encoding="utf-8")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def installs(commands: list[list[str]]) -> int:
    return sum("install" in command for command in commands)


def test_what_is_installed_is_not_installed_again(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert installs(commands) == 1
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert installs(commands) == 1


def test_a_changed_lock_is_installed(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    (tmp_path / "requirements-local.txt").write_text("two==2 --hash=sha256:01\n", encoding="utf-8")
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert installs(commands) == 2


def test_nothing_is_installed_without_its_hash(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert [command[-3:] for command in commands if "install" in command] == [
        ["--require-hashes", "-r", str(tmp_path / "requirements-local.txt")]
    ]


@pytest.mark.parametrize(("version", "is_made"), [("3 10", True), ("3 11", False), ("3 13", False), ("3 14", True)])
def test_an_environment_of_an_unsupported_python_is_rebuilt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, is_made: bool
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=version)

    monkeypatch.setattr(subprocess, "run", run)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    prepare(tmp_path, ())
    assert any("venv" in command for command in ran) is is_made


def test_an_environment_that_does_not_run_is_rebuilt(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ())
    assert commands == [[sys.executable, "-m", "venv", "--clear", str(tmp_path / "venv")]]


@pytest.mark.usefixtures("commands")
def test_an_unsupported_python_gets_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "FOUND", (3, 14))
    with pytest.raises(NotPrepared, match=r"^Python 3\.11 to 3\.13 is needed; this is"):
        prepare(tmp_path / "venv", ())


@pytest.mark.usefixtures("commands")
def test_a_failed_installation_leaves_no_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = subprocess.CompletedProcess[bytes]([], 1)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: failed if "install" in command else None)
    monkeypatch.setattr(module, "_runs", lambda _: True)
    with pytest.raises(NotPrepared, match=r"requirements-local\.txt"):
        prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert list((tmp_path / "venv").glob("prepared-*")) == []


@pytest.mark.parametrize("command", ["local", "tests"])
def test_only_the_standard_library_is_needed_before_the_environment_exists(command: str) -> None:
    code = f"import {command}.cli, sys; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    words = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(module.ROOT)!r}); {code}"]
    names = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert names - set(sys.stdlib_module_names) - {"__main__", "tools", command} == set()


@pytest.fixture
def lock_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    folder = tmp_path / "judge"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def test_node_packages_are_installed_once_and_by_their_lock_alone(commands: list[list[str]], lock_folder: Path) -> None:
    made = [prepare_node_packages(lock_folder) for _ in range(2)]
    assert len(commands) == 1
    assert commands[0][1:4] == ["ci", "--prefix", str(made[0])]
    assert "--ignore-scripts" in commands[0]
    (lock_folder / "package-lock.json").write_text("{ }", encoding="utf-8")
    prepare_node_packages(lock_folder)
    assert len(commands) == 2


@pytest.mark.usefixtures("commands")
def test_without_npm_it_says_so(lock_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NotPrepared, match="npm is not installed"):
        prepare_node_packages(lock_folder)
