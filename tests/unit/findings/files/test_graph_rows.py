"""Properties in files are those that the scan's query would have been answered."""

from datetime import date
from typing import Any

import pytest

from collectors.inventory import QUERY
from findings.files.graph_rows import selected
from simulator.arm.kql import run
from simulator.estate.estate import Estate, month_of
from simulator.estate.records import container_records, resource_record

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_property_has_the_value_that_the_query_gives(seed: int) -> None:
    """The simulated Resource Graph runs the query; the files hold the rows that it ran over."""
    estate = Estate(seed, "small")
    subscription = estate.subscriptions[0]
    present = estate.resources(subscription, month_of(TODAY))
    records = [resource_record(resource, TODAY) for resource in present]
    tables: dict[str, Any] = {
        "resources": lambda: iter(records),
        "resourcecontainers": lambda: container_records(subscription, present),
    }
    answered = {row["id"]: row["selected"] for row in run(QUERY, tables).rows if row.get("selected")}
    assert len(answered) > 200
    for record in records:
        wanted = {name: value for name, value in (answered.get(record["id"]) or {}).items() if value not in (None, "")}
        assert selected(record["type"], record) == wanted, record["id"]


def test_a_member_of_something_else_is_no_value() -> None:
    record = {"properties": {"sku": "Standard", "backendAddressPools": {"not": "a list"}}}
    assert selected("microsoft.network/applicationgateways", record) == {
        "hasBackends": False,
        "routesToBackend": False,
    }
