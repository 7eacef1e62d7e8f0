"""Ports of this machine."""

import os
import socket

from local.refusals import CannotRun

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Return `count` ports that are free now."""
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports: list[int] = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def require_free(*ports: int) -> None:
    """Raise CannotRun naming the ports that are in use."""
    busy = [str(port) for port in ports if not _is_free(port)]
    if busy:
        which = f"Port {busy[0]} is" if len(busy) == 1 else f"Ports {' and '.join(busy)} are"
        raise CannotRun(f"{which} in use. Stop the program that uses it, or choose another port with --port.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the option would let two programs share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
