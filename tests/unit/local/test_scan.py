import json
import subprocess
import sys
from typing import Any

import pytest

from local.scan import in_words, plain
from tools.environment import ROOT


def scan(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "local", "scan", "--size", "tiny", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def owners() -> "subprocess.CompletedProcess[str]":
    return scan("--json")


def test_stdout_is_one_json_object_of_the_agreed_shape(owners: "subprocess.CompletedProcess[str]") -> None:
    assert owners.returncode == 0, owners.stderr
    result: dict[str, Any] = json.loads(owners.stdout)
    assert {name: set(part) for name, part in result.items() if name != "totals"} == {
        "scan": {"id", "status", "seconds"},
        "coverage": {"steps", "succeeded", "blocked", "skipped", "failed"},
        "rows": {"costs", "inventory", "advisor", "reservations", "savings_plans"},
        "truth": {"rows", "totals"},
        "requests": {"sent", "throttled"},
    }


def test_what_is_stored_equals_what_the_tenant_holds(owners: "subprocess.CompletedProcess[str]") -> None:
    result = json.loads(owners.stdout)
    assert result["scan"]["status"] == "collected"
    assert result["rows"]["costs"] > 100
    assert {"rows": result["rows"], "totals": result["totals"]} == result["truth"]


def test_a_user_without_a_subscription_is_blocked_and_the_exit_code_says_so() -> None:
    ended = scan("--json", "--user", "newcomer")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["scan"]["status"] == "blocked"


def test_an_unknown_user_is_told_who_there_is() -> None:
    ended = scan("--user", "nobody")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "owner@contoso.example" in ended.stderr


def test_amounts_are_written_alike_whoever_they_come_from() -> None:
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
    assert "This is NOT what the simulated tenant holds" in in_words(result)
    assert "Faults that struck" not in in_words(result)
    struck = {"kind": "azure", "struck": {"arm_503": 2}, "words": {"arm_503": "It answers 503"}}
    missing = [{"collector": "costs", "subscription": "Production", "reason": "No."}]
    lines = in_words(result | {"faults": struck, "missing": missing}).splitlines()
    told = ["Faults that struck:", "    2 x arm_503: It answers 503", "Not read:", "  costs of Production: No."]
    assert lines[-4:] == told
