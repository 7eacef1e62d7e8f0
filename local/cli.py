"""The command line of `python3 -m local`. Standard library only until the environment exists."""

import argparse
import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from local.refusals import CannotRun
from tools.environment import ROOT, VENV, NotPrepared, continue_in, prepare, say

SIZES = ("tiny", "small", "medium", "large")
ESTATES = ("plain", "hard")
STORMS = ("none", "azure", "hostile")
DEFAULT_PORT = 7071
COMMANDS = ("serve", "scan", "purge", "delete")
DESCRIPTION = "Runs Caleta Cost Review on this machine, beside a simulated Azure tenant."


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python3 -m local", description=DESCRIPTION)
    tenant = argparse.ArgumentParser(add_help=False)
    tenant.add_argument("--port", type=int, help=f"the app's port (default {DEFAULT_PORT}); the tenant has the next")
    tenant.add_argument("--seed", type=int, default=1, help="what the made-up tenant is generated from (default 1)")
    tenant.add_argument("--size", choices=SIZES, default="small", help="of the tenant (default small)")
    tenant.add_argument("--estate", choices=ESTATES, default="plain", help="hard: Azure refuses a lot (default plain)")
    tenant.add_argument("--faults", choices=STORMS, default="none", help="Azure has a bad day, or a worse one (none)")
    tenant.add_argument("--speed-up", type=float, default=60.0, help="how much faster waits run than Azure's (60)")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, default=ROOT / ".local", help="where everything is kept (default .local)")
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    commands = made.add_subparsers(dest="command", metavar="")
    commands.add_parser("serve", parents=[tenant, data], help="run until Ctrl-C (this is the default)")
    scan = commands.add_parser("scan", parents=[tenant, output], help="consent, scan and compare, without a person")
    scan.add_argument("--user", default="owner", help="who signs in, such as reader, guest@fabrikam.example (owner)")
    purge = commands.add_parser("purge", parents=[data, output], help="the nightly purge as of a day")
    purge.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    delete = commands.add_parser("delete", parents=[data, output], help="delete a customer's data, as an operator does")
    delete.add_argument("--tenant", required=True, metavar="ID", help="the customer's tenant id")
    delete.add_argument("--reason", required=True, help="why: it goes on record")
    return made


def with_command(words: list[str]) -> list[str]:
    """`serve` is what is meant when no command is named."""
    asks_for_help = any(word in ("-h", "--help") for word in words[:1])
    return words if asks_for_help or any(word in COMMANDS for word in words) else ["serve", *words]


def run(given: argparse.Namespace) -> int:
    """The command, inside of the prepared environment."""
    from local.log import log_to_stderr

    log_to_stderr()
    if given.command == "purge":
        from local.purge import purge_local

        return purge_local(given.data, given.as_of, as_json=given.json)
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
    """What tenant to make up, and how fast its time runs."""
    return {name: getattr(given, name) for name in ("seed", "size", "estate", "faults", "speed_up")}


def main(words: list[str]) -> int:
    """Prepares, moves into the environment, runs; the exit code."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell's background job ignores it otherwise
        signal.signal(stop, signal.default_int_handler)
    given = parser().parse_args(with_command(words))
    try:
        continue_in(prepare(VENV, ("requirements-local.txt",)), ["-m", "local", *words])
        return run(given)
    except (CannotRun, NotPrepared) as refusal:
        say(str(refusal))
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def run_and_exit(words: list[str]) -> NoReturn:
    """Run the command and end the process."""
    code = main(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a function that is still at work must not keep the process
