"""Microsoft's own emulator of Azure Storage, for the adapter of Table storage."""

import base64
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.35.0"
"""The last one that runs on Node 20."""

FOLDER = Path(__file__).resolve().parents[2] / ".local" / f"azurite-{VERSION}"
ACCOUNT = "devaccount"
STARTUP_SECONDS = 60


class AzuriteMissing(Exception):
    """It cannot be installed here; the text says why."""


@dataclass(frozen=True)
class Azurite:
    """A running table service. `key` is made anew for each run."""

    endpoint: str
    account: str
    key: str


def install() -> Path:
    """The folder of the installed package; raises AzuriteMissing."""
    script = FOLDER / "node_modules" / "azurite" / "dist" / "src" / "table" / "main.js"
    if script.is_file():
        return script
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise AzuriteMissing("Azurite needs Node.js and npm, which this machine lacks")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--no-save", f"azurite@{VERSION}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode or not script.is_file():
        raise AzuriteMissing(f"npm could not install Azurite: {ended.stderr[-300:]}")
    return script


@contextmanager
def running(location: Path) -> Iterator[Azurite]:
    """A table service that keeps its data in `location`; raises AzuriteMissing."""
    script, port = install(), _free_port()
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    command = ["node", str(script), "--tableHost", "127.0.0.1", "--tablePort", str(port)]
    options = ["--location", str(location), "--skipApiVersionCheck", "--silent", "--disableTelemetry"]
    environment = {**os.environ, "AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"}
    process = subprocess.Popen([*command, *options], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_open(port, process)
        yield Azurite(f"http://127.0.0.1:{port}/{ACCOUNT}", ACCOUNT, key)
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            attempt.settimeout(1)
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AzuriteMissing(f"Azurite did not start (exit {process.poll()})")
