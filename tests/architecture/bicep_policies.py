"""Checkov's policies over bicep/, in an environment of its own: `python -m tests.architecture.bicep_policies`.

Checkov pins an older parser, which cannot read a file that begins with `extension`: the one
below is held to its rules by tests/architecture/test_bicep_registrations.py instead.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CANNOT_READ = ["registrations.bicep"]
FEWEST_CHECKS = 30
"""Checkov says nothing of files that it did not find: so many policies at least must have been tried."""


def report() -> dict[str, Any]:
    """Checkov's own report."""
    command = [sys.executable, "-m", "checkov.main", "--config-file", "bicep/checkov.yaml", "--output", "json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not ended.stdout.lstrip().startswith("{"):
        raise SystemExit(f"checkov did not run (exit {ended.returncode}): {ended.stderr[-1000:]}")
    made: dict[str, Any] = json.loads(ended.stdout)
    return made


def complaints(results: dict[str, Any]) -> list[str]:
    """What is wrong, one line each."""
    failed = [f"{one['check_id']} {one['resource']}: {one['check_name']}" for one in results["failed_checks"]]
    unread = sorted(Path(name).name for name in results["parsing_errors"])
    if unread != CANNOT_READ:
        failed.append(f"checkov could not read {unread}; expected were {CANNOT_READ}")
    if len(results["passed_checks"]) < FEWEST_CHECKS:
        failed.append(f"only {len(results['passed_checks'])} checks passed")
    return failed


def main() -> int:
    results = report()["results"]
    wrong, passed = complaints(results), len(results["passed_checks"])
    skipped = [f"skipped {one['check_id']} {one['resource']}: {reason(one)}" for one in results["skipped_checks"]]
    summary = f"{passed} policies passed, {len(wrong)} failed, {len(skipped)} skipped beside their resource"
    sys.stdout.write("\n".join([*skipped, *wrong, summary, ""]))
    return 1 if wrong else 0


def reason(check: dict[str, Any]) -> str:
    return str(check["check_result"].get("suppress_comment", "").strip())


if __name__ == "__main__":
    sys.exit(main())
