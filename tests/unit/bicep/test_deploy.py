import json
import os
import sys
from pathlib import Path

import pytest

from bicep import deploy
from bicep.deploy import DeploymentFailed, main, outputs, wait_until_it_answers
from bicep.deployment import OUTPUTS
from tests.architecture import bicep_snapshot

MADE = {name: {"type": "String", "value": f"the-{name}"} for name in OUTPUTS}
PROGRAM = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    log.write(json.dumps([{name!r}, *sys.argv[1:], os.environ.get("SQL_URL"), os.environ.get("KEY_VAULT_URL")]) + "\\n")
if {failing!r} and {failing!r} in sys.argv:
    sys.exit(3)
if sys.argv[1:4] == ["deployment", "group", "create"]:
    print(json.dumps({made!r}))
"""


class Machine:
    """Programs of the names that a deployment runs; they only note that they were."""

    def __init__(self, folder: Path, failing: str = "") -> None:
        self.log = folder / "log"
        self.python = folder / "python"
        for name in ("az", "python"):
            program = PROGRAM.format(python=sys.executable, log=str(self.log), name=name, failing=failing, made=MADE)
            (folder / name).write_text(program, encoding="utf-8")
            (folder / name).chmod(0o755)

    def ran(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [" ".join(str(word) for word in json.loads(line)[:4]) for line in lines]

    def environments(self) -> list[list[str | None]]:
        return [json.loads(line)[-2:] for line in self.log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(deploy, "wait_until_it_answers", asked.append)
    return asked


def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str = "") -> Machine:
    made = Machine(tmp_path, failing)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(deploy, "prepare", lambda *_: made.python)
    return made


WHOLE = ["--resource-group", "g", "--parameters", "p.bicepparam", "--from-address", "192.0.2.7"]


def test_infrastructure_schema_key_and_package_come_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    used = machine(tmp_path, monkeypatch)
    assert main(WHOLE) == 0
    assert used.ran() == [
        "python -m bicep.package None",
        "az deployment group create",
        "az sql server update",
        "az sql server firewall-rule",
        "az keyvault update --resource-group",
        "az keyvault network-rule add",
        "python -m shared.sql.migrate mssql+pyodbc://the-sqlServerHostName/the-databaseName",
        "python -m shared.identity.rotate_keys --if-older-than-days",
        "az sql server firewall-rule",
        "az sql server update",
        "az keyvault network-rule remove",
        "az keyvault update --resource-group",
        "az functionapp deployment source",
    ]
    assert used.environments()[7] == [None, "the-keyVaultUri"]
    assert answered == ["https://the-appHostName/healthz"]


def test_a_package_that_cannot_be_built_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    used = machine(tmp_path, monkeypatch, "bicep.package")
    assert main(WHOLE) == 1
    assert used.ran() == ["python -m bicep.package None"]
    assert answered == []


@pytest.mark.parametrize("failing", ["shared.sql.migrate", "shared.identity.rotate_keys", "add"])
def test_doors_are_closed_when_something_fails_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str], failing: str
) -> None:
    used = machine(tmp_path, monkeypatch, failing)
    assert main(WHOLE) == 1
    assert used.ran()[-1] == "az keyvault update --resource-group"
    assert "az functionapp deployment source" not in used.ran()
    assert answered == []


def test_every_door_is_closed_even_if_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    used = machine(tmp_path, monkeypatch, "delete")
    assert main(WHOLE) == 1
    assert used.ran()[-1] == "az keyvault update --resource-group"
    assert answered == []


def test_from_within_the_network_no_door_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    used = machine(tmp_path, monkeypatch)
    assert main(WHOLE[:4]) == 0
    assert [line for line in used.ran() if "sql server" in line or "keyvault" in line] == []
    assert len(answered) == 1


def test_a_rollback_publishes_the_earlier_package_and_touches_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    used = machine(tmp_path, monkeypatch)
    assert main(["--resource-group", "g", "--package", "earlier.zip", "--app-name", "caleta-app"]) == 0
    assert used.ran() == ["az functionapp deployment source"]
    assert answered == ["https://caleta-app.azurewebsites.net/healthz"]


def test_a_rehearsal_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    used = machine(tmp_path, monkeypatch)
    assert main([*WHOLE, "--dry-run"]) == 0
    assert used.ran() == []
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 13
    assert said[1].startswith("az deployment group create --resource-group g ")


@pytest.mark.parametrize(
    "words", [[], ["--parameters", "p", "--package", "z"], ["--package", "z"], ["--parameters", "p", "--app-name", "a"]]
)
def test_what_makes_no_sense_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--resource-group", "g", *words])


def test_the_template_has_every_output_that_is_used() -> None:
    assert set(OUTPUTS) <= bicep_snapshot.outputs()
    assert outputs(json.dumps(MADE))["appName"] == "the-appName"


def test_an_app_that_does_not_answer_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(deploy, "PAUSE_SECONDS", 0.01)
    with pytest.raises(DeploymentFailed, match="does not answer"):
        wait_until_it_answers("http://127.0.0.1:9/healthz")
