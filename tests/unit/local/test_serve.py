import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from local.browser import Browser
from local.consent import consent
from local.ports import free_ports, require_free
from local.refusals import CannotRun
from tools.environment import ROOT

pytestmark = pytest.mark.slow
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send SIGTERM")


def pair_of_ports() -> int:
    """A port whose neighbour is free too."""
    while True:
        (port,) = free_ports(1)
        try:
            require_free(port + 1)
        except CannotRun:
            continue
        return port


@contextmanager
def running(port: int, data: Path) -> Iterator["subprocess.Popen[str]"]:
    """`python -m local`, until it has said that it runs."""
    words = ["-m", "local", "--size", "tiny", "--port", str(port), "--data", str(data)]
    with (data.parent / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        while "stops everything" not in process.stdout.readline():
            assert process.poll() is None, (data.parent / "log").read_text()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until_free(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            require_free(port, port + 1)
        except CannotRun:
            assert time.monotonic() < deadline, "the port is still open"
            time.sleep(0.05)
        else:
            return


@needs_signals
def test_a_second_start_finds_the_earlier_data(tmp_path: Path) -> None:
    port, data = pair_of_ports(), tmp_path / "data"
    browser = Browser()
    with running(port, data) as process:
        scan_id = consent(browser, f"http://127.0.0.1:{port}", "owner@contoso.example")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with running(port, data) as process:
        page = browser.open(f"http://127.0.0.1:{port}/scans/{scan_id}")
        assert page.status == 200, page.heading
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    with closing(sqlite3.connect(data / "caleta.sqlite")) as database:
        assert database.execute("SELECT scan_id FROM scans").fetchall() == [(scan_id,)]


@needs_signals
def test_nothing_stays_behind_even_when_the_run_is_killed(tmp_path: Path) -> None:
    port = pair_of_ports()
    with running(port, tmp_path / "data") as process:
        assert requests.get(f"http://127.0.0.1:{port + 1}/_simulation/users", timeout=10).ok
        process.kill()
        wait_until_free(port)


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    port = pair_of_ports()
    with running(port, tmp_path / "data"):
        words = ["-m", "local", "--port", str(port), "--data", str(tmp_path / "other")]
        second = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert re.search(rf"Ports {port} and {port + 1} are in use.*--port", second.stderr)
