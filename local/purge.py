"""`python3 -m local purge`: the nightly purge as of any day, on the local data."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from local.refusals import CannotRun
from local.run import RunOptions, open_services
from local.services import has_run


def purge_local(data: Path, as_of: date, *, as_json: bool) -> int:
    """Deletes what is due by that day and prints the counts; raises CannotRun without data."""
    from retention.purge import purge

    if not has_run(data):
        raise CannotRun(f"There is no data in {data}: run `python3 -m local` or name the folder with --data.")
    with open_services(RunOptions(7071, 7072, 1, "small", 1.0, data)) as services:
        counts = asdict(purge(services, as_of))
    if as_json:
        print(json.dumps({"as_of": as_of.isoformat(), **counts}))
    else:
        print(f"Purged as of {as_of}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0
