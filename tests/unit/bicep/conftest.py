"""A machine to deploy from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.azure_cli.machine import Machine
from tests.unit.bicep.deploying import Deploying

Start = Callable[..., Deploying]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Make a machine whose world is as the test chooses."""
    return lambda **chosen: Deploying(Machine(tmp_path / "machine", **chosen), monkeypatch)
