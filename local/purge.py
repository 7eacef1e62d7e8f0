"""`python3 -m local purge`: the nightly purge as of any day, on the local data."""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from local.refusals import CannotRun
from local.run import RunOptions, open_services
from local.services import has_run
from shared.wiring import Services


def purge_local(data: Path, as_of: date, *, as_json: bool, is_confirmed: bool) -> int:
    """Delete what is due by that day and print the counts; raises CannotRun without data or confirmation.

    Without `is_confirmed` it first prints what would be deleted and asks. With `as_json`, or where
    standard input is not a terminal, it cannot ask and refuses.
    """
    from retention.purge import purge

    if not has_run(data):
        raise CannotRun(f"There is no data in {data}: run `python3 -m local` or name the folder with --data.")
    with open_services(RunOptions(7071, 7072, 1, "small", 1.0, data)) as services:
        if not is_confirmed:
            confirm(preview(services, as_of), can_ask=not as_json and sys.stdin.isatty())
        counts = asdict(purge(services, as_of))
    if as_json:
        print(json.dumps({"as_of": as_of.isoformat(), **counts}))
    else:
        print(f"Purged as of {as_of}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def preview(services: Services, as_of: date) -> str:
    """What a purge as of that day would delete, one line a customer."""
    due = services.retention_due.by(as_of)
    names = services.customers.names(due)
    holdings = services.holdings
    lines = [f"  {names.get(tenant, 'no user')} ({tenant}): {holdings.counts(tenant).total()} rows" for tenant in due]
    head = f"As of {as_of}, this deletes all data of {len(due)} customer{'' if len(due) == 1 else 's'}"
    expired = "It also deletes expired sign-ins, sessions, failed messages and activity-log entries."
    return "\n".join([f"{head}{':' if due else '.'}", *lines, expired])


def confirm(question: str, *, can_ask: bool) -> None:
    """Return when the user agrees; raises CannotRun otherwise."""
    if not can_ask:
        raise CannotRun(f"{question}\nNothing was deleted. Add --yes to delete.")
    if input(f"{question}\nDelete? [y/N] ").strip().lower() not in ("y", "yes"):
        raise CannotRun("Nothing was deleted.")
