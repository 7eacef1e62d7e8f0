"""The pipeline that deploys: no secret, a preview on a pull request, an approval before production."""

import re
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT

FOLDER = ROOT / ".github" / "workflows"
TEXT = (FOLDER / "deploy.yml").read_text(encoding="utf-8")
WORKFLOW: dict[str, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, Any] = WORKFLOW["jobs"]
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def runs(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_no_secret_is_used_and_every_variable_is_in_the_document() -> None:
    assert "secrets." not in TEXT
    assert [name for name in sorted(set(re.findall(r"vars\.(\w+)", TEXT))) if f"`{name}`" not in DOCUMENT] == []


@pytest.mark.parametrize("job", JOBS)
def test_a_job_may_read_the_code_and_sign_in_and_nothing_else(job: str) -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOBS[job]["permissions"] == {"contents": "read", "id-token": "write"}
    assert 0 < JOBS[job]["timeout-minutes"] <= 150
    logins = [step["with"] for step in JOBS[job]["steps"] if step.get("uses", "").startswith("azure/login@")]
    assert [set(login) for login in logins] == [{"client-id", "tenant-id", "subscription-id"}]


def test_a_pull_request_previews_with_an_identity_of_its_own_and_changes_nothing() -> None:
    assert "github.event_name == 'pull_request'" in JOBS["preview"]["if"]
    assert "head.repo.full_name == github.repository" in JOBS["preview"]["if"], "a fork signs in to nothing"
    (command,) = runs("preview")
    assert command.endswith(" --what-if")
    assert "AZURE_PREVIEW_CLIENT_ID" in str(JOBS["preview"]["steps"])
    assert "AZURE_PREVIEW_CLIENT_ID" not in str(JOBS["deploy"]["steps"])


def test_a_deployment_is_started_by_hand_from_main_and_waits_for_an_approval() -> None:
    by_hand = "github.event_name == 'workflow_dispatch' && github.ref == 'refs/heads/main'"
    assert JOBS["deploy"]["if"] == f"{by_hand} && inputs.roll_back_to == ''"
    assert JOBS["roll-back"]["if"] == f"{by_hand} && inputs.roll_back_to != ''"
    assert {JOBS[job]["environment"] for job in ("deploy", "roll-back")} == {"production"}
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is False


def test_the_doors_open_to_the_runners_own_address() -> None:
    for job in ("deploy", "roll-back"):
        assert '--from-address "$(curl ' in "".join(runs(job))


def test_nothing_that_a_user_typed_is_put_into_a_command() -> None:
    assert [run for job in JOBS for run in runs(job) if "${{" in run] == []


def test_actions_are_pinned_by_commit_and_the_same_as_in_ci() -> None:
    used = dict(re.findall(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+\n", TEXT))
    assert len(re.findall(r"uses: ", TEXT)) == len(JOBS) * len(used)
    other = dict(
        re.findall(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) ", (FOLDER / "ci.yml").read_text(encoding="utf-8"))
    )
    assert [name for name in used if name in other and other[name] != used[name]] == []
