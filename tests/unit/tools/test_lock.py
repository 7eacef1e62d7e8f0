import subprocess
from pathlib import Path

import pytest

from tools import lock as module
from tools.lock import Lock, command, first_line, is_current, make, read_options, without_settings

APP, LOCAL = Lock("requirements"), Lock("requirements-local")


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two sources, one bound by the other's lock, and both locks as they would be made; uv is not run."""
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)
    (tmp_path / "requirements.in").write_text("one==1\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("one==1 \\\n    --hash=sha256:00\n", encoding="utf-8")
    (tmp_path / "requirements-local.in").write_text("-r requirements.in\n-c requirements.txt\ntwo==2\n")
    (tmp_path / "requirements-local.txt").write_text("one==1\ntwo==2\n", encoding="utf-8")
    for lock in (APP, LOCAL):
        make(lock, [])
    return tmp_path


@pytest.mark.usefixtures("project")
def test_a_lock_is_current_once_it_is_made() -> None:
    assert is_current(APP)
    assert is_current(LOCAL)


def test_a_lock_is_stale_when_its_source_changes(project: Path) -> None:
    (project / "requirements-local.in").write_text("-r requirements.in\n-c requirements.txt\n", encoding="utf-8")
    assert is_current(APP)
    assert not is_current(LOCAL)


def test_a_lock_is_stale_when_a_source_that_it_includes_changes(project: Path) -> None:
    (project / "requirements.in").write_text("one==1.1\n", encoding="utf-8")
    assert not is_current(APP)
    assert not is_current(LOCAL)


def test_a_lock_is_stale_when_the_lock_that_binds_it_changes(project: Path) -> None:
    (project / "requirements.txt").write_text("one==1\nthree==3\n", encoding="utf-8")
    assert not is_current(LOCAL)


def test_making_a_lock_again_leaves_one_first_line(project: Path) -> None:
    make(APP, [])
    lines = (project / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [first_line(APP), "one==1 \\", "    --hash=sha256:00"]


def test_nothing_of_this_machine_reaches_uv() -> None:
    theirs = {
        "PATH": "/bin",
        "PIP_FIND_LINKS": "/wheels",
        "UV_INDEX_URL": "https://index.example",
        "PIP_INDEX_URL": "x",
    }
    assert without_settings(theirs) == {"PATH": "/bin"}
    assert "--no-config" in command(APP, [])
    assert not any(word.startswith("/") for word in command(APP, [])[1:])


def test_pins_are_kept_unless_an_upgrade_is_asked_for() -> None:
    assert read_options([]) == []
    assert read_options(["--upgrade"]) == ["--upgrade"]
    assert read_options(["--upgrade-package", "idna"]) == ["--upgrade-package", "idna"]
