"""The queue that the queue contracts are held against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.queue import LocalQueue
from tests.clock import FakeClock
from tests.conformance.queueing import QUEUES


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queue(tmp_path: Path, clock: FakeClock) -> Iterator[LocalQueue]:
    opened = LocalQueue(tmp_path / "queue.db", QUEUES, clock)
    yield opened
    opened.close()
