"""The server itself, over real sockets."""

import http.client
import threading
from collections.abc import Iterator

import pytest

from simulator.options import Options
from simulator.server import TenantServer
from simulator.state import State
from simulator.world import World


@pytest.fixture
def server() -> Iterator[TenantServer]:
    server = TenantServer(World(Options(port=0, size="tiny"), state=State(None)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connection(server: TenantServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.world.port, timeout=10)
    yield connection
    connection.close()


def test_it_listens_on_this_machine_only(server: TenantServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    sockets = set()
    for path in ("/", "/outbox", "/_simulation/users", "/nowhere"):
        connection.request("GET", path)
        response = connection.getresponse()
        assert len(response.read()) == int(response.headers["Content-Length"])
        sockets.add(connection.sock)
    assert len(sockets) == 1


def test_a_dropped_call_closes_the_connection(server: TenantServer, connection: http.client.HTTPConnection) -> None:
    server.world.faults.set("arm_drop", 1)
    connection.request("GET", "/subscriptions?api-version=2022-12-01")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()


def test_a_truncated_answer_ends_early(server: TenantServer, connection: http.client.HTTPConnection) -> None:
    server.world.faults.set("arm_truncate", 1)
    connection.request("GET", "/subscriptions?api-version=2022-12-01")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()


def test_an_endless_body_is_not_read(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/_simulation/faults")
    connection.putheader("Content-Length", "2000000")
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_two_worlds_can_be_served_at_once(server: TenantServer) -> None:
    other = TenantServer(World(Options(port=0, size="tiny"), state=State(None)))
    assert other.world.port != server.world.port
    other.server_close()
