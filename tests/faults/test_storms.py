"""`python3 -m local scan --faults …`: whatever Azure does, a scan ends right or says what is missing."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tools.environment import ROOT


def scanned(kind: str, seed: int) -> dict[str, Any]:
    words = ["--json", "--size", "tiny", "--faults", kind, "--seed", str(seed)]
    command = [sys.executable, "-m", "local", "scan", *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    result: dict[str, Any] = json.loads(ended.stdout)
    assert result["faults"]["kind"] == kind
    return result


@pytest.mark.parametrize("seed", [1, 2])
def test_a_scan_on_a_bad_day_of_azure_reads_everything(seed: int) -> None:
    result = scanned("azure", seed)
    assert sum(result["faults"]["struck"].values()) >= 5
    assert len(result["faults"]["struck"]) >= 3
    assert result["scan"]["status"] == "collected"
    assert result["missing"] == []
    assert {name: result[name] for name in result["truth"]} == result["truth"]


@pytest.mark.parametrize("seed", [3, 5])
def test_a_scan_on_a_hostile_day_names_what_it_could_not_read_and_has_all_the_rest(seed: int) -> None:
    result = scanned("hostile", seed)
    missing, truth = {one["collector"] for one in result["missing"]}, result["truth"]
    assert all(one["reason"] for one in result["missing"])
    assert result["scan"]["status"] == ("partial" if missing else "collected")
    in_part = [one for one in result["missing"] if "not read" in one["reason"] or "could not be read" in one["reason"]]
    unread = result["coverage"]["steps"] - result["coverage"]["succeeded"]
    assert unread <= len(result["missing"]) <= unread + len(in_part)
    for name, count in result["rows"].items():
        assert count <= truth["rows"][name] if name in missing else count == truth["rows"][name]
    if "costs" not in missing:
        assert result["totals"] == truth["totals"]
