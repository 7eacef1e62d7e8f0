"""The peer as a test sees it: a server on a thread of its own, and the commands to misbehave."""

import asyncio
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from local.queue import LocalQueue
from shared.messaging.queues import Queue
from tests.peers.amqp.connection import Connection
from tests.peers.amqp.frames import error
from tests.peers.servicebus.broker import Broker, PutToken
from tests.peers.servicebus.faults import Faults
from tests.peers.servicebus.front import Front
from tests.support.clock import FakeClock

PUMP_SECONDS = 0.01
PATIENCE_SECONDS = 10
EXPIRED_TOKEN = error("amqp:unauthorized-access", "ExpiredToken: The token is expired.")


class ServiceBusPeer:
    """Service Bus on 127.0.0.1, for `ServiceBusClient(peer.host, credential, use_tls=False)`.

    Locks, schedules and duplicate detection run on the test's clock; only the wait of a client
    for a session runs on true time, because the client's own does.
    """

    def __init__(self, path: Path, queues: tuple[Queue, ...], clock: FakeClock) -> None:
        self.queue = LocalQueue(path, queues, clock)
        self._broker = Broker(self.queue, {queue.name: queue for queue in queues}, clock)
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="service-bus-peer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.host = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()
        self.queue.close()

    @property
    def faults(self) -> Faults:
        return self._broker.faults

    @property
    def put_tokens(self) -> list[PutToken]:
        """The tokens it was shown so far."""
        return list(self._broker.put_tokens)

    @property
    def connections(self) -> int:
        """How many were opened so far."""
        return self._broker.connections_opened

    def drop_connections(self) -> None:
        """Cuts every connection at once."""

        async def drop() -> None:
            for connection in list(self._connections):
                connection.drop()

        asyncio.run_coroutine_threadsafe(drop(), self._loop).result(PATIENCE_SECONDS)

    def expire_tokens(self) -> None:
        """Every token that was shown is good for nothing any more; the queues' links are ended with the reason."""

        async def expire() -> None:
            for connection in list(self._connections):
                connection.tokens.clear()
                self._front.refuse_links(connection, EXPIRED_TOKEN)

        asyncio.run_coroutine_threadsafe(expire(), self._loop).result(PATIENCE_SECONDS)

    async def _start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self._front = Front(self._broker, f"127.0.0.1:{port}")
        self._pumping = asyncio.create_task(self._pump())
        return self._front.host

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cuts = self._broker.faults.cuts
        connection = Connection(reader, writer, self._front.attach, cuts.popleft() if cuts else None)
        self._connections.add(connection)
        self._broker.connections_opened += 1
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)

    async def _pump(self) -> None:
        while True:
            await asyncio.sleep(PUMP_SECONDS)
            for connection in list(self._connections):
                self._front.pump(connection)

    async def _stop(self) -> None:
        self._pumping.cancel()
        self._server.close()
        for connection in list(self._connections):
            connection.drop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
