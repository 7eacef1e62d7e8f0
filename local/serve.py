"""`python3 -m local`: runs until it is told to stop."""

import sys
import time

from local.refusals import CannotRun
from local.registration import REGISTRATION
from local.run import Run, RunOptions, running
from simulator.people import SAMPLE_USERS, Person
from tools.environment import say

LOOK_SECONDS = 0.5


def serve(options: RunOptions) -> int:
    """Returns when Ctrl-C or SIGTERM comes; raises CannotRun."""
    with running(options) as run:
        print(welcome(run.options), flush=True)
        try:
            wait_while_alive(run)
        except KeyboardInterrupt:
            say("Stopping ...")
    return 0


def wait_while_alive(run: Run) -> None:
    """Returns never, but raises KeyboardInterrupt, or CannotRun when the tenant has ended."""
    while run.tenant.poll() is None:
        time.sleep(LOOK_SECONDS)
    raise CannotRun(f"The simulated tenant has ended (exit {run.tenant.returncode}).")


def line_of(person: Person) -> str:
    """Who it is and what is special about them."""
    return f"  {person.username:<28} {person.about}"


def welcome(options: RunOptions) -> str:
    """What to click and who can sign in."""
    customers = "\n".join(line_of(person) for person in SAMPLE_USERS)
    reviewers = "\n".join(line_of(person) for person in REGISTRATION.people if person not in SAMPLE_USERS)
    stop = "Ctrl-C" if sys.stdin.isatty() else "SIGTERM"
    return (
        f"\nCaleta Cost Review runs at  {options.base_url}\n"
        f"Open it, choose “Sign in with Microsoft”, and pick one of these people:\n\n{customers}\n\n"
        f"Reviewers sign in at  {options.base_url}/desk/sign-in\n\n{reviewers}\n\n"
        f"The simulated Azure tenant is at {options.tenant.url} (size {options.size}, seed {options.seed}).\n"
        f"Data is kept in {options.data}. {stop} stops everything.\n"
    )
