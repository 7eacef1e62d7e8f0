"""What takes time: rights and firewall rules spread, the app starts. Each wait says what it is for."""

import json
import re
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bicep.runner import DeploymentFailed

T = TypeVar("T")

SPREADING_SECONDS = 600
STARTING_SECONDS = 600
PAUSE_SECONDS = 15

NOT_YET = (
    (r"\b40615\b|is not allowed to access the server", "the firewall rule of the SQL server"),
    (r"\b47073\b|Deny Public Network Access", "the public network access of the SQL server"),
    (r"\b18456\b|Login failed for user", "the group's sign-in to the database"),
    (r"\b40613\b|\b4060\b|is not currently available", "the database"),
    (r"ForbiddenByFirewall|Client address is not authorized", "the firewall rule of the key vault"),
    (r"ForbiddenByConnection|[Pp]ublic network access is disabled", "the public network access of the key vault"),
    (r"ForbiddenByRbac|Caller is not authorized to perform action", "the group's role on the key vault"),
    (r"InaccessibleStorage|BlobUploadFailed|AuthorizationPermissionMismatch", "the app's role on its storage account"),
    (r"DeploymentActive|is still active", "an earlier deployment that still runs"),
    (r"There may be an ongoing deployment", "an earlier publication that still runs"),
)
"""What Azure answers while a change spreads, and which change that is."""


@dataclass(frozen=True)
class Clock:
    """Time, and waiting for it to pass."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def awaited(said: str) -> str | None:
    """What has not spread yet, from what a failed program wrote; None when it failed for another reason."""
    return next((what for pattern, what in NOT_YET if re.search(pattern, said)), None)


def patiently(step: Callable[[], T], clock: Clock) -> T:
    """Return what the step returns, tried again for ten minutes while a change of Azure's spreads.

    Raises DeploymentFailed at the end, and at once for what waiting does not help.
    """
    deadline = clock.now() + SPREADING_SECONDS
    while True:
        try:
            return step()
        except DeploymentFailed as failure:
            what = awaited(failure.said)
            if what is None or clock.now() >= deadline:
                raise
            say(f"waiting for {what}, which takes minutes to take effect")
            clock.sleep(PAUSE_SECONDS)


@dataclass(frozen=True)
class Answer:
    """What an address of the app answered; status 0: nothing."""

    status: int
    text: str


def fetch(address: str, headers: dict[str, str] | None = None) -> Answer:
    """Return what the address answers; a refusal is an answer too."""
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - an https address of our own
    try:
        with urllib.request.urlopen(request, timeout=90, context=ssl.create_default_context()) as answer:  # noqa: S310
            return Answer(answer.status, answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read().decode(errors="replace"))
    except OSError as failure:
        return Answer(0, str(failure))


def until_it_starts(address: str, clock: Clock) -> None:
    """Wait until the app answers. Raises DeploymentFailed after ten minutes."""
    deadline = clock.now() + STARTING_SECONDS
    while (answer := fetch(address)).status != 200:
        if clock.now() >= deadline:
            raise DeploymentFailed(f"{address} does not answer ({answer.status or answer.text})")
        say(f"waiting for the app to start ({answer.status or answer.text})")
        clock.sleep(PAUSE_SECONDS)
    say(f"{address} answers")


def until_it_is_ready(address: str, key: str, clock: Clock) -> None:
    """Wait until every store answers the app. Raises DeploymentFailed after ten minutes; it names what does not."""
    deadline = clock.now() + SPREADING_SECONDS
    while (answer := fetch(address, {"x-functions-key": key})).status != 200:
        silent = silent_stores(answer)
        if clock.now() >= deadline:
            raise DeploymentFailed(f"the app runs, but does not reach {silent}")
        say(f"waiting for the app to reach {silent}")
        clock.sleep(PAUSE_SECONDS)
    say(f"{address}: every store answers")


def silent_stores(answer: Answer) -> str:
    """Name what does not answer, with the kind of its error, from the body of /readyz."""
    try:
        parts = json.loads(answer.text)["parts"]
    except (ValueError, KeyError, TypeError):
        return f"/readyz ({answer.status or answer.text[:200]})"
    return ", ".join(f"{name} ({state})" for name, state in parts.items() if state != "up")


def say(text: str) -> None:
    """Progress, on stderr: stdout is for results."""
    print(text, file=sys.stderr, flush=True)
