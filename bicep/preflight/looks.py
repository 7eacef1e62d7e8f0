"""All first looks, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bicep.preflight import azure, entra, tools
from bicep.preflight.scene import Scene, reason
from bicep.runner import DeploymentFailed

Look = Callable[[Scene], Iterator[str]]

LOOKS: tuple[Look, ...] = (
    tools.cli,
    tools.compiler,
    tools.driver,
    tools.parameter_file,
    azure.account,
    azure.tokens,
    azure.resource_group,
    azure.providers,
    azure.rights,
    entra.registrations,
    entra.ownership,
    entra.administrators,
    entra.vaults,
    entra.applications,
    azure.server,
    azure.budget,
)
"""A later one uses what an earlier one found."""


@dataclass
class Result:
    """What is missing, and what could not be looked at."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def look(scene: Scene) -> Result:
    """Look at everything, and fill in the scene."""
    result = Result()
    for one in LOOKS:
        try:
            result.problems.extend(one(scene))
        except DeploymentFailed as failure:
            result.notes.append(f"not checked: {_subject(one)} ({reason(failure)})")
    return result


def _subject(one: Look) -> str:
    return (one.__doc__ or one.__name__).splitlines()[0].rstrip(".")
