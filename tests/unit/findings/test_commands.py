"""The commands of findings; that the Azure CLI takes each is tested with the commands of the documents."""

import pytest

from findings.commands import CHANGE, command_for, command_of, in_words
from findings.registry import RULES
from findings.rule import Rule
from shared.core.findings import AffectedResource, Measure

BY_NAME = {rule.name: rule for rule in RULES}
ID = "/subscriptions/s/resourcegroups/rg-shop/providers/microsoft.containerservice/managedclusters/shop"


def test_each_change_is_of_a_check_that_there_is() -> None:
    assert set(CHANGE) <= set(BY_NAME)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.measure is Measure.REMOVE], ids=lambda rule: rule.name)
def test_what_is_deleted_has_a_command_for_each_of_its_types(rule: Rule) -> None:
    assert all(command_of(rule, kind).startswith("az ") for kind in rule.resource_types)


def test_a_stopped_machine_is_deallocated_and_not_deleted() -> None:
    assert in_words(BY_NAME["stopped_machines"]) == "az vm deallocate --ids ID"


def test_a_command_names_the_resource_by_its_id_or_by_group_and_name() -> None:
    cluster = AffectedResource(ID, "shop", "microsoft.containerservice/managedclusters", "s", "rg-shop", None)
    assert command_for(BY_NAME["stopped_clusters"], cluster) == f"az resource delete --ids {ID}"
    free = command_for(BY_NAME["paid_clusters_in_dev"], cluster)
    assert free == "az aks update --resource-group rg-shop --name shop --tier free"
    assert command_for(BY_NAME["stopped_clusters"], cluster).count("{") == 0


def test_where_a_person_decides_in_the_portal_there_is_none() -> None:
    assert in_words(BY_NAME["intel_machine_sizes"]) == ""
