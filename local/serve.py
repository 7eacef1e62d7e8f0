"""`python3 -m local`: runs the app until it is stopped."""

import sys
import time

from local.refusals import CannotRun
from local.registration import REGISTRATION
from local.run import Run, RunOptions, running
from simulator.people import SAMPLE_USERS, Person
from tools.environment import say

POLL_SECONDS = 0.5


def serve(options: RunOptions) -> int:
    """Run until Ctrl-C or SIGTERM; raises CannotRun."""
    with running(options) as run:
        print(welcome(run.options), flush=True)
        try:
            wait_while_alive(run)
        except KeyboardInterrupt:
            say("Stopping ...")
    return 0


def wait_while_alive(run: Run) -> None:
    """Wait until KeyboardInterrupt; raises CannotRun when the simulated tenant ends."""
    while run.tenant.poll() is None:
        time.sleep(POLL_SECONDS)
    raise CannotRun(f"The simulated tenant has ended (exit {run.tenant.returncode}).")


def line_of(person: Person) -> str:
    """A user's name and what is special about them."""
    return f"  {person.username:<28} {person.about}"


def welcome(options: RunOptions) -> str:
    """The text with the address and the sample users."""
    customers = "\n".join(line_of(person) for person in SAMPLE_USERS)
    reviewers = "\n".join(line_of(person) for person in REGISTRATION.people if person not in SAMPLE_USERS)
    stop = "Ctrl-C" if sys.stdin.isatty() else "SIGTERM"
    return (
        f"\nCaleta Cost Review runs at  {options.base_url}\n"
        f"Open it, choose “Start a review”, and choose one of these users:\n\n{customers}\n\n"
        f"Reviewers sign in at  {options.base_url}/desk/sign-in\n\n{reviewers}\n\n"
        f"The simulated Azure tenant is at {options.tenant.url} (size {options.size}, seed {options.seed}).\n"
        f"Data is kept in {options.data}. {stop} stops everything.\n"
    )
