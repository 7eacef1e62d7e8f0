"""Azure refuses nothing of what is deployed that the compiler takes; each refusal is shown to be noticed."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bicep.preflight.azure import PROVIDERS
from tests.architecture.bicep_snapshot import deployed, snapshot
from tests.peers.azure_cli.refusals import Tenant, refusals

FIRST = Tenant(registered=frozenset(PROVIDERS))
Change = Callable[[dict[str, Any]], None]


def changed(kind: str, change: Change) -> list[dict[str, Any]]:
    """What is deployed, with each resource of a type changed."""
    found: list[dict[str, Any]] = copy.deepcopy(snapshot()["predictedResources"])
    for one in found:
        if one["type"] == kind:
            change(one["properties"])
    return found


def test_azure_refuses_nothing_of_a_first_deployment() -> None:
    assert refusals(snapshot()["predictedResources"], FIRST) == []


def test_every_provider_of_the_templates_is_looked_at_before_a_deployment() -> None:
    """And Microsoft.App, to which the app's subnet is delegated."""
    unchecked = {"Microsoft.Graph", "Microsoft.Authorization"}  # no provider at all; always registered
    assert {one.type.partition("/")[0] for one in deployed()} - unchecked | {"Microsoft.App"} == set(PROVIDERS)


def ftps(properties: dict[str, Any]) -> None:
    properties["siteConfig"]["ftpsState"] = "Disabled"


def worker_runtime(properties: dict[str, Any]) -> None:
    properties["siteConfig"]["appSettings"].append({"name": "FUNCTIONS_WORKER_RUNTIME", "value": "python"})


def two_periods(properties: dict[str, Any]) -> None:
    properties["criteria"]["allOf"][0]["failingPeriods"] = {"numberOfEvaluationPeriods": 300}


def validated(properties: dict[str, Any]) -> None:
    del properties["skipQueryValidation"]


def undivided(properties: dict[str, Any]) -> None:
    del properties["criteria"]["allOf"][0]["dimensions"]


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("Microsoft.Web/sites", ftps, "51021.*ftpsState"),
        ("Microsoft.Web/sites", worker_runtime, "51021.*FUNCTIONS_WORKER_RUNTIME"),
        ("Microsoft.Insights/scheduledQueryRules", two_periods, "48 hours"),
        ("Microsoft.Insights/scheduledQueryRules", validated, "semantic error"),
        ("Microsoft.Insights/metricAlerts", undivided, "never fires"),
    ],
)
def test_what_azure_refuses_is_noticed(kind: str, change: Change, said: str) -> None:
    found = refusals(changed(kind, change), FIRST)
    assert found
    assert [text for text in found if not re.search(said, text)] == []


def test_a_provider_that_is_not_registered_is_noticed() -> None:
    (found,) = refusals(snapshot()["predictedResources"], Tenant(registered=frozenset(PROVIDERS) - {"Microsoft.App"}))
    assert "'Microsoft.App' is registered" in found


def test_administrators_of_a_server_that_exists_are_noticed() -> None:
    assert len(refusals(snapshot()["predictedResources"], replace(FIRST, server_exists=True))) == 1


def test_names_that_are_held_and_applications_of_others_are_noticed() -> None:
    vault = snapshot()["outputs"]["keyVaultName"]
    assert len(refusals(snapshot()["predictedResources"], replace(FIRST, deleted_names=frozenset({vault})))) == 1
    names = [one.properties["uniqueName"] for one in deployed("Microsoft.Graph/applications")]
    others = replace(FIRST, owners={name: frozenset({"another"}) for name in names}, deployer="me")
    assert len(refusals(snapshot()["predictedResources"], others)) == len(names)
    assert refusals(snapshot()["predictedResources"], replace(others, deployer="another")) == []


def test_a_budget_that_begins_in_the_past_is_noticed() -> None:
    def budget(begins: str) -> dict[str, Any]:
        return {"type": "Microsoft.Consumption/budgets", "properties": {"timePeriod": {"startDate": begins}}}

    assert len(refusals([budget("2026-10-01"), budget("2026-12-15")], FIRST)) == 2
    assert refusals([budget("2026-11-01"), budget("2027-01-01")], FIRST) == []
