"""The command line of `python3 -m tests`: prepares itself, then runs lint, types, tests and browser.

Standard library only until the virtual environment exists. Words after the command go
to pytest: `python3 -m tests tests/unit -k refund` runs just those, without lint and types.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.machine import find_browser, find_odbc, find_python
from tools.environment import prepare
from tools.python_version import DEPLOYED

ROOT = Path(__file__).resolve().parents[1]

APART = ("tests/worker", "tests/benchmarks")
"""Not in a lane: another Python's, and what wants the machine to itself."""

COMPUTING = ("tests/unit", "tests/promises", "tests/telemetry")
"""The lane that computes. All else waits for processes, sockets and a browser for much of its time: side by
side the two take little longer than one."""


def run(title: str, *command: str | Path, **environment: str) -> bool:
    """Runs one part and says how it ended."""
    print(f"\n== {title}", flush=True)
    ended = subprocess.run([str(word) for word in command], cwd=ROOT, env={**os.environ, **environment}, check=False)
    if ended.returncode:
        print(f"== {title}: FAILED (exit {ended.returncode})", flush=True)
    return ended.returncode == 0


def worker_tests() -> bool:
    """Microsoft's worker library exists for Python 3.13 and later only: it runs apart when this one is older."""
    found = find_python(DEPLOYED)
    if found is None:
        print(f"\n== SKIPPED: tests/worker needs Python {DEPLOYED}, which this machine lacks", flush=True)
        return True
    python = prepare(ROOT / f".venv-{DEPLOYED}", ("requirements-worker.txt",), interpreter=found)
    return run(f"worker on Python {DEPLOYED}", python, "-m", "pytest", "tests/worker")


def lanes(python: Path, browser: str) -> bool:
    """The rest of the tests in two processes; what the waiting ones say follows when the computing ones have ended."""
    waiting = [f"--ignore={folder}" for folder in (*APART, *COMPUTING)]
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(
            [str(python), "-m", "pytest", *waiting],
            cwd=ROOT,
            env={**os.environ, "BROWSER": browser},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        computed = run("pytest: what computes", python, "-m", "pytest", *COMPUTING, BROWSER=browser)
        ended = beside.wait()
        print("\n== pytest: what waits for processes, sockets and a browser", flush=True)
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        print(f"== exit {ended}", flush=True)
    return computed and ended == 0


def cli_commands() -> bool:
    """The Azure CLI is as large as all else together: it too runs in an environment of its own."""
    python = prepare(ROOT / ".venv-az", ("requirements-az.txt",))
    return run("Azure CLI: every az command of code and documents", python, "-m", "tests.architecture.az_cli")


def policies() -> bool:
    """Checkov pins other versions of what the app is made of: it runs in an environment of its own."""
    python = prepare(ROOT / ".venv-checkov", ("requirements-checkov.txt",))
    return run("checkov: policies over what bicep/ deploys", python, "-m", "tests.architecture.bicep_policies")


def everything(python: Path) -> bool:
    """Every part runs, whatever the earlier ones said."""
    browser = find_browser()
    if browser is None:
        print("== SKIPPED LATER: no Chromium on this machine and none could be installed", flush=True)
    if not find_odbc():
        print("== SKIPPED LATER: no unixODBC here: Microsoft's SQL Server driver cannot be asked", flush=True)
    results = [
        run("ruff: lint", python, "-m", "ruff", "check", "."),
        run("ruff: format", python, "-m", "ruff", "format", "--check", "."),
        run("mypy", python, "-m", "mypy"),
        policies(),
        cli_commands(),
        worker_tests(),
        run("pytest: benchmarks", python, "-m", "pytest", "tests/benchmarks"),
        lanes(python, str(browser or "")),
    ]
    return all(results)


def main(words: list[str]) -> int:
    python = prepare(ROOT / ".venv", ("requirements-dev.txt",))
    if words:
        return 0 if run("pytest", python, "-m", "pytest", *words, BROWSER=str(find_browser() or "")) else 1
    passed = everything(python)
    print("\n== everything passed" if passed else "\n== something failed: see the parts above", flush=True)
    return 0 if passed else 1
