"""The whole local app as a process that can be killed at any moment and started again on the same data."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from local.ports import LOOPBACK, require_free
from local.refusals import CannotRun
from tools.environment import ROOT

LOOK_SECONDS = 0.02
START_SECONDS = 300.0
STOP_SECONDS = 120.0
"""Only what hangs takes that long, however busy the machine is."""


@dataclass
class App:
    """`python -m local serve` on one data folder; its simulated tenant ends and comes back with it."""

    port: int
    seed: int
    size: str
    speed_up: float
    folder: Path
    lives: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def tenant_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port + 1}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Begins a new life; the ports of the last one may be busy for a moment after its death."""
        self._wait_for_ports()
        self.lives += 1
        words = {"port": self.port, "seed": self.seed, "size": self.size, "speed-up": self.speed_up, "data": self.data}
        told = [word for name, value in words.items() for word in (f"--{name}", str(value))]
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "local", "serve", *told]
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """SIGKILL: nothing of the process can say goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Asks it to end, as Ctrl-C does; kills what does not."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_until_up(self) -> bool:
        """True once it answers; False when it was killed before that."""
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if not self.is_alive:
                return False
            try:
                if requests.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return True
            except requests.RequestException:
                time.sleep(LOOK_SECONDS)
        raise AssertionError(f"the app did not come up: {self.log.read_text(encoding='utf-8')[-3000:]}")

    def simulation(self, path: str, **parameters: str) -> dict[str, Any]:
        """What the tenant says behind the scenes."""
        answer = requests.get(f"{self.tenant_url}/_simulation/{path}", params=parameters, timeout=600)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def _wait_for_ports(self) -> None:
        ends = time.monotonic() + STOP_SECONDS
        while True:
            try:
                require_free(self.port, self.port + 1)
            except CannotRun:
                if time.monotonic() > ends:
                    raise
                time.sleep(LOOK_SECONDS)
            else:
                return
