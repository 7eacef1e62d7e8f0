"""Peak memory of one step of costs, in a process of its own: `python -m tests.benchmarks.memory 20000`."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.ingest import cost_step
from tests.benchmarks.page_server import pages_served

ROOT = Path(__file__).resolve().parents[2]


def peak_kilobytes(rows: int) -> int:
    """The largest resident size of a fresh process that collects so many rows."""
    command = [sys.executable, "-m", __name__, str(rows)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=True)
    return int(ended.stdout)


def own_peak_kilobytes() -> int:
    """On Linux from the kernel's table: getrusage remembers the size of the process that forked this one."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])
    import resource  # Not on Windows, which this test is not for.

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, pages_served(int(sys.argv[1]), Path(folder, "pages")) as arm:
        cost_step(Path(folder, "step"), arm).collect()
    print(own_peak_kilobytes())  # noqa: T201


if __name__ == "__main__":
    main()
