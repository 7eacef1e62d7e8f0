"""The public outside of the repository: the workflow, dependency updates, hooks, project data."""

import os
import re
import tomllib
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tests.architecture.tree import ROOT
from tools.lock import LOCKS
from tools.python_version import DEPLOYED, NEWEST, OLDEST

PINNED = re.compile(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$")
SUPPORTED = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
WORKFLOW = ROOT / ".github/workflows/ci.yml"


def read(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = read(".github/workflows/ci.yml")["jobs"]
    return found


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job["steps"]
    return found


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in steps(job) if "run" in step]


def test_the_tests_run_as_ci_runs_them_on_every_supported_python(jobs: dict[str, Any]) -> None:
    assert jobs["tests"]["strategy"]["matrix"]["python"] == SUPPORTED
    assert commands(jobs["tests"])[-1] == ".ci/run"
    assert os.access(ROOT / ".ci/run", os.X_OK), "a step can run it only if it is executable"


def test_the_chosen_python_is_the_one_that_runs_and_the_deployed_one_is_there(jobs: dict[str, Any]) -> None:
    asked = next(
        step["with"]["python-version"] for step in steps(jobs["tests"]) if "setup-python" in step.get("uses", "")
    )
    assert asked.split("\n") == [DEPLOYED, "${{ matrix.python }}", ""]


def test_every_action_is_pinned_by_commit_with_its_version_beside_it() -> None:
    uses = re.findall(r"uses: (\S+)(.*)", WORKFLOW.read_text(encoding="utf-8"))
    assert len(uses) >= 6
    assert [name for name, _ in uses if not PINNED.match(name)] == []
    assert [name for name, comment in uses if not re.match(r"^ # v\d+\.\d+\.\d+$", comment)] == []
    assert len({name for name, _ in uses}) == len({name.split("@")[0] for name, _ in uses}), "one version of each"


def test_no_job_may_write_or_keep_a_credential_or_run_for_ever(jobs: dict[str, Any]) -> None:
    assert read(".github/workflows/ci.yml")["permissions"] == {"contents": "read"}
    for name, job in jobs.items():
        assert "permissions" not in job, name
        assert 0 < job["timeout-minutes"] <= 90, name
        checkout = [step for step in steps(job) if step.get("uses", "").startswith("actions/checkout@")]
        assert [step["with"] for step in checkout] == [{"persist-credentials": False}], name


def test_nothing_from_a_pull_request_is_put_into_a_command(jobs: dict[str, Any]) -> None:
    expressions = {
        name for job in jobs.values() for run in commands(job) for name in re.findall(r"\$\{\{(.+?)\}\}", run)
    }
    assert expressions == {" matrix.lock "}


def test_every_lock_but_the_scanner_s_own_is_scanned_for_vulnerabilities(jobs: dict[str, Any]) -> None:
    scanned = jobs["vulnerabilities"]["strategy"]["matrix"]["lock"]
    within = {"requirements-local.txt", "simulator/requirements.txt"}  # of requirements-dev.txt
    assert {*scanned, *within, "requirements-audit.txt"} == {f"{lock.name}.txt" for lock in LOCKS}
    assert "--strict" in commands(jobs["vulnerabilities"])[-1], "otherwise what cannot be looked up passes"


def test_what_runs_in_a_job_is_installed_with_hashes(jobs: dict[str, Any]) -> None:
    installs = [run for job in jobs.values() for run in commands(job) if "pip install" in run]
    assert installs
    assert [run for run in installs if "--require-hashes" not in run] == []


def test_updates_are_proposed_for_packages_and_actions() -> None:
    updates = read(".github/dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "github-actions"}
    folders = {folder for update in updates for folder in update["directories"] if update["package-ecosystem"] == "pip"}
    assert folders == {f"/{lock.source.parent.relative_to(ROOT)}".replace("/.", "/") for lock in LOCKS}


def test_hooks_use_the_tools_of_the_environment_and_download_nothing() -> None:
    (repository,) = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
    assert [hook["id"] for hook in repository["hooks"] if not hook["entry"].startswith(".venv/bin/python -m ")] == []


def test_the_project_says_which_pythons_it_supports_and_takes_its_dependencies_from_one_place() -> None:
    read_project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = read_project["project"]
    allowed = SpecifierSet(project["requires-python"])
    assert [minor for minor in range(8, 20) if f"3.{minor}.1" in allowed] == [int(one[2:]) for one in SUPPORTED]
    assert project["dynamic"] == ["dependencies"]
    assert read_project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": [LOCKS[0].source.name]}
    assert read_project["tool"]["mypy"]["python_version"] == SUPPORTED[0]
    assert read_project["tool"]["ruff"]["target-version"] == f"py{SUPPORTED[0].replace('.', '')}"
