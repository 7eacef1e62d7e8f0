import json

import pytest

from shared.arm.metric_catalogue import METRICS
from shared.core.azure_names import FILE, region_name, type_name
from shared.core.inventory_properties import PROPERTIES

WITHOUT_A_NAME = {"microsoft.web/certificates", "microsoft.insights/autoscalesettings"}
"""Microsoft's list has none."""


def test_a_type_is_named_as_people_know_it_whatever_its_case() -> None:
    assert type_name("Microsoft.Compute/virtualMachines") == "Virtual machine"
    assert type_name("microsoft.web/serverfarms") == "App Service plan"


def test_a_region_is_named_as_people_know_it() -> None:
    assert (region_name("uksouth"), region_name("UK South")) == ("UK South", "UK South")


def test_what_has_no_known_name_stays_as_it_is() -> None:
    assert type_name("contoso.things/widgets") == "contoso.things/widgets"
    assert region_name("mars") == "mars"


@pytest.mark.parametrize("resource_type", sorted({*PROPERTIES, *METRICS} - WITHOUT_A_NAME))
def test_every_type_that_we_read_more_of_has_a_name(resource_type: str) -> None:
    assert type_name(resource_type) != resource_type


def test_the_list_says_where_it_comes_from() -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    assert content["source"].startswith("https://github.com/microsoft/")
    assert content["licence"].startswith("MIT")
