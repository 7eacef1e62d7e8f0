import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment as module
from tools.environment import NotPrepared, prepare


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What is run instead of running it; a requirements file that includes another."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    (tmp_path / "requirements.txt").write_text("one==1\n", encoding="utf-8")
    (tmp_path / "requirements-local.txt").write_text("-r requirements.txt\ntwo==2\n", encoding="utf-8")
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


def test_a_changed_file_is_installed_even_when_another_includes_it(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    (tmp_path / "requirements.txt").write_text("one==1.1\n", encoding="utf-8")
    prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert installs(commands) == 2


def test_an_environment_that_does_not_run_is_made_anew(commands: list[list[str]], tmp_path: Path) -> None:
    prepare(tmp_path / "venv", ())
    assert commands == [[sys.executable, "-m", "venv", "--clear", str(tmp_path / "venv")]]


@pytest.mark.usefixtures("commands")
def test_too_old_a_python_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0, "final", 0))
    with pytest.raises(NotPrepared, match=r"this is 3\.10"):
        prepare(tmp_path / "venv", ())


@pytest.mark.usefixtures("commands")
def test_a_failed_installation_leaves_no_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed = subprocess.CompletedProcess[bytes]([], 1)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: failed if "install" in command else None)
    monkeypatch.setattr(module, "_runs", lambda _: True)
    with pytest.raises(NotPrepared, match=r"requirements-local\.txt"):
        prepare(tmp_path / "venv", ("requirements-local.txt",))
    assert list((tmp_path / "venv").glob("prepared-*")) == []


def test_only_the_standard_library_is_needed_before_the_environment_exists() -> None:
    code = "import local.__main__, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(module.ROOT)!r}); {code}"]
    names = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert names - set(sys.stdlib_module_names) - {"__main__", "local", "tools"} == set()
