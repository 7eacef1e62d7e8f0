"""What the first looks know and find."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bicep.parameter_file import Parameters
from bicep.runner import DeploymentFailed, Runner


@dataclass(frozen=True)
class Account:
    """The signed-in user or service principal, and its subscription."""

    subscription: str
    subscription_name: str
    login: str
    is_user: bool


@dataclass
class Scene:
    """What is looked at. The first looks fill in what later ones and the deployment need."""

    runner: Runner
    group: str
    file: Path
    python: str
    today: date
    parameters: Parameters | None = None
    account: Account | None = None
    group_exists: bool = False
    server_exists: bool = False


def reason(failure: DeploymentFailed) -> str:
    """The last line that the failed program wrote, or what is known of the failure."""
    lines = [line.strip() for line in failure.said.splitlines() if line.strip()]
    return lines[-1] if lines else str(failure)
