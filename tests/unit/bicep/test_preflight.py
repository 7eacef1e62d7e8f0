"""First looks: all that is missing comes in one list, and nothing has been begun."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bicep.preflight import azure
from bicep.preflight.looks import LOOKS
from tests.peers.azure_cli.world import PROVIDERS
from tests.unit.bicep.conftest import Start

MISSING: list[tuple[dict[str, Any], str]] = [
    ({"cli": "2.60.0"}, "the Azure CLI is 2.60.0; 2.76.0 or later is needed: az upgrade"),
    ({"bicep": "0.30.3"}, "Bicep is 0.30.3; 0.36.1 or later is needed: az bicep upgrade"),
    ({"drivers": ["SQLite"]}, "ODBC Driver 18 for SQL Server is not installed"),
    ({"signed_in": False}, "no user is signed in to Azure: az login"),
    (
        {"no_token": ["https://vault.azure.net"]},
        "multi-factor authentication): az login --scope https://vault.azure.net/",
    ),
    ({"has_group": False}, "az group create --name caleta --location uksouth"),
    ({"registered": [*PROVIDERS[1:]]}, "Production to run: az provider register --namespace Microsoft.App --wait"),
    ({"actions": ["*/read"]}, "may not Microsoft.Resources/deployments/write, Microsoft.Authorization/roleAssignm"),
    ({"may_register": False}, "may not register applications. Ask an administrator of Entra ID for the role App"),
    ({"may_register": False, "is_user": False}, "the application permission Application.ReadWrite.OwnedBy"),
    ({"other_owner": True}, "is no owner of the app registration Caleta Cost Review, review desk. Add its object id"),
    ({"is_member": False}, "is no member of the group 99999999-aaaa-4aaa-8aaa-999999999999"),
    ({"deleted_vault": "caleta-nurmm64wdzt6k"}, "az keyvault recover --name caleta-nurmm64wdzt6k"),
    ({"deleted_application": "Caleta"}, "az rest --method post --url https://graph.microsoft.com/v1.0/directory/de"),
]


@pytest.mark.parametrize(("chosen", "said"), MISSING, ids=lambda value: str(value)[:60])
def test_what_is_missing_is_said_with_what_to_do_and_nothing_is_begun(
    start: Start, capsys: pytest.CaptureFixture[str], chosen: dict[str, Any], said: str
) -> None:
    deploying = start(**chosen)
    assert deploying.run() == 1
    printed = capsys.readouterr().err
    assert printed.startswith("Stopped. Nothing was begun. Missing:\n- ")
    assert said in printed
    assert deploying.machine.changes() == []


def test_all_that_is_missing_comes_in_one_list(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(cli="2.60.0", registered=[*PROVIDERS[2:]], is_member=False, deleted_vault="caleta-x")
    assert deploying.run() == 1
    assert capsys.readouterr().err.count("\n- ") == 5


def test_nothing_missing_is_nothing_said(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    start().run("--what-if")
    assert "Missing" not in capsys.readouterr().err


def test_a_pipeline_deploys_as_an_engineer_does(start: Start) -> None:
    assert start(is_user=False).run() == 0


def test_what_cannot_be_looked_at_is_said_and_stops_nothing(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(fails="list-deleted")
    assert deploying.run() == 0
    assert "not checked: No deleted key vault of this resource group keeps the name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("param baseUrl = 'http://review.caleta.example'", "is not https://<name> without a slash at the end"),
        ("param baseUrl = 'https://review.caleta.example/'", "is not https://<name> without a slash at the end"),
        ("param onCallEmail = 'on-call@example.com'", "still has values of the example"),
        ("param budget = { amount: 500, startDate: '2027-01-02' }", "is not the first day of a month"),
        ("param budget = { amount: 500, startDate: '2020-01-01' }", "is in the past"),
    ],
)
def test_a_wrong_value_is_said(start: Start, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    deploying = start()
    name = line.split()[1]
    kept = [one for one in deploying.file.read_text().splitlines() if f"param {name} " not in one]
    deploying.file.write_text("\n".join([*kept, line, ""]))
    assert deploying.run() == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("begins", "code"), [("2020-01-01", 0), ("2026-10-01", 1)])
def test_a_budget_keeps_its_first_month(start: Start, begins: str, code: int) -> None:
    deploying = start(budgets={"caleta-budget": begins})
    with deploying.file.open("a") as opened:
        opened.write("param budget = { amount: 500, startDate: '2020-01-01' }\n")
    assert deploying.run() == code


def test_a_budget_may_begin_this_month(start: Start) -> None:
    deploying = start()
    with deploying.file.open("a") as opened:
        opened.write(f"param budget = {{ amount: 500, startDate: '{datetime.now(UTC):%Y-%m}-01' }}\n")
    assert deploying.run() == 0


def test_a_parameter_file_that_was_copied_elsewhere_does_not_lead_to_the_template(
    start: Start, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    deploying = start()
    deploying.file = tmp_path / "production.bicepparam"
    deploying.file.write_text("using 'main.bicep'\n")
    assert deploying.run() == 1
    assert "move the file into bicep/ and write using 'main.bicep'" in capsys.readouterr().err
    deploying.file = tmp_path / "none.bicepparam"
    assert deploying.run() == 1
    assert "does not exist. Copy bicep/main.example.bicepparam within its folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        ([{"actions": ["*"], "notActions": []}], True),
        ([{"actions": ["*"], "notActions": ["Microsoft.Authorization/*/Write"]}], False),
        ([{"actions": ["Microsoft.Authorization/roleAssignments/*"]}], True),
        ([{"actions": ["*"], "notActions": ["*/write"]}, {"actions": ["Microsoft.Authorization/*"]}], True),
        ([], False),
    ],
)
def test_an_action_is_allowed_by_any_role_that_does_not_take_it_back(
    granted: list[dict[str, list[str]]], *, expected: bool
) -> None:
    assert azure.is_allowed("Microsoft.Authorization/roleAssignments/write", granted) is expected


def test_every_look_says_what_it_looks_at() -> None:
    assert [look.__name__ for look in LOOKS if not look.__doc__] == []
