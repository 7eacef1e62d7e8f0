"""The command line of `python3 -m tests`: prepares itself, then runs lint, types, tests and browser.

`--fast` runs lint, types, unit and architecture tests, without those marked slow.

Standard library only until the virtual environment exists. Other words after the command are
passed to pytest: `python3 -m tests tests/unit -k refund` runs just those, without lint and types.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.machine import find_browser, find_odbc, find_python
from tools.environment import ROOT, VENV, prepare
from tools.python_version import DEPLOYED

APART = ("tests/worker", "tests/benchmarks")
"""Not in a lane: another Python's, and what wants the machine to itself."""

COMPUTING = ("tests/unit", "tests/promises", "tests/telemetry")
"""The lane that computes. All else waits for processes, sockets and a browser for much of its time: side by
side the two take little longer than one."""

FAST = ("tests/unit", "tests/architecture")

SLOWEST = ("--durations=25", "--durations-min=1")
MEASURED = ROOT / ".coverage.json"
"""Branch coverage of what ships, by the computing lane alone: only there does one process run both test and code.
pyproject.toml names the folders and the lowest figure that passes."""

MEASURING = ("-m", "slipcover", "--dont-wrap-pytest", "--format", "json", "--out", MEASURED, "--fail-under", "0")
"""Without `fail-under`: slipcover would judge first and then print the figures of one process alone. pytest need not be
wrapped: it rewrites nothing that ships."""


@dataclass(frozen=True)
class Part:
    """A command and what it is called in the output."""

    title: str
    command: tuple[str | Path, ...]

    def start(self, environment: Mapping[str, str], output: int | None = None) -> "subprocess.Popen[bytes]":
        words = [str(word) for word in self.command]
        errors = None if output is None else subprocess.STDOUT
        return subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=errors)


def say(text: str) -> None:
    print(text, flush=True)


def run(title: str, *command: str | Path, **environment: str) -> bool:
    """Runs one part and says how it ended."""
    say(f"\n== {title}")
    return passed(title, Part(title, command).start(environment).wait())


def passed(title: str, code: int) -> bool:
    if code:
        say(f"== {title}: FAILED (exit {code})")
    return code == 0


def run_both(shown: Part, kept: Part, **environment: str) -> bool:
    """Runs two parts at once; the output of the second follows that of the first."""
    with tempfile.TemporaryFile() as output:
        beside = kept.start(environment, output.fileno())
        first = run(shown.title, *shown.command, **environment)
        code = beside.wait()
        say(f"\n== {kept.title}")
        output.seek(0)
        sys.stdout.buffer.write(output.read())
        sys.stdout.flush()
        return passed(kept.title, code) and first


def spread(processes: int) -> tuple[str, ...]:
    """Options that spread pytest over processes, each file's tests in one: they share what they have made."""
    return ("-n", str(processes), "--dist", "loadfile") if processes > 1 else ()


def cores() -> int:
    return os.cpu_count() or 1


def worker_tests() -> bool:
    """Microsoft's worker library exists for Python 3.13 and later only: it runs apart when this one is older."""
    found = find_python(DEPLOYED)
    if found is None:
        say(f"\n== SKIPPED: tests/worker needs Python {DEPLOYED}, which this machine lacks")
        return True
    python = prepare(ROOT / f".venv-{DEPLOYED}", ("requirements-worker.txt",), interpreter=found)
    return run(f"worker on Python {DEPLOYED}", python, "-m", "pytest", "tests/worker")


def lanes(python: Path, browser: str) -> bool:
    """The rest of the tests: those that compute on all cores but one, those that wait beside them."""
    pytest = ("-m", "pytest", *SLOWEST)
    waiting = [f"--ignore={folder}" for folder in (*APART, *COMPUTING)]
    MEASURED.unlink(missing_ok=True)
    has_passed = run_both(
        Part(
            "pytest: what computes, with branch coverage",
            (python, *MEASURING, *pytest, *spread(cores() - 1), *COMPUTING),
        ),
        Part("pytest: what waits for processes, sockets and a browser", (python, *pytest, *waiting)),
        BROWSER=browser,
    )
    return coverage(python) and has_passed


def coverage(python: Path) -> bool:
    """Prints the branch coverage that was measured, and fails if it is lower than it was."""
    return run("branch coverage", python, "-m", "slipcover", "--merge", MEASURED, "--out", MEASURED)


def policies() -> bool:
    """Checkov pins other versions of what the app is made of: it runs in an environment of its own."""
    python = prepare(ROOT / ".venv-checkov", ("requirements-checkov.txt",))
    return run("checkov: policies over what bicep/ deploys", python, "-m", "tests.architecture.bicep_policies")


def focus_rules(python: Path) -> bool:
    """The FOCUS project's validator needs other versions of what the app is made of, too."""
    validator = prepare(ROOT / ".venv-focus", ("requirements-focus.txt",))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "costs-focus.csv"
        return run("FOCUS: a file for its validator", python, "-m", "tests.conformance.focus_file", file) and run(
            "FOCUS: the rules of 1.0", validator, "-m", "tests.conformance.focus_validation", file
        )


def lint(python: Path) -> bool:
    results = [
        run("ruff: lint", python, "-m", "ruff", "check", "."),
        run("ruff: format", python, "-m", "ruff", "format", "--check", "."),
    ]
    return all(results)


def everything(python: Path) -> bool:
    """Every part runs, whatever the earlier ones said."""
    browser = find_browser()
    if browser is None:
        say("== SKIPPED LATER: no Chromium on this machine and none could be installed")
    if not find_odbc():
        say("== SKIPPED LATER: no unixODBC here: Microsoft's SQL Server driver cannot be asked")
    results = [
        lint(python),
        run("mypy", python, "-m", "mypy"),
        policies(),
        focus_rules(python),
        worker_tests(),
        run("pytest: benchmarks", python, "-m", "pytest", "tests/benchmarks"),
        lanes(python, str(browser or "")),
    ]
    return all(results)


def fast(python: Path) -> bool:
    """Lint, types, unit and architecture tests, without those marked slow."""
    tests: tuple[str | Path, ...] = (python, "-m", "pytest", *SLOWEST, *spread(cores()), "-m", "not slow", *FAST)
    results = [
        lint(python),
        run_both(Part("pytest: unit and architecture, none marked slow", tests), Part("mypy", (python, "-m", "mypy"))),
    ]
    return all(results)


@contextmanager
def timed() -> Iterator[None]:
    """Prints what it took, in minutes and in seconds of processor time."""
    began = time.monotonic()
    yield
    used = os.times()
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    say(f"== {minutes} min {seconds} s, {used.children_user + used.children_system:.0f} s of processor time")


def main(words: list[str]) -> int:
    with timed():
        python = prepare(VENV, ("requirements-dev.txt",))
        if words and words != ["--fast"]:
            return 0 if run("pytest", python, "-m", "pytest", *words, BROWSER=str(find_browser() or "")) else 1
        has_passed = fast(python) if words else everything(python)
        say("\n== everything passed" if has_passed else "\n== something failed: see the parts above")
    return 0 if has_passed else 1
