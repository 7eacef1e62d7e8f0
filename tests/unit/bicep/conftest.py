"""A machine to deploy from."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.azure_cli.machine import Machine
from tests.unit.bicep.deploying import Deploying

Start = Callable[..., Deploying]


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Take SIGINT as Python does on a terminal: a test run in the background of a shell inherits that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Make a machine whose world is as the test chooses."""
    return lambda **chosen: Deploying(Machine(tmp_path / "machine", **chosen), monkeypatch)
