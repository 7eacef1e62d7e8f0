"""First looks at this machine: programs, driver, parameter file."""

import re
from collections.abc import Iterator

from bicep import questions
from bicep.commands import Command
from bicep.parameter_file import misplaced, parameters, values_of, wrong_values
from bicep.preflight.scene import Scene, reason
from bicep.runner import DeploymentFailed

OLDEST_CLI = (2, 76, 0)
OLDEST_BICEP = (0, 36, 1)
DRIVER = "ODBC Driver 18 for SQL Server"


def cli(scene: Scene) -> Iterator[str]:
    """The Azure CLI is there and recent enough."""
    pattern = r'"azure-cli": "([\d.]+)"'
    yield from _version(scene, questions.cli_version(), pattern, OLDEST_CLI, "the Azure CLI", "az upgrade")


def compiler(scene: Scene) -> Iterator[str]:
    """The Azure CLI's Bicep is there and recent enough."""
    remedy = "az bicep upgrade"
    yield from _version(scene, questions.bicep_version(), r"version ([\d.]+)", OLDEST_BICEP, "Bicep", remedy)


def _version(
    scene: Scene, command: Command, pattern: str, oldest: tuple[int, ...], name: str, remedy: str
) -> Iterator[str]:
    wanted = ".".join(map(str, oldest))
    try:
        said = re.search(pattern, scene.runner.read(command))
    except DeploymentFailed as failure:
        yield f"{name} {wanted} or later does not run here ({reason(failure)})"
        return
    if said is None or tuple(int(part) for part in said[1].split(".")) < oldest:
        yield f"{name} is {said[1] if said else 'of an unknown version'}; {wanted} or later is needed: {remedy}"


def driver(scene: Scene) -> Iterator[str]:
    """Microsoft's ODBC driver, which migrates the database, is there."""
    try:
        drivers = scene.runner.read(questions.driver(scene.python))
    except DeploymentFailed as failure:
        drivers = reason(failure)
    if DRIVER not in drivers.splitlines():
        yield f"{DRIVER} is not installed here: https://learn.microsoft.com/sql/connect/odbc"


def parameter_file(scene: Scene) -> Iterator[str]:
    """The parameter file leads to the template, compiles, and is filled in."""
    if (problem := misplaced(scene.file)) is not None:
        yield problem
        return
    try:
        values = values_of(scene.runner.read(questions.parameter_values(str(scene.file))))
    except DeploymentFailed as failure:
        yield f"{scene.file} does not compile ({reason(failure)})"
        return
    scene.parameters = parameters(values)
    yield from wrong_values(values)
