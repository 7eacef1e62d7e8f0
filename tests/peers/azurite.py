"""Microsoft's own emulator of Azure Storage, for the adapters of Table and Blob storage."""

import base64
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.npm import NpmPackageMissing, installed

VERSION = "3.35.0"
"""The last one that runs on Node 20."""

ACCOUNT = "devaccount"
STARTUP_SECONDS = 60


@dataclass(frozen=True)
class Azurite:
    """A running service. `key` is made again for each run."""

    endpoint: str
    account: str
    key: str


@contextmanager
def running(location: Path, service: str = "table") -> Iterator[Azurite]:
    """A service, `table` or `blob`, that keeps its data in `location`; raises NpmPackageMissing."""
    script, port = installed("azurite", VERSION, f"dist/src/{service}/main.js"), _free_port()
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    command = ["node", str(script), f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
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
    raise NpmPackageMissing(f"Azurite did not start (exit {process.poll()})")
