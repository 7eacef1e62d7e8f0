"""Runs the commands of a deployment, or in a rehearsal only prints them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bicep.commands import Command

ROOT = Path(__file__).resolve().parents[1]


class DeploymentFailed(Exception):
    """A step failed; the text says which, and `said` is what the program wrote about it."""

    def __init__(self, text: str, said: str = "") -> None:
        super().__init__(text)
        self.said = said


class Runner:
    """Runs commands in the project's folder."""

    def __init__(self, *, rehearses: bool = False) -> None:
        self.rehearses = rehearses

    def run(self, command: Command) -> str:
        """Return what the program wrote to stdout; its stderr is shown as it comes. Raises DeploymentFailed."""
        print(command, file=sys.stdout if self.rehearses else sys.stderr, flush=True)
        return "" if self.rehearses else Program(command).result()

    def read(self, command: Command) -> str:
        """Return the text that a question answers; nothing is shown. Raises DeploymentFailed."""
        return Program(command, is_shown=False).result()

    def ask(self, command: Command) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the JSON that a question answers; nothing is shown. Raises DeploymentFailed."""
        text = self.read(command)
        try:
            return json.loads(text)
        except json.JSONDecodeError as broken:
            raise DeploymentFailed(f"the answer is not JSON: {command}", text) from broken

    def run_all(self, commands: Sequence[Command]) -> None:
        """Run each, whatever became of the others; raises DeploymentFailed for the first that failed."""
        failures = []
        for command in commands:
            try:
                self.run(command)
            except DeploymentFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]


class Program:
    """One program on its way. `is_shown`: its stderr is copied to ours as it comes."""

    def __init__(self, command: Command, *, is_shown: bool = True) -> None:
        self._command = command
        self._is_shown = is_shown
        self._said: list[str] = []
        self._is_late = False
        try:
            self._process = subprocess.Popen(
                command.words,
                cwd=ROOT,
                env={**os.environ, **command.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        except OSError as missing:
            raise DeploymentFailed(f"{command.words[0]} does not run here: {missing.strerror}") from missing

    def result(self) -> str:
        """Return its stdout once it has ended well; it is killed when it is late or this program is interrupted."""
        copying = threading.Thread(target=self._copy)
        limit = threading.Timer(self._command.seconds, self._give_up)
        with self._process as process:
            copying.start()
            limit.start()
            try:
                written = process.stdout.read() if process.stdout else ""
                process.wait()
            finally:
                limit.cancel()
                process.kill()
                copying.join()
        self._judge(process.returncode)
        return written

    def _judge(self, code: int) -> None:
        said = "".join(self._said)
        reason = "" if self._is_shown else f": {said.strip()}"
        if self._is_late:
            raise DeploymentFailed(f"no end after {self._command.seconds / 60:.0f} minutes: {self._command}", said)
        if code:
            raise DeploymentFailed(f"exit {code}: {self._command}{reason}", said)

    def _give_up(self) -> None:
        self._is_late = True
        self._process.kill()

    def _copy(self) -> None:
        for line in self._process.stderr or ():
            self._said.append(line)
            if self._is_shown:
                sys.stderr.write(line)
                sys.stderr.flush()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no signal end the block or the programs that it starts: they inherit that signals are ignored."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_on_terminate() -> None:
    """Treat SIGTERM, by which pipelines end a job, as Ctrl-C: doors are closed on the way out.

    SIGINT is set too: a job that a shell starts in the background inherits that it is ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
