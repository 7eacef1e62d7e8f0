"""A deployment runs to its end, waits for what takes time, and closes the doors whatever happens."""

import dataclasses

import pytest

from bicep.commands import OUTPUTS
from tests.architecture import bicep_snapshot
from tests.peers.azure_cli.world import MACHINE_ADDRESS
from tests.unit.bicep.conftest import Start
from tests.unit.bicep.deploying import Deploying

ORDER = [
    "python -m bicep.package",
    "az deployment group create --resource-group",
    "az sql server update --resource-group",
    "az sql server firewall-rule create",
    "az keyvault update --resource-group caleta",
    "az keyvault network-rule add --resource-group",
    "python -m shared.sql.roles open --app",
    "python -m shared.sql.migrate",
    "python -m shared.sql.roles grant",
    "python -m shared.identity.rotate_keys --if-older-than-days 90",
    "python -m shared.sql.roles close",
    "az sql server firewall-rule delete",
    "az sql server update --resource-group",
    "az keyvault network-rule remove --resource-group",
    "az keyvault update --resource-group caleta",
    "az functionapp deployment source config-zip",
    "az functionapp config access-restriction add",
    "az functionapp config access-restriction remove",
]


def test_package_infrastructure_schema_users_key_and_publication_come_in_this_order(start: Start) -> None:
    deploying = start()
    assert deploying.run() == 0
    assert deploying.machine.changes() == ORDER
    world = deploying.machine.world
    assert (world.has_schema, world.has_users, world.keys, world.published) == (True, True, 1, 1)
    assert world.doors_are_closed


def test_what_is_left_for_a_person_is_printed_with_the_deployments_own_values(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    start().run()
    said = capsys.readouterr().out
    assert "1. The customers' name leads to the app: to do" in said
    assert "CNAME review.caleta.example -> caleta-app.azurewebsites.net" in said
    assert "az ad app permission grant --id 44444444-aaaa-4aaa-8aaa-444444444444" in said
    assert "3. Reviewers have their role: done" in said
    assert "PrimarySmtpAddress -eq 'review@caleta.example'" in said
    assert "appId/33333333-aaaa-4aaa-8aaa-333333333333" in said


def test_a_second_run_changes_nothing_and_sends_no_administrators(start: Start) -> None:
    deploying = start()
    assert deploying.run() == 0
    first = deploying.machine.world
    assert deploying.run() == 0
    second = deploying.machine.world
    created = [words for words in deploying.machine.ran() if words[1:4] == ["deployment", "group", "create"]]
    assert [words[-5] for words in created] == ["sqlServerExists=false", "sqlServerExists=true"]
    assert (second.deployments, second.published) == (2, 2)
    counted = dataclasses.replace(first, deployments=2, published=2, commands=second.commands)
    assert counted == second


@pytest.mark.parametrize("what", ["sql", "login", "vault", "role", "storage", "active"])
def test_what_takes_minutes_to_spread_is_waited_for_with_words(
    start: Start, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    deploying = start(delays={what: 3})
    assert deploying.run() == 0
    assert deploying.slept == 45
    assert capsys.readouterr().err.count("waiting for ") == 3
    assert deploying.machine.world.doors_are_closed


def test_it_is_not_waited_for_ever(start: Start) -> None:
    deploying = start(delays={"login": 1000})
    assert deploying.run() == 1
    assert 600 <= deploying.slept < 700
    assert deploying.machine.world.doors_are_closed


STEPS = ["bicep.package", "roles open", "shared.sql.migrate", "roles grant", "rotate_keys", "rule add"]


@pytest.mark.parametrize("step", STEPS)
def test_no_one_may_change_the_schema_after_a_step_that_fails(start: Start, step: str) -> None:
    deploying = start(fails=step)
    assert deploying.run() == 1
    world = deploying.machine.world
    assert (world.schema_is_open, world.doors_are_closed) == (False, True)


@pytest.mark.parametrize("step", STEPS)
def test_doors_are_closed_when_a_step_fails_and_nothing_is_published(start: Start, step: str) -> None:
    deploying = start(fails=step)
    assert deploying.run() == 1
    assert deploying.slept == 0, "waiting does not help"
    world = deploying.machine.world
    assert world.doors_are_closed
    assert world.published == 0


def test_every_door_is_closed_even_if_one_does_not_close(start: Start) -> None:
    deploying = start(fails="network-rule remove")
    assert deploying.run() == 1
    world = deploying.machine.world
    assert (world.sql_public, world.sql_rules, world.vault_public) == (False, {}, False)


def test_from_within_the_network_no_door_is_opened(start: Start) -> None:
    deploying = start(is_within=True)
    assert deploying.run_only("--resource-group", "caleta", "--parameters", str(deploying.file)) == 0
    doors = ("sql server", "keyvault", "access-restriction")
    assert [line for line in deploying.machine.changes() if any(door in line for door in doors)] == []


def test_an_app_that_never_starts_is_a_failure(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(starts=False)
    assert deploying.run() == 1
    assert "/healthz does not answer" in capsys.readouterr().err
    assert deploying.machine.world.doors_are_closed


def test_stores_that_do_not_answer_the_app_are_named(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    assert start(silent=["database", "tables"]).run() == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == (
        "Stopped. the app runs, but does not reach database (down: OperationalError), tables (down: OperationalError)"
    )


def rollback(deploying: Deploying, *more: str) -> int:
    package = deploying.machine.folder / "earlier.zip"
    package.touch()
    return deploying.run_only("--resource-group", "caleta", "--package", str(package), *more)


DEPLOYED = {"deployments": 1, "has_schema": True, "has_users": True, "keys": 1}


def test_a_rollback_publishes_the_earlier_package_and_waits_at_the_apps_own_host(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    deploying = start(**DEPLOYED)
    assert rollback(deploying, "--from-address", MACHINE_ADDRESS) == 0
    assert deploying.machine.changes() == ORDER[-3:]
    assert deploying.machine.world.doors_are_closed
    assert "https://caleta-app.azurewebsites.net/readyz: every store answers" in capsys.readouterr().err


def test_a_rollback_to_a_package_that_does_not_start_is_a_failure_and_closes_the_door(start: Start) -> None:
    deploying = start(**DEPLOYED, starts=False)
    assert rollback(deploying, "--from-address", MACHINE_ADDRESS) == 1
    assert deploying.machine.world.doors_are_closed


def test_an_app_that_refuses_the_machine_is_not_called_ready(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(**DEPLOYED)
    assert rollback(deploying) == 1
    assert "/healthz does not answer (403)" in capsys.readouterr().err


def test_a_rollback_before_any_deployment_publishes_nothing(start: Start) -> None:
    deploying = start()
    assert rollback(deploying) == 1
    assert deploying.machine.world.published == 0


def test_a_rehearsal_runs_nothing(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start()
    assert deploying.run("--dry-run") == 0
    assert deploying.machine.ran() == []
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(ORDER)
    assert said[1].startswith("az deployment group create --resource-group caleta ")


def test_a_preview_is_azures_own_and_changes_nothing(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(is_member=False)
    assert deploying.run("--what-if") == 0
    said = capsys.readouterr()
    assert "83 to create" in said.out
    assert "is no member of the group" in said.err, "what would stop a deployment is said"
    assert deploying.machine.changes() == ["az deployment group what-if --resource-group"]


def test_a_check_says_later_what_is_done(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    deploying = start(deployments=1)
    assert deploying.run_only("--resource-group", "caleta", "--check") == 0
    assert "2. Users may sign in to the review desk: to do" in capsys.readouterr().out
    deploying.machine.change(lambda world: setattr(world, "consented", True))
    deploying.run_only("--resource-group", "caleta", "--check")
    said = capsys.readouterr().out
    assert "2. Users may sign in to the review desk: done" in said
    assert "4. The app may send from one mailbox: not checked" in said


def test_a_check_before_any_deployment_says_that_there_is_none(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start().run_only("--resource-group", "caleta", "--check") == 1
    assert "DeploymentNotFound" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--parameters", "p", "--package", "z"],
        ["--package", "z", "--check"],
        ["--parameters", "p", "--check"],
        ["--parameters", "p", "--from-address", "192.0.2.0/24"],
    ],
)
def test_what_makes_no_sense_is_refused(start: Start, words: list[str]) -> None:
    with pytest.raises(SystemExit):
        start().run_only("--resource-group", "g", *words)


def test_the_template_has_every_output_that_is_used() -> None:
    assert set(OUTPUTS) <= bicep_snapshot.outputs()
