"""Runs the simulated tenant as a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from local.refusals import CannotRun
from local.registration import REGISTRATION
from simulator.configuration import to_json
from tools.environment import ROOT

READY_SECONDS = 300.0
STOP_SECONDS = 5.0


@dataclass(frozen=True)
class TenantOptions:
    """Options of the simulated tenant. Entra redirects to addresses below `app_url` alone."""

    port: int
    seed: int
    size: str
    speed_up: float
    state: Path
    app_url: str
    estate: str
    faults: str = "none"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configuration(self) -> Path:
        """The file with our registration."""
        return self.state / "configuration.json"

    @property
    def words(self) -> list[str]:
        values = {"port": self.port, "seed": self.seed, "size": self.size, "speed-up": self.speed_up}
        values |= {"state-dir": self.state, "app-url": self.app_url, "estate": self.estate}
        values |= {"faults": self.faults, "config": self.configuration}
        return [word for name, value in values.items() for word in (f"--{name}", str(value))]


@contextmanager
def tenant_process(options: TenantOptions) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the tenant while the block runs; it is ready before the block begins."""
    options.state.mkdir(parents=True, exist_ok=True)
    options.configuration.write_text(to_json(REGISTRATION), encoding="utf-8")
    command = [sys.executable, "-m", "local.child", "simulator", *options.words]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=sys.stderr.fileno(),
        # A session, or on Windows a group, of its own: Ctrl-C is for the parent, which then stops this process.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        wait_until_ready(f"{options.url}/_simulation/users", process)
        yield process
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Terminate the process, then kill it."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Return when the address answers; raises CannotRun when the process ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotRun(f"The simulated tenant ended during its start (exit {process.returncode}); see above.")
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise CannotRun(f"The simulated tenant did not answer within {READY_SECONDS:.0f} s.")
