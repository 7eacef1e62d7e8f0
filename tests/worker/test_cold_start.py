"""How long the app takes to be there: indexing happens while the first request waits."""

import json
import statistics
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT
from tests.benchmarks.first_request import MOST_SECONDS, seconds

MAX_SECONDS = 1.0
RUNS = 5
TRIES = 3
"""A processor that is busy with something else computes more slowly: two more tries."""

HEAVY = (
    "alembic", "azure.data", "azure.identity", "azure.keyvault", "azure.monitor", "azure.servicebus", "cryptography",
    "jinja2", "msal", "opentelemetry.sdk", "pydantic", "pyodbc", "requests", "sqlalchemy",
)  # fmt: skip
"""Imported where they are used, at the first call that needs them."""

PROGRAM = """
import json, sys, time
began = time.process_time()  # of the processor, so that a busy machine does not count
import function_app
taken = time.process_time() - began
print(json.dumps([taken, sorted(sys.modules)]))
"""


def imported() -> tuple[float, list[str]]:
    """Seconds of the processor, and what was loaded, in a process that has nothing yet."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, names = json.loads(ended.stdout)
    return float(seconds), list(names)


def test_importing_the_app_takes_less_than_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    runs = sorted(imported()[0] for _ in range(RUNS))
    with capsys.disabled():
        figures = ", ".join(f"{seconds:.3f}" for seconds in runs)
        sys.stdout.write(
            f"\nimport of function_app, processor seconds in {RUNS} processes: {figures} (at most {MAX_SECONDS})\n"
        )
    assert statistics.median(runs) < MAX_SECONDS


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    _, names = imported()
    assert [name for name in names if name in HEAVY] == []


@pytest.mark.parametrize("kind", MOST_SECONDS)
def test_the_first_request_of_a_cold_instance_waits_for_little_beyond_the_import(kind: str) -> None:
    found: list[float] = []
    while len(found) < TRIES and min(found, default=MOST_SECONDS[kind] + 1) > MOST_SECONDS[kind]:
        found.append(seconds(kind)[1])
    assert min(found) <= MOST_SECONDS[kind], found
