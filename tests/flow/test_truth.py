"""`python3 -m local scan --json`: what is stored equals what the tenant's generator says, whatever the seed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.arm.catalogue import COLLECTED
from tests.support.databases import app_environment
from tools.environment import ROOT

KINDS = len(COLLECTED) - 1
"""Steps per subscription, without the amortized costs that only some need."""

AMORTIZED = 2
"""Subscriptions of a small tenant: one has bought reservations, one takes a query that would not show them."""


def scanned(*words: str) -> dict[str, Any]:
    """The one JSON object of a scan that ended well."""
    command = [sys.executable, "-m", "local", "scan", "--json", *words]
    environment = {**os.environ, **app_environment(Path(f"scan of {words}"))}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def steps(count: int, blocked: int = 0, skipped: int = 0) -> dict[str, int]:
    """The coverage of so many steps of which none failed."""
    succeeded = count - blocked - skipped
    return {"steps": count, "succeeded": succeeded, "blocked": blocked, "skipped": skipped, "failed": 0}


def stored(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result[name] for name in result["truth"]}


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    return scanned("--size", "small")


def test_a_small_tenant_is_read_whole(small: dict[str, Any]) -> None:
    assert small["scan"]["status"] == "collected"
    assert small["coverage"] == steps(4 * KINDS + AMORTIZED)
    assert small["rows"]["costs"] > 15_000
    assert set(small["totals"]) == {"GBP", "USD"}
    assert stored(small) == small["truth"]


def test_the_same_seed_gives_the_same_again(small: dict[str, Any]) -> None:
    assert stored(scanned("--size", "small")) == stored(small) == small["truth"]


@pytest.mark.parametrize(
    ("seed", "size"), [(seed, "tiny") for seed in range(2, 9)] + [(9, "small"), (10, "small"), (4_294_967_296, "small")]
)
def test_ten_other_seeds_are_read_whole_too(seed: int, size: str, small: dict[str, Any]) -> None:
    result = scanned("--seed", str(seed), "--size", size)
    assert result["scan"]["status"] == "collected"
    assert stored(result) == result["truth"]
    assert result["totals"] != small["totals"]


def test_a_user_who_is_refused_half_of_it_gets_the_other_half_and_the_reason(small: dict[str, Any]) -> None:
    result = scanned("--size", "small", "--user", "reader")
    assert result["scan"]["status"] == "partial"
    assert result["coverage"] == steps(4 * KINDS + 1, blocked=2 * KINDS)
    assert stored(result) == result["truth"]
    assert 0 < result["rows"]["costs"] < small["rows"]["costs"]


def test_of_a_hard_estate_everything_that_azure_gives_is_read_and_nothing_fails() -> None:
    result = scanned("--size", "small", "--estate", "hard")
    assert result["scan"]["status"] == "partial"
    assert result["coverage"] == steps(8 * KINDS + AMORTIZED, blocked=1, skipped=4)
    assert stored(result) == result["truth"]


@pytest.mark.parametrize("seed", [2, 11])
def test_what_commitments_cover_and_leave_unused_is_found_to_the_last_digit(seed: int) -> None:
    result = scanned("--seed", str(seed), "--size", "small", "--estate", "committed")
    assert stored(result) == result["truth"]
    assert set(result["commitments"]) == {"GBP", "USD"}
    assert 0 < float(result["commitments"]["GBP"]["coverage"]) < 100
    assert 0 < float(result["commitments"]["GBP"]["utilization"]) < 100
    assert result["drafts"]["monthly_savings"]["billed"]
