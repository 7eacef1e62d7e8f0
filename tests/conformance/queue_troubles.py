"""How a queue is brought into trouble: the file of the local one, the wire of Service Bus."""

import sqlite3
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol, Self, cast

from local.queue import LocalQueue
from tests.conformance.queueing import ContractQueue
from tests.conformance.service_bus_queue import ServiceBusQueue
from tests.peers.servicebus import SERVER_BUSY, Fault, ServiceBusPeer

ATTEMPTS = 4
"""The client library's own: one and three more."""


class TroubledQueue(Protocol):
    """A queue, and what can go wrong with it. Each trouble lasts until the call that meets it gives up."""

    queue: ContractQueue

    def cut_send(self, fault: Fault) -> None:
        """The next send is cut off, as often as it is tried."""

    def cut_settlement(self, fault: Fault) -> None:
        """The next settlement is cut off; another way to the broker is open at once."""

    def cut_settlement_everywhere(self) -> None:
        """The next settlement does not come through on any way."""

    def be_busy(self) -> None:
        """The next send is refused as often as it is tried: the broker is throttling."""

    def be_busy_for_a_moment(self) -> None:
        """The next send is refused at first."""

    def lose_locks(self) -> None:
        """The broker forgets who holds what, as when it moves to another machine."""

    def drop_connections(self) -> None:
        """No one is connected any more; who comes again is let in."""

    def come_back(self) -> None:
        """What trouble is left ends."""


class TroubledBroker:
    """Microsoft's client, and a broker that misbehaves."""

    def __init__(self, queue: ServiceBusQueue, peer: ServiceBusPeer) -> None:
        self.queue: ContractQueue = queue
        self._peer = peer

    def cut_send(self, fault: Fault) -> None:
        self._peer.faults.sends.extend([fault] * ATTEMPTS)

    def cut_settlement(self, fault: Fault) -> None:
        self._peer.faults.settlements.append(fault)

    def cut_settlement_everywhere(self) -> None:
        self._peer.faults.settlements.append(Fault.CUT_BEFORE)
        self._peer.faults.requests.extend([Fault.CUT_BEFORE] * ATTEMPTS)

    def be_busy(self) -> None:
        self._peer.faults.sends.extend([SERVER_BUSY] * ATTEMPTS)

    def be_busy_for_a_moment(self) -> None:
        self._peer.faults.sends.append(SERVER_BUSY)

    def lose_locks(self) -> None:
        self._peer.queue.break_locks()

    def drop_connections(self) -> None:
        self._peer.drop_connections()

    def come_back(self) -> None:
        for troubles in (self._peer.faults.sends, self._peer.faults.settlements, self._peer.faults.requests):
            troubles.clear()


class TroubledFile:
    """The local queue, and a disk that misbehaves. There is no connection to drop but that to the file."""

    def __init__(self, queue: LocalQueue) -> None:
        self.queue: ContractQueue = queue
        self._local = queue
        self._faults: deque[Fault] = deque()
        connection = _FailingConnection(queue._storage._connection, self._faults)
        queue._storage._connection = cast("sqlite3.Connection", connection)

    def cut_send(self, fault: Fault) -> None:
        self._faults.append(fault)

    def cut_settlement(self, fault: Fault) -> None:
        self._faults.append(fault)

    def cut_settlement_everywhere(self) -> None:
        self._faults.append(Fault.CUT_BEFORE)

    def be_busy(self) -> None:
        self._faults.append(Fault.CUT_BEFORE)

    def be_busy_for_a_moment(self) -> None:
        """SQLite itself waits for the process that has the file: tests/unit/local/queue/test_storage.py."""

    def lose_locks(self) -> None:
        self._local.break_locks()

    def drop_connections(self) -> None:
        """The next process that opens the file is as well off as this one: tests/faults kills them."""

    def come_back(self) -> None:
        self._faults.clear()


class _FailingConnection:
    """Transactions that fail before they begin, or after they were committed."""

    def __init__(self, connection: sqlite3.Connection, faults: deque[Fault]) -> None:
        self._connection = connection
        self._faults = faults

    def execute(self, statement: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        if statement == "BEGIN IMMEDIATE" and self._faults and self._faults[0] is Fault.CUT_BEFORE:
            self._faults.popleft()
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(statement, parameters)

    def __enter__(self) -> Self:
        self._connection.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._connection.__exit__(*raised)  # type: ignore[arg-type]
        if raised[0] is None and self._faults and self._faults[0] is Fault.CUT_AFTER:
            self._faults.popleft()
            raise sqlite3.OperationalError("disk I/O error")

    def close(self) -> None:
        self._connection.close()
