"""What the contracts are held against: the local parts, and Azure's client libraries with a peer."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.queue import LocalQueue
from tests.conformance.queueing import NOW, QUEUES, ContractQueue
from tests.conformance.service_bus_queue import ServiceBusQueue
from tests.peers.azurite import Azurite, running
from tests.peers.servicebus import ServiceBusPeer
from tests.support.clock import FakeClock
from tests.support.npm import NpmPackageMissing

MAX_PAUSE_SECONDS = 0.005


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client library pauses between looks at its socket and between attempts; here it hardly does."""
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, MAX_PAUSE_SECONDS)))


@pytest.fixture
def sockets_left_open() -> Iterator[None]:
    """Collects the library's lost sockets while their warning is still expected."""
    yield
    gc.collect()


@pytest.fixture
def local_queue(tmp_path: Path, clock: FakeClock) -> Iterator[LocalQueue]:
    opened = LocalQueue(tmp_path / "queue.db", QUEUES, clock)
    yield opened
    opened.close()


@pytest.fixture
def peer(tmp_path: Path, clock: FakeClock) -> Iterator[ServiceBusPeer]:
    with ServiceBusPeer(tmp_path / "broker.db", QUEUES, clock) as running:
        yield running


@pytest.fixture
def service_bus_queue(peer: ServiceBusPeer, hurried: None) -> Iterator[ServiceBusQueue]:  # noqa: ARG001
    connected = ServiceBusQueue(peer)
    yield connected
    connected.close()


@pytest.fixture(params=["local_queue", "service_bus_queue"])
def queue(request: pytest.FixtureRequest) -> ContractQueue:
    chosen: ContractQueue = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    try:
        with running(tmp_path_factory.mktemp("azurite")) as service:
            yield service
    except NpmPackageMissing as missing:
        pytest.skip(str(missing))
