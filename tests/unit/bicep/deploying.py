"""A deployment in this process, over the stand-in programs."""

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bicep import deploy, next_steps, runner, waiting
from bicep.commands import Command
from bicep.runner import DeploymentFailed
from bicep.waiting import Answer, Clock
from tests.peers.azure_cli.machine import Machine
from tests.peers.azure_cli.program import play
from tests.peers.azure_cli.world import GROUP, MACHINE_ADDRESS, World, changing

ROOT = Path(deploy.__file__).parents[1]
FILE = f"""using '{ROOT}/bicep/main.bicep'
param baseUrl = 'https://review.caleta.example'
param sqlAdministratorGroup = {{ name: 'administrators', objectId: '{GROUP}' }}
param mailSender = 'review@caleta.example'
param reviewersEmail = 'reviewers@caleta.example'
param onCallEmail = 'on-call@caleta.example'
"""


@dataclass(frozen=True)
class Played:
    """A command that was played, in place of a program on its way."""

    command: Command
    code: int
    written: str
    said: str

    def result(self) -> str:
        """What it wrote; raises DeploymentFailed as a program does."""
        if self.code:
            raise DeploymentFailed(f"exit {self.code}: {self.command}: {self.said}", self.said)
        return self.written


class Deploying:
    """One machine and its world; `run` deploys from it."""

    def __init__(self, machine: Machine, patch: pytest.MonkeyPatch) -> None:
        self.machine = machine
        self.file = machine.folder / "production.bicepparam"
        self.file.write_text(FILE, encoding="utf-8")
        self.slept = 0.0
        self.played: Callable[[World], None] = interrupted_if_chosen
        """Called with the world after each command."""
        patch.setattr(runner, "Program", self._program)
        patch.setattr(deploy, "prepare", lambda *_: machine.python)
        patch.setattr(waiting, "fetch", self._fetch)
        patch.setattr(next_steps, "fetch", self._fetch)

    def _program(self, command: Command, *, is_shown: bool = True) -> "Played":
        """Instead of a process: the same stand-in in this one."""
        with changing(self.machine.path) as world:
            name = Path(command.words[0]).name
            code, written, said = play(self.machine.path, world, name, [*command.words[1:]])
        self.played(world)
        if is_shown:
            sys.stderr.write(said)
        return Played(command, code, written, said)

    def run(self, *more: str) -> int:
        """The whole deployment; the exit code."""
        where = ["--resource-group", "caleta", "--parameters", str(self.file), "--from-address", MACHINE_ADDRESS]
        return self.run_only(*where, *more)

    def run_only(self, *words: str) -> int:
        """With these words alone."""
        return deploy.main(words, Clock(now=lambda: self.slept, sleep=self._sleep))

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _fetch(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        """What the app answers, once it is published, at Azure's own name."""
        return app_answers(self.machine, address, headers or {})


def interrupted_if_chosen(world: World) -> None:
    """Ctrl-C, after the command that the test chose: the real signal, which the deployment may ignore."""
    if world.commands == world.ends_at:
        signal.raise_signal(signal.SIGINT)


def app_answers(machine: Machine, address: str, headers: dict[str, str]) -> Answer:
    """What an app of this world answers to an address."""
    world = machine.world
    if not address.startswith("https://caleta-app.azurewebsites.net/") or not world.published or not world.starts:
        return Answer(0, "nothing answers")
    if not world.may_call_the_app:
        return Answer(403, "Web App - Unavailable")
    if address.endswith("/healthz"):
        return Answer(200, "ok\n")
    if headers.get("x-functions-key") != "the-key":
        return Answer(401, "")
    parts = dict.fromkeys(("database", "tables", "queues", "key_ring", "entra"), "up")
    parts |= dict.fromkeys(world.silent, "down: OperationalError")
    ready = str(not world.silent).lower()
    texts = ", ".join(f'"{name}": "{state}"' for name, state in parts.items())
    return Answer(503 if world.silent else 200, f'{{"ready": {ready}, "parts": {{{texts}}}}}')
