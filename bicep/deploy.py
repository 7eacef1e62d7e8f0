"""Deploys everything: `python3 -m bicep.deploy --resource-group GROUP --parameters FILE.bicepparam`.

First looks at what is missing, then infrastructure, schema, database roles, encryption key,
package, in this order; waits until the app answers and reaches every store; prints what is left
for a person. May be repeated after any interruption. Needs the Azure CLI, signed in; see
docs/deployment.md.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bicep import commands, questions
from bicep.commands import OUTPUTS, Command
from bicep.next_steps import Deployed, deployed_now, described
from bicep.package import TARGET
from bicep.parameter_file import is_address
from bicep.preflight.looks import look
from bicep.preflight.scene import Scene
from bicep.runner import ROOT, DeploymentFailed, Runner, interrupt_on_terminate, uninterrupted
from bicep.waiting import Clock, patiently, say, until_it_is_ready, until_it_starts
from tools.environment import NotPrepared, prepare


def outputs(text: str) -> dict[str, str]:
    """Return the template's outputs by name; in a rehearsal, their names in brackets."""
    if not text:
        return {name: f"<{name}>" for name in OUTPUTS}
    return {name: str(one["value"]) for name, one in json.loads(text).items()}


Doors = Callable[[str, Mapping[str, str], str], list[Command]]
"""Resource group, the template's outputs and an address to the commands that open or close doors for it."""


@contextmanager
def doors(
    runner: Runner, group: str, made: Mapping[str, str], address: str | None, opening: Doors, closing: Doors
) -> Iterator[None]:
    """Open for the block, if an address was given; closed again whatever happens."""
    if address is None:
        yield
        return
    try:
        for command in opening(group, made, address):
            runner.run(command)
        yield
    finally:
        with uninterrupted():
            runner.run_all(closing(group, made, address))


@contextmanager
def schema(runner: Runner, python: str, made: Mapping[str, str], deployers: str, clock: Clock) -> Iterator[None]:
    """The right to change the schema, for the block; taken back whatever happens."""
    try:
        patiently(partial(runner.run, commands.open_schema(python, made, deployers)), clock)
        yield
    finally:
        with uninterrupted():
            runner.run(commands.close_schema(python, made))


class Deployment:
    """One deployment, step by step."""

    def __init__(self, options: argparse.Namespace, clock: Clock) -> None:
        self._options = options
        self._group: str = options.resource_group
        self._runner = Runner(rehearses=options.dry_run)
        self._clock = clock

    def run(self) -> None:
        """Go the whole way, or the part that the options ask for. Raises DeploymentFailed."""
        if self._options.check:
            print(described(self._runner, deployed_now(self._runner, self._group)))
        elif self._options.package:
            self._publish(self._made_before(), self._options.package)
        else:
            self._deploy()

    def _made_before(self) -> Mapping[str, str]:
        """The last deployment's outputs: the app's name, and the host at which Azure answers for it."""
        return outputs("") if self._runner.rehearses else deployed_now(self._runner, self._group).outputs

    def _deploy(self) -> None:
        python = sys.executable if self._runner.rehearses else str(prepare(ROOT / ".venv", ("requirements.txt",)))
        scene = Scene(self._runner, self._group, self._file(), python, datetime.now(UTC).date())
        if not self._runner.rehearses:
            self._look_first(scene)
        if self._options.what_if:
            print(self._runner.run(commands.preview(self._group, str(scene.file), server_exists=scene.server_exists)))
            return
        # A refused licence stops before anything is changed.
        self._runner.run(commands.packaging(python))
        made = self._infrastructure(scene)
        self._prepare(scene, made)
        self._publish(made, TARGET)
        if scene.parameters is not None:
            deployed = Deployed(self._group, made, scene.parameters.base_url, scene.parameters.mail_sender)
            print(f"Deployed. Left for a person:\n{described(self._runner, deployed)}")

    def _file(self) -> Path:
        """The parameter file; a relative path counts from where the command is typed."""
        return Path(self._options.parameters).absolute()

    def _look_first(self, scene: Scene) -> None:
        result = look(scene)
        for note in result.notes:
            say(note)
        if result.problems:
            missing = "Missing:\n" + "\n".join(f"- {problem}" for problem in result.problems)
            if not self._options.what_if:
                raise DeploymentFailed(f"Nothing was begun. {missing}")
            say(missing)
        if scene.account is not None:
            say(f"Deploying to {scene.group} in {scene.account.subscription_name}, as {scene.account.login}")

    def _infrastructure(self, scene: Scene) -> dict[str, str]:
        command = commands.infrastructure(self._group, str(scene.file), server_exists=scene.server_exists)
        return outputs(patiently(lambda: self._runner.run(command), self._clock))

    def _prepare(self, scene: Scene, made: Mapping[str, str]) -> None:
        """Schema, database roles, encryption key: with the doors open, if an address was given."""
        administrators = scene.parameters.administrators if scene.parameters else "<sqlAdministratorGroup>"
        with (
            self._doors(made, commands.open_doors, commands.close_doors),
            schema(self._runner, scene.python, made, administrators, self._clock),
        ):
            for command in commands.preparation(scene.python, made):
                patiently(partial(self._runner.run, command), self._clock)

    def _publish(self, made: Mapping[str, str], package: Path) -> None:
        """Put the package there; wait until the app answers and reaches every store."""
        app = made["appName"]
        patiently(lambda: self._runner.run(commands.publication(self._group, app, package)), self._clock)
        with self._doors(made, commands.open_app, commands.close_app):
            if not self._runner.rehearses:
                self._wait_for(app, made["appHostName"])

    def _doors(self, made: Mapping[str, str], opening: Doors, closing: Doors) -> AbstractContextManager[None]:
        return doors(self._runner, self._group, made, self._options.from_address, opening, closing)

    def _wait_for(self, app: str, host: str) -> None:
        """Wait at Azure's own name for the app: customers' name leads through Cloudflare, and is bound later."""
        until_it_starts(f"https://{host}/healthz", self._clock)
        key = self._runner.ask(questions.readiness_key(self._group, app))["default"]
        until_it_is_ready(f"https://{host}/readyz", key, self._clock)


def read_options(words: Sequence[str] | None) -> argparse.Namespace:
    """Return what is asked for; ends the program when it makes no sense."""
    parser = argparse.ArgumentParser(prog="python3 -m bicep.deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("--resource-group", required=True, metavar="GROUP")
    parser.add_argument("--parameters", metavar="FILE", help="a .bicepparam file, as bicep/main.example.bicepparam")
    parser.add_argument(
        "--from-address", metavar="IP", help="open database, key vault and health checks to it meanwhile"
    )
    parser.add_argument("--what-if", action="store_true", help="show Azure's preview of the infrastructure and stop")
    parser.add_argument("--check", action="store_true", help="say what is left for a person")
    parser.add_argument("--package", type=Path, metavar="FILE", help="only publish this package: a rollback")
    parser.add_argument("--dry-run", action="store_true", help="print the commands and run none")
    options = parser.parse_args(words)
    if sum(map(bool, (options.parameters, options.package, options.check))) != 1:
        parser.error("one of --parameters (a deployment), --package (a rollback) and --check is needed")
    if options.from_address and not is_address(options.from_address):
        parser.error(f"--from-address {options.from_address}: not one IPv4 address")
    return options


def main(words: Sequence[str] | None = None, clock: Clock | None = None) -> int:
    """Return 0 when all went well."""
    options = read_options(words)
    interrupt_on_terminate()
    try:
        Deployment(options, clock or Clock()).run()
    except (DeploymentFailed, NotPrepared) as failure:
        print(f"Stopped. {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
