"""`python3 -m findings`: the checks over your own files, without an account.

`catalogue` lists the checks; `check` applies them to an inventory that Resource Graph printed and to costs that
Cost Management exported. Nothing is sent anywhere. The libraries are those of requirements.txt.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from findings.files.errors import UnusableFile

USAGE_ERROR = 2
INVENTORY_HELP = "resources as Resource Graph prints them (docs/checks.md has the query)"
COSTS_HELP = "a cost export (CSV) or the answer of a cost query (JSON); without it, no savings are known"


def main(arguments: list[str]) -> int:
    """Run the command; a file that cannot be used gives one line and the exit code of a wrong usage."""
    asked = _parser().parse_args(arguments)
    try:
        written = _catalogue(asked) if asked.command == "catalogue" else _check(asked)
    except UnusableFile as error:
        sys.stderr.write(f"{error}\n")
        return USAGE_ERROR
    except ModuleNotFoundError as error:
        sys.stderr.write(f"The library {error.name} is missing: pip install -r requirements.txt\n")
        return USAGE_ERROR
    sys.stdout.write(written + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m findings", description="Checks of an Azure estate for waste.")
    commands = parser.add_subparsers(dest="command", required=True)
    catalogue = commands.add_parser("catalogue", help="list the checks")
    check = commands.add_parser("check", help="apply the checks to files")
    check.add_argument("--inventory", type=Path, required=True, metavar="FILE", help=INVENTORY_HELP)
    check.add_argument("--costs", type=Path, metavar="FILE", help=COSTS_HELP)
    check.add_argument(
        "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day of reading; default today"
    )
    for each in (catalogue, check):
        each.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _catalogue(asked: argparse.Namespace) -> str:
    from findings.catalogue import entries

    listed = list(entries())
    if asked.json:
        return json.dumps([each.as_json() for each in listed], ensure_ascii=False, indent=2)
    width = max(len(each.id) for each in listed)
    return "\n".join([*(f"{each.id:<{width}}  {each.title}" for each in listed), f"{len(listed)} checks"])


def _check(asked: argparse.Namespace) -> str:
    from findings.files.cost_table import CostTable
    from findings.files.file_rows import file_rows
    from findings.files.graph_rows import read_inventory
    from findings.files.report import as_json, as_text
    from findings.judge import judge
    from findings.registry import RULES, SPEND_RULES

    today = asked.date or datetime.now(UTC).date()
    rows = file_rows(read_inventory(asked.inventory), CostTable(asked.costs) if asked.costs else None)
    scope = rows.scope(today)
    judged = judge(RULES, SPEND_RULES, rows, scope)
    return as_json(judged, scope) if asked.json else as_text(judged, scope)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
