"""P07: a scan never pulls a metric; no path of its program can."""

import re
from pathlib import Path

import pytest

from collectors.registry import COLLECTORS
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS
from shared.core.errors import CallNotAllowed
from tests.arm_replay import ARM, CONTEXT, SUBSCRIPTION

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL_MACHINE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
METRICS_PATHS = (
    f"{VIRTUAL_MACHINE}/providers/Microsoft.Insights/metrics",
    f"{VIRTUAL_MACHINE}/providers/microsoft.insights/metricDefinitions",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/metrics",
    f"/subscriptions/{SUBSCRIPTION}/metrics:getBatch",
)


@pytest.mark.parametrize("path", METRICS_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("origin", [ARM, "https://uksouth.metrics.monitor.azure.com"])
def test_a_metrics_address_is_not_in_the_allow_list(path: str, method: str, origin: str) -> None:
    with pytest.raises(CallNotAllowed):
        check(ARM, method, f"{origin}{path}?api-version=2024-02-01", SUBSCRIPTION)


def test_no_collector_of_a_scan_reads_metrics() -> None:
    for collector in COLLECTORS:
        asked = " ".join(str(call) for call in collector.requests(CONTEXT))
        assert not re.search(r"(?i)microsoft\.insights|metric", asked + collector.name + collector.endpoint.path)
    assert not [endpoint for endpoint in ENDPOINTS if "insights" in endpoint.path.lower()]


def test_the_program_of_a_scan_names_no_metrics_service_at_all() -> None:
    sources = [path for room in ("collectors", "shared/arm") for path in (ROOT / room).rglob("*.py")]
    assert len(sources) > 10
    assert not [
        path.name for path in sources if re.search(r"(?i)microsoft\.insights|metrics\.monitor", path.read_text())
    ]
