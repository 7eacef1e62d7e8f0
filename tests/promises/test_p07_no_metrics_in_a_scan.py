"""P07: a scan never pulls a metric: its client refuses to, and no path of its program leads there."""

import re
from pathlib import Path

import pytest

from collectors.registry import COLLECTORS
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS, QUERY_METRICS
from shared.arm.request import ArmRequest
from shared.core.errors import CallNotAllowed
from shared.wiring import Services
from tests.architecture.tree import modules
from tests.arm_replay import ARM, CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.collecting import Surroundings

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL_MACHINE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
METRICS_PATHS = (
    f"{VIRTUAL_MACHINE}/providers/Microsoft.Insights/metrics",
    f"{VIRTUAL_MACHINE}/providers/microsoft.insights/metricDefinitions",
    f"/subscriptions/{SUBSCRIPTION}/metrics:getBatch",
)
SUBSCRIPTIONS_METRICS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/metrics"
SCAN_ENTRIES = ("collectors.plan", "collectors.run", "collectors.finish", "collectors.sweep", "collectors.dead_letters")


@pytest.mark.parametrize("path", METRICS_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("origin", [ARM, "https://uksouth.metrics.monitor.azure.com"])
def test_no_metrics_address_but_the_one_is_in_the_allow_list(path: str, method: str, origin: str) -> None:
    with pytest.raises(CallNotAllowed):
        check(ARM, method, f"{origin}{path}?api-version=2024-02-01", SUBSCRIPTION)


def test_the_one_that_is_allowed_is_on_demand_and_of_resource_manager() -> None:
    assert check(ARM, "POST", f"{ARM}{SUBSCRIPTIONS_METRICS}?api-version=2024-02-01", SUBSCRIPTION) is QUERY_METRICS
    assert [endpoint for endpoint in ENDPOINTS if endpoint.on_demand] == [QUERY_METRICS]
    url = f"https://uksouth.metrics.monitor.azure.com{SUBSCRIPTIONS_METRICS}?api-version=2024-02-01"
    with pytest.raises(CallNotAllowed):
        check(ARM, "POST", url, SUBSCRIPTION)


def test_the_client_of_scans_sends_no_byte_of_a_metrics_call() -> None:
    wire = Wire(Reply(body={}))
    with pytest.raises(CallNotAllowed):
        client(wire).send(ArmRequest(QUERY_METRICS, SUBSCRIPTION, {"region": "uksouth"}, {}), Tokens())
    assert wire.sent == []


def test_only_the_reviewers_client_may(tmp_path: Path) -> None:
    parts = Services(Surroundings(tmp_path).settings)
    assert not parts.arm._on_demand
    assert parts.on_demand_arm._on_demand


def test_no_collector_of_a_scan_reads_metrics() -> None:
    for collector in COLLECTORS:
        asked = " ".join(str(call) for call in collector.requests(CONTEXT))
        assert not re.search(r"(?i)microsoft\.insights|metric", asked + collector.name + collector.endpoint.path)
        assert not collector.endpoint.on_demand


def reached_from(entries: tuple[str, ...]) -> set[str]:
    """The modules that these import, and those that they import, and so on."""
    by_name = {module.name: module for module in modules()}
    reached, waiting = set[str](), [*entries]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in reached:
            reached.add(name)
            waiting += by_name[name].imports
    return reached


def test_no_path_of_a_scans_program_leads_to_the_metrics() -> None:
    reached = reached_from(SCAN_ENTRIES)
    assert "collectors.step_work" in reached
    assert not reached & {"collectors.metrics", "collectors.operator_jobs", "shared.metric_catalogue"}


def test_one_module_asks_for_metrics_and_one_holds_the_reviewers_client() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in ("collectors", "shared", "web", "findings", "retention")
        for path in (ROOT / room).rglob("*.py")
    }
    assert [name for name, text in sources.items() if "QUERY_METRICS" in text] == [
        "collectors/metrics.py", "shared/arm/endpoints.py",
    ]  # fmt: skip
    assert {name for name, text in sources.items() if "on_demand_arm" in text} == {
        "collectors/metrics.py", "shared/wiring.py",
    }  # fmt: skip
    assert not [name for name, text in sources.items() if "metrics.monitor" in text]
