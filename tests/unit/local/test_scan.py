import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.scan import as_text, plain
from shared.arm.catalogue import COLLECTED
from tools.environment import ROOT

pytestmark = pytest.mark.slow


def scan(*words: str, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "local", "scan", "--size", "tiny", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


OPEN_PARTS = ("totals", "amortized_totals", "commitments")
"""The parts that are by currency."""


@pytest.fixture(scope="module")
def owners() -> "subprocess.CompletedProcess[str]":
    return scan("--json")


def test_stdout_is_one_json_object_of_the_agreed_shape(owners: "subprocess.CompletedProcess[str]") -> None:
    assert owners.returncode == 0, owners.stderr
    result: dict[str, Any] = json.loads(owners.stdout)
    assert {name: set(part) for name, part in result.items() if name not in OPEN_PARTS} == {
        "scan": {"id", "status", "seconds"},
        "coverage": {"steps", "succeeded", "blocked", "skipped", "failed"},
        "rows": {kind.name for kind in COLLECTED},
        "drafts": {"count", "monthly_savings"},
        "offers": {"reservations", "savings_plans"},
        "truth": {"rows", "totals", "amortized_totals", "commitments", "drafts", "offers"},
        "requests": {"sent", "throttled"},
    }


def test_what_is_stored_equals_what_the_tenant_holds(owners: "subprocess.CompletedProcess[str]") -> None:
    result = json.loads(owners.stdout)
    assert result["scan"]["status"] == "collected"
    assert result["rows"]["costs"] > 100
    assert {name: result[name] for name in result["truth"]} == result["truth"]


def test_a_user_without_a_subscription_is_blocked_and_the_exit_code_says_so() -> None:
    ended = scan("--json", "--user", "newcomer")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["scan"]["status"] == "blocked"


def test_an_unknown_user_gets_the_list_of_users() -> None:
    ended = scan("--user", "nobody")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "owner@contoso.example" in ended.stderr


def test_a_database_with_the_scan_of_another_estate_is_not_compared(tmp_path: Path) -> None:
    environment = {**os.environ, "SQL_URL": f"sqlite:///{(tmp_path / 'kept.sqlite').as_posix()}"}
    assert scan("--json", environment=environment).returncode == 0
    second = scan("--json", "--seed", "2", environment=environment)
    assert (second.returncode, second.stdout) == (2, "")
    assert "of another estate than this one (seed 2, size tiny, estate plain)" in second.stderr
    assert "nothing was compared" in second.stderr
    same = scan("--json", environment=environment)
    assert (same.returncode, same.stdout) == (2, "")
    assert "of this estate (seed 1" in same.stderr


def test_amounts_are_written_alike_whatever_their_source() -> None:
    assert plain({"USD": "1.2300", "GBP": "100", "EUR": "-0.50", "JPY": "1E+3"}) == {
        "EUR": "-0.5",
        "GBP": "100",
        "JPY": "1000",
        "USD": "1.23",
    }


def test_a_difference_is_said_aloud() -> None:
    result = {
        "scan": {"status": "collected", "seconds": 1},
        "coverage": {"steps": 1, "succeeded": 1, "blocked": 0, "skipped": 0, "failed": 0},
        "rows": {"costs": 1},
        "totals": {"GBP": "1"},
        "truth": {"rows": {"costs": 1}, "totals": {"GBP": "2"}},
        "requests": {"sent": 1, "throttled": 0},
    }
    assert "This is NOT what the simulated tenant holds" in as_text(result)
    assert "Faults that struck" not in as_text(result)
    struck = {"kind": "azure", "struck": {"arm_503": 2}, "words": {"arm_503": "It answers 503"}}
    missing = [{"collector": "costs", "subscription": "Production", "reason": "No."}]
    lines = as_text(result | {"faults": struck, "missing": missing}).splitlines()
    told = ["Faults that struck:", "    2 x arm_503: It answers 503", "Not read:", "  costs of Production: No."]
    assert lines[-4:] == told
