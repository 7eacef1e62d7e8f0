"""The command line of `python3 -m local`. Standard library only: it is read before the environment exists."""

import argparse
import math
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

SIZES = ("tiny", "small", "medium", "large")
ESTATES = ("plain", "hard", "committed", "varied")
FAULT_PROFILES = ("none", "azure", "hostile")
DEFAULT_PORT = 7071
LARGEST_PORT = 65534
"""The simulated tenant listens on the next one."""
COMMANDS = {
    "serve": "run until Ctrl-C (this is the default)",
    "scan": "consent, scan and compare, without a person",
    "purge": "run the nightly purge as of a day",
    "delete": "delete a customer's data, as an operator does",
}
PROGRAM = "python3 -m local"
DESCRIPTION = "Runs Caleta Cost Review on this machine, beside a simulated Azure tenant."
WRONG_USAGE = 2


class Parser(argparse.ArgumentParser):
    """Ends the process with one line that says what is wrong, and the list of commands."""

    def error(self, message: str) -> NoReturn:
        commands = "\n".join(f"  {name:<8} {purpose}" for name, purpose in COMMANDS.items())
        print(
            f"{self.prog}: {message}\n\nCommands:\n{commands}\n`{PROGRAM} COMMAND --help` lists a command's options.",
            file=sys.stderr,
        )
        sys.exit(WRONG_USAGE)


def port(text: str) -> int:
    """Parse a port that leaves the next one for the simulated tenant; raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LARGEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to {LARGEST_PORT}")
    return int(text)


def day(text: str) -> date:
    """Parse a date; raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date: write it as YYYY-MM-DD, such as {date.today().isoformat()}"  # noqa: DTZ011
        raise argparse.ArgumentTypeError(message) from None


def factor(text: str) -> float:
    """Parse a positive number; raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def whole_number(text: str) -> int:
    """Parse an integer; raises ArgumentTypeError."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def parser() -> Parser:
    """Return the parser of all commands."""
    made = Parser(prog=PROGRAM, description=DESCRIPTION)
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    tenant, data, output = _tenant_options(), _data_option(), _output_option()
    commands.add_parser("serve", parents=[tenant, data], help=COMMANDS["serve"])
    scan = commands.add_parser("scan", parents=[tenant, output], help=COMMANDS["scan"])
    scan.add_argument("--user", default="owner", help="who signs in, such as reader, guest@fabrikam.example (owner)")
    purge = commands.add_parser("purge", parents=[data, output], help=COMMANDS["purge"])
    purge.add_argument("--as-of", type=day, required=True, metavar="YYYY-MM-DD")
    purge.add_argument("--yes", action="store_true", help="do not ask before deleting")
    delete = commands.add_parser("delete", parents=[data, output], help=COMMANDS["delete"])
    delete.add_argument("--tenant", required=True, metavar="ID", help="the customer's tenant id")
    delete.add_argument("--reason", required=True, help="why: it is recorded in the activity log")
    return made


def _tenant_options() -> Parser:
    made = Parser(add_help=False)
    made.add_argument("--port", type=port, help=f"the app's port ({DEFAULT_PORT}); the simulated tenant has the next")
    made.add_argument("--seed", type=whole_number, default=1, help="what the simulated tenant is generated from (1)")
    made.add_argument("--size", choices=SIZES, default="small", help="of the simulated tenant (small)")
    made.add_argument(
        "--estate",
        choices=ESTATES,
        default="plain",
        help="hard: Azure refuses a lot; committed: with commitments (plain)",
    )
    made.add_argument("--faults", choices=FAULT_PROFILES, default="none", help="faults that Azure returns (none)")
    made.add_argument("--speed-up", type=factor, default=60.0, help="how much faster waits run than Azure's (60)")
    return made


def _data_option() -> Parser:
    made = Parser(add_help=False)
    folder = Path(__file__).resolve().parents[1] / ".local"
    made.add_argument("--data", type=Path, default=folder, help="the folder where everything is kept (.local)")
    return made


def _output_option() -> Parser:
    made = Parser(add_help=False)
    made.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    return made


def parse(words: list[str]) -> argparse.Namespace:
    """Parse the command line; ends the process with WRONG_USAGE and a message where it is wrong."""
    named = words if words[:1] and not words[0].startswith("-") else None
    if named and named[0] not in COMMANDS:
        parser().error(f"there is no command {named[0]!r}")
    asks_for_help = words[:1] in (["-h"], ["--help"])
    return parser().parse_args(words if named or asks_for_help else ["serve", *words])
