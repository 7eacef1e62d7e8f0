"""Deploys everything: `python3 -m bicep.deploy --resource-group GROUP --parameters FILE.bicepparam`.

Infrastructure, schema, encryption key, package, in this order; then waits until the app
answers. `--dry-run` prints the commands. `--package FILE` publishes an earlier package and
touches nothing else: a rollback. Needs the Azure CLI, signed in; see docs/runbooks.md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bicep import deployment
from bicep.deployment import OUTPUTS, Command
from bicep.package import TARGET
from tools.environment import ROOT, prepare

ANSWER_SECONDS = 300
PAUSE_SECONDS = 5


class DeploymentFailed(Exception):
    """A command failed, or the app does not answer; the text says which."""


class Runner:
    """Runs commands, or in a rehearsal only says them."""

    def __init__(self, rehearses: bool) -> None:
        self.rehearses = rehearses

    def run(self, command: Command) -> str:
        """What it wrote; raises DeploymentFailed."""
        print(command, file=sys.stdout if self.rehearses else sys.stderr, flush=True)
        if self.rehearses:
            return ""
        environment = {**os.environ, **command.environment}
        ended = subprocess.run(command.words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if ended.returncode:
            raise DeploymentFailed(f"exit {ended.returncode}: {command}")
        return ended.stdout

    def run_all(self, commands: Sequence[Command]) -> None:
        """Runs each whatever became of the others; raises DeploymentFailed for the first that failed."""
        failures = []
        for command in commands:
            try:
                self.run(command)
            except DeploymentFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]


def outputs(text: str) -> dict[str, str]:
    """The template's outputs by name; in a rehearsal, their names in brackets."""
    if not text:
        return {name: f"<{name}>" for name in OUTPUTS}
    return {name: str(one["value"]) for name, one in json.loads(text).items()}


@contextmanager
def doors(runner: Runner, group: str, made: Mapping[str, str], address: str | None) -> Iterator[None]:
    """Open for the block, if an address was given; closed again whatever happens."""
    if address is None:
        yield
        return
    try:
        for command in deployment.open_doors(group, made, address):
            runner.run(command)
        yield
    finally:
        runner.run_all(deployment.close_doors(group, made, address))


def deploy(options: argparse.Namespace) -> None:
    """The whole way. Raises DeploymentFailed."""
    runner, group = Runner(options.dry_run), options.resource_group
    if options.package:
        made = {"appName": options.app_name, "appHostName": f"{options.app_name}.azurewebsites.net"}
        publish(runner, group, made, options.package)
        return
    python = sys.executable if options.dry_run else str(prepare(ROOT / ".venv", ("requirements.txt",)))
    # First: a refused licence stops before anything is changed.
    print(runner.run(Command((python, "-m", "bicep.package"))), end="", file=sys.stderr)
    made = outputs(runner.run(deployment.infrastructure(group, options.parameters)))
    with doors(runner, group, made, options.from_address):
        for command in deployment.preparation(python, made):
            runner.run(command)
    publish(runner, group, made, TARGET)


def publish(runner: Runner, group: str, made: Mapping[str, str], package: Path) -> None:
    """Puts the package there and waits until the app answers."""
    runner.run(deployment.publication(group, made, package))
    if not runner.rehearses:
        wait_until_it_answers(deployment.health_address(made))


def wait_until_it_answers(address: str) -> None:
    """Raises DeploymentFailed after ANSWER_SECONDS."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - an https address of our own
                if answer.status == 200:
                    print(f"{address} answers", file=sys.stderr)
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(PAUSE_SECONDS)
    raise DeploymentFailed(f"{address} does not answer")


def read_options(words: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for; ends the program when it makes no sense."""
    parser = argparse.ArgumentParser(prog="python3 -m bicep.deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("--resource-group", required=True, metavar="GROUP")
    parser.add_argument("--parameters", metavar="FILE", help="a .bicepparam file, as main.example.bicepparam")
    parser.add_argument("--from-address", metavar="IP", help="opens database and key vault to it meanwhile")
    parser.add_argument("--package", type=Path, metavar="FILE", help="only publishes this package: a rollback")
    parser.add_argument("--app-name", metavar="NAME", help="of the app, with --package")
    parser.add_argument("--dry-run", action="store_true", help="prints the commands and runs none")
    options = parser.parse_args(words)
    if bool(options.parameters) == bool(options.package):
        parser.error("one of --parameters (a deployment) and --package (a rollback) is needed")
    if bool(options.package) != bool(options.app_name):
        parser.error("--package and --app-name belong together")
    return options


def main(words: Sequence[str] | None = None) -> int:
    """0 when all went well."""
    try:
        deploy(read_options(words))
    except DeploymentFailed as failure:
        print(f"Stopped. {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
