"""The host of one app: HTTP server, message pumps and timers."""

import threading
from dataclasses import dataclass
from pathlib import Path

from local.host.functions import Functions
from local.host.http_front import HttpFront
from local.host.invocation import Invoker
from local.host.limits import read_limits
from local.host.pump import MessagePump, Pump, SessionPump
from local.host.timers import Timer, TimerState
from local.queue import LocalQueue
from shared.core.clock import Clock

HOST_JSON = Path(__file__).resolve().parents[2] / "host.json"
DRAIN_SECONDS = 5.0


@dataclass(frozen=True)
class HostOptions:
    """`port` 0 lets the system choose; `state` is the folder of what survives a restart."""

    port: int
    state: Path
    speed_up: float = 1.0


class Host:
    """Starts and stops the triggers of the functions. The constructor binds the port."""

    def __init__(self, functions: Functions, queue: LocalQueue, clock: Clock, options: HostOptions) -> None:
        limits = read_limits(HOST_JSON)
        timers = TimerState(options.state / "timers.json")
        self._invoker = Invoker()
        self._front = HttpFront(options.port, functions.http, self._invoker)
        self._front_thread = threading.Thread(target=self._front.serve_forever, name="http", daemon=True)
        self._pumps: list[Pump] = [
            (SessionPump if function.requires_session else MessagePump)(queue, function, self._invoker, limits)
            for function in functions.queues
        ]
        self._timers = [
            Timer(function, self._invoker, timers, clock, options.speed_up) for function in functions.timers
        ]

    @property
    def port(self) -> int:
        return int(self._front.server_address[1])

    def start(self) -> None:
        self._front_thread.start()
        for pump in self._pumps:
            pump.start()
        for timer in self._timers:
            timer.start()

    def stop(self) -> bool:
        """Stop accepting work and wait briefly for running functions; False when one still runs."""
        for pump in self._pumps:
            pump.stop()
        for timer in self._timers:
            timer.stop()
        self._front.shutdown()
        self._front.server_close()
        ended = [pump.drain(DRAIN_SECONDS) for pump in self._pumps]
        self._invoker.close()
        return all(ended)
