"""Runs a command of `python3 -m local`. Standard library only until the environment exists."""

import argparse
import os
import signal
import sys
from typing import Any, NoReturn

from local.command_line import DEFAULT_PORT, WRONG_USAGE, parse
from local.refusals import CannotRun
from tools.environment import VENV, NotPrepared, continue_in, prepare, say


def run(given: argparse.Namespace) -> int:
    """Run the command inside the prepared environment; return the exit code."""
    from local.log import log_to_stderr

    log_to_stderr()
    if given.command == "purge":
        from local.purge import purge_local

        return purge_local(given.data, given.as_of, as_json=given.json, is_confirmed=given.yes)
    if given.command == "delete":
        from local.delete import delete_local

        return delete_local(given.data, given.tenant, given.reason, as_json=given.json)
    if given.command == "scan":
        from local.scan import ScanOptions, scan

        return scan(ScanOptions(user=given.user, port=given.port, as_json=given.json, **tenant_of(given)))
    from local.run import RunOptions
    from local.serve import serve

    port = given.port or DEFAULT_PORT
    return serve(RunOptions(port, port + 1, data=given.data.resolve(), **tenant_of(given)))


def tenant_of(given: argparse.Namespace) -> dict[str, Any]:
    """The options of the simulated tenant."""
    return {name: getattr(given, name) for name in ("seed", "size", "estate", "faults", "speed_up")}


def main(words: list[str]) -> int:
    """Prepare the environment, continue in it, run the command; return the exit code."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell's background job ignores it otherwise
        signal.signal(stop, signal.default_int_handler)
    given = parse(words)
    try:
        continue_in(prepare(VENV, ("requirements-local.txt",)), ["-m", "local", *words])
        return run(given)
    except (CannotRun, NotPrepared) as refusal:
        say(str(refusal))
        return WRONG_USAGE
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def run_and_exit(words: list[str]) -> NoReturn:
    """Run the command and end the process."""
    code = main(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a function that is still at work must not keep the process
