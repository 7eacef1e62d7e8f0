"""What the first request of a cold instance costs beyond the import of the app, in processor seconds.

`python -m tests.benchmarks.first_request` prints it for each kind of trigger, on the Python that runs it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.prepared import continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.benchmarks.first_request")

from local.services import LocalServices, local_values
from shared.core.messages import ScanMessage
from shared.core.periods import last_complete_months
from shared.core.settings import read_settings
from shared.sql.migrate import migrate
from tests.support.consented import consented_scan

ROOT = Path(__file__).parents[2]
RUNS = 5
MOST_SECONDS = {"health": 0.1, "landing": 0.3, "plan_scan": 0.6}
"""By function: what is wanted of `/healthz`, the start page and a queue trigger."""

TENANT = "0b7a8f3e-0d55-4f4e-9f6a-6d4c1a2b3c4d"
USER = "5c1e9d2a-7b34-4c0d-8e21-1f2a3b4c5d6e"


def prepare(folder: Path) -> None:
    """Make a database with one scan to be planned, its message, and the settings, for cold_process."""
    values = local_values(folder, "http://127.0.0.1:7071", "http://127.0.0.1:7072", 1.0)
    (folder / "settings.json").write_text(json.dumps(values))
    services = LocalServices(read_settings(values), folder)
    migrate(services.database)
    now = services.clock.now()
    scan = consented_scan(services.database, TENANT, USER, last_complete_months(now.date()), now)
    (folder / "message.json").write_bytes(ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode())
    services.close()


def seconds(kind: str) -> tuple[float, float]:
    """Return the processor seconds of the import and of the first request: medians of several processes."""
    runs = [one_process(kind) for _ in range(RUNS)]
    return median(imported for imported, _ in runs), median(taken for _, taken in runs)


def one_process(kind: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        command = [sys.executable, "-m", "tests.benchmarks.cold_process", kind, name]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    imported, taken = json.loads(ended.stdout)
    return float(imported), float(taken)


def line(kind: str) -> str:
    imported, taken = seconds(kind)
    return f"cold {kind:<22} {taken:>10.2f} s        beyond {imported:.2f} s of import; at most {MOST_SECONDS[kind]}"


def main() -> None:
    for kind in MOST_SECONDS:
        print(line(kind), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
