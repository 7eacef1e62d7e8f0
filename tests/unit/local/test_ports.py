import socket

import pytest

from local.ports import free_ports, require_free
from local.refusals import CannotRun


def test_free_ports_are_free_and_different() -> None:
    first, second = free_ports(2)
    assert first != second
    require_free(first, second)


def test_a_busy_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CannotRun, match=f"Port {port} is in use.*--port"):
            require_free(port)
