"""The simulator is a package of its own: a copy of its folder runs with what its own requirements name."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from simulator.configuration import NEUTRAL, InvalidConfiguration, load, to_json
from simulator.faults import KNOWN
from simulator.options import Options, parse
from tools.environment import ROOT
from tools.requirements import asked_for, pins

FOLDER = ROOT / "simulator"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
EMPTY = {name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}
"""No environment but what Windows itself needs."""

START = """
import runpy, sys
sys.path += sys.argv[1:3]
sys.argv = ["simulator", *sys.argv[3:]]
runpy.run_module("simulator", run_name="__main__", alter_sys=True)
"""


def copy_package(name: str, target: Path) -> None:
    """The installed files of one distribution, and of no other."""
    distribution = importlib.metadata.distribution(name)
    tops = {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}
    for top in tops:
        source = Path(str(distribution.locate_file(top)))
        if source.is_dir():
            shutil.copytree(source, target / top, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.suffix != ".pth":
            shutil.copy(source, target / top)


@contextmanager
def running(folder: Path, *words: str) -> Iterator[str]:
    """The address of a simulator that sees the standard library, its copy and its declared packages, nothing else."""
    shutil.copytree(FOLDER, folder / "copy" / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "packages").mkdir()
    installed = {one.metadata["Name"].lower() for one in importlib.metadata.distributions()}
    for pin in pins(FOLDER / "requirements.txt"):
        if pin.name in installed:
            copy_package(pin.name, folder / "packages")
    command = [sys.executable, "-I", "-S", "-B", "-c", START, str(folder / "copy"), str(folder / "packages")]
    process = subprocess.Popen(
        [*command, "--port", "0", *words], cwd=folder, stdout=subprocess.PIPE, text=True, env=EMPTY
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("simulated tenant: http://127.0.0.1:"), line
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def test_a_copy_of_the_folder_runs_with_its_own_requirements_alone(tmp_path: Path) -> None:
    with running(tmp_path, "--size", "tiny") as url:
        assert len(requests.get(f"{url}/_simulation/users", timeout=10).json()["users"]) > 5
        assert requests.get(f"{url}/_simulation/truth", timeout=60).json()["rows"]["costs"] > 100
        keys = requests.get(f"{url}/common/discovery/v2.0/keys", timeout=10).json()["keys"]
        assert keys[0]["kty"] == "RSA", "signing uses its one package"
    assert (tmp_path / ".simulator" / "tenant.sqlite").is_file()


def test_it_names_nothing_of_the_app_that_it_serves() -> None:
    files = [path for path in FOLDER.rglob("*") if path.suffix in (".py", ".md", ".toml", ".json", ".in")]
    assert len(files) > 50
    assert [path.name for path in files if "caleta" in path.read_text(encoding="utf-8").lower()] == []


def test_the_project_declares_what_its_requirements_ask_for() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dependencies"] == asked_for(FOLDER / "requirements.in")
    folders = [FOLDER, *(path.parent for path in FOLDER.glob("*/__init__.py"))]
    packages = sorted(".".join(path.relative_to(ROOT).parts) for path in folders)
    assert sorted(project["tool"]["setuptools"]["packages"]) == packages


def test_the_readme_lists_every_option_with_its_default() -> None:
    shown = dict(re.findall(r"^\| `(--[a-z-]+)` \|.*\| (.*) \|$", README, flags=re.MULTILINE))
    defaults = Options()
    assert set(shown) == {"--" + name.replace("_", "-").removesuffix("s") for name in ("app_urls",)} | {
        f"--{name.replace('_', '-')}" for name in vars(defaults) if name not in ("app_urls", "configuration")
    } | {"--config"}
    assert (shown["--port"], shown["--size"]) == (str(defaults.port), f"`{defaults.size}`")
    assert (shown["--speed-up"], shown["--state-dir"]) == (f"{defaults.speed_up:g}", f"`{defaults.state_dir}`")


def test_the_readme_lists_every_fault_with_its_effect() -> None:
    table = README.partition("## Faults")[2].partition("## Behind")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, flags=re.MULTILINE)) == KNOWN


def test_the_readmes_configuration_is_the_default(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", README, flags=re.DOTALL)
    file = tmp_path / "registration.json"
    file.write_text(example, encoding="utf-8")
    assert load(file) == NEUTRAL
    assert parse(["--config", str(file)]) == Options()


def test_a_configuration_survives_its_file(tmp_path: Path) -> None:
    file = tmp_path / "registration.json"
    file.write_text(to_json(NEUTRAL), encoding="utf-8")
    assert load(file) == NEUTRAL


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mail": None}, "is no configuration"),
        ({"application": {}}, "lacks 'redirect_paths'"),
        ({"mail": {"client_id": "x", "client_secret": "y", "sender": "z", "colour": "red"}}, "colour"),
    ],
)
def test_a_wrong_configuration_is_named_with_what_is_wrong(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    file = tmp_path / "registration.json"
    file.write_text(json.dumps(json.loads(to_json(NEUTRAL)) | change), encoding="utf-8")
    with pytest.raises(InvalidConfiguration, match=message):
        load(file)


def test_a_missing_configuration_ends_the_process_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--config", "missing.json"])
    assert "missing.json cannot be read: No such file or directory" in capsys.readouterr().err
