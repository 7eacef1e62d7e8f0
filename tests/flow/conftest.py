"""The app as a contributor who has cloned it starts it, and a real browser in front of it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from local.ports import LOOPBACK, free_ports, require_free
from local.refusals import CannotRun
from local.run import Run
from tests.flow.walking import Walker, local_run
from tests.machine import find_browser
from tests.support.databases import app_environment

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class App:
    """A running app and its simulated tenant."""

    url: str
    tenant_url: str


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310 - always our own http address
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_until_up(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while not is_up(url):
        if process.poll() is not None or time.monotonic() > ends:
            raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
        time.sleep(0.2)


def two_free_ports() -> int:
    """The first of two ports that follow each other: the app's and its tenant's."""
    for port in free_ports(20):
        try:
            require_free(port, port + 1)
        except CannotRun:
            continue
        return port
    raise AssertionError("no two free ports follow each other")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """`python3 -m local` with a fresh data folder."""
    folder = tmp_path_factory.mktemp("local")
    port = two_free_ports()
    url, log = f"http://{LOOPBACK}:{port}", folder / "log.txt"
    data = folder / "data"
    command = [sys.executable, "-m", "local", "--port", str(port), "--data", str(data)]
    environment = {**os.environ, **app_environment(data)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_up(process, url, log)
        yield App(url, f"http://{LOOPBACK}:{port + 1}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The app in this process, with a fresh data folder: what it holds can be looked into."""
    with local_run(tmp_path_factory.mktemp("run")) as made:
        yield made


@pytest.fixture
def walker(run: Run) -> Walker:
    """A user at a browser without a screen."""
    return Walker(run)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    found = find_browser()
    if found is None:
        pytest.skip("no Chromium on this machine and none could be installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(BROWSER_ARGUMENTS))
        yield launched
        launched.close()
