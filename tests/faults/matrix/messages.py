"""Our own faults, by message: delivered twice, too late, to workers that die or fail."""

from concurrent.futures import ThreadPoolExecutor

from local.queue import LockedMessage
from shared.arm.request import Json
from shared.queues import OutgoingMessage, Queue
from tests.collecting import TENANT
from tests.faults.breakable import Fuse, Killed
from tests.faults.matrix.azure import Azure, Call
from tests.faults.matrix.bench import Bench, Manner
from tests.faults.matrix.fault import Fault, failed
from tests.faults.matrix.front import Reply

GROUP = "Our own messages and workers"
LONGER_THAN_A_LOCK = 400
KILLED_AT = (3, 10, 19)


def delivered(manner: Manner) -> Fault:
    """A fault's line of the manner in which the troubled queue's messages are delivered."""

    def arranged(bench: Bench, queue: Queue, message: LockedMessage) -> None:
        if not bench.is_troubled(queue):
            bench.work(queue, message)
            return
        bench.struck += 1
        manner(bench, queue, message)

    def disturb(bench: Bench) -> None:
        bench.manner = arranged

    return Fault(GROUP, (manner.__doc__ or "").strip(" ."), disturb=disturb)


def twice(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """Each message delivered twice"""
    bench.work(queue, message)
    bench.work(queue, message)


def at_once(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """Each message delivered to two workers at once"""
    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(bench.work, queue, message) for _ in range(2)]:
            worker.result()


def out_of_order() -> Manner:
    """The queue's first message comes again after each later one."""
    first: list[LockedMessage] = []

    def belated(bench: Bench, queue: Queue, message: LockedMessage) -> None:
        """Out of order: the first message again after each later one"""
        first.append(message)
        bench.work(queue, message)
        bench.work(queue, first[0])

    return belated


def too_late(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """The lock ran out when the work was done"""
    bench.work(queue, message)
    if message.delivery_count == 1:
        bench.time.sleep(LONGER_THAN_A_LOCK)


def _killed(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """Killed three times, between any two writes"""
    bench.fuse.is_lit = True
    try:
        bench.work(queue, message)
    finally:
        bench.fuse.is_lit = False


class SeveralDeaths(Fuse):
    """A fuse that kills at several points."""

    def point(self) -> None:
        if self.is_lit:
            self.points += 1
            if self.points in KILLED_AT:
                raise Killed(f"at point {self.points}")


def killed() -> Fault:
    """The process dies at some of the things that it writes."""
    by_manner = delivered(_killed)
    assert by_manner.disturb is not None
    arrange = by_manner.disturb

    def disturb(bench: Bench) -> None:
        arrange(bench)
        bench.set_fuse(SeveralDeaths())

    return Fault(GROUP, by_manner.name, disturb=disturb)


def lock_lost_meanwhile(bench: Bench) -> None:
    """While a page is on its way, lock and lease run out, and another worker does the whole work."""

    def spoilt(azure: Azure, call: Call, _: Json) -> Reply | None:
        if call.page == 1 and not bench.struck:
            bench.struck += 1
            azure.clock.sleep(LONGER_THAN_A_LOCK)
            (queue,) = (each for each in bench.queues_known if bench.is_troubled(each))
            bench.deliver(queue)
        return None

    bench.cloud.spoil = spoilt


def poison(bench: Bench) -> None:
    """A message that is none, ahead of all others."""
    bench.struck += 1
    (queue,) = (each for each in bench.queues_known if bench.is_troubled(each))
    bench.bus.send(queue.name, [OutgoingMessage(b"\xff{", "poison", session_id=TENANT)])


def breaking() -> Manner:
    """Whoever works on the first of the queue's messages fails, every time."""
    first: list[int] = []

    def breaks(bench: Bench, queue: Queue, message: LockedMessage) -> None:
        """A mistake of ours breaks every worker"""
        first.append(message.sequence_number)
        if message.sequence_number == first[0]:
            raise ZeroDivisionError("a mistake of ours")
        bench.work(queue, message)

    return breaks


def _breaks(bench: Bench) -> None:
    disturb = delivered(breaking()).disturb
    assert disturb is not None
    disturb(bench)


def _belated(bench: Bench) -> None:
    disturb = delivered(out_of_order()).disturb
    assert disturb is not None
    disturb(bench)


FAULTS = (
    delivered(twice),
    delivered(at_once),
    Fault(GROUP, "out of order: the first message again after each later one", disturb=_belated),
    delivered(too_late),
    Fault(GROUP, "lock and lease run out in the middle, another worker takes over", disturb=lock_lost_meanwhile),
    killed(),
    Fault(GROUP, "a message that is none", disturb=poison),
    Fault(GROUP, "a mistake of ours breaks every worker", failed("given up", alert="dead-letter"), disturb=_breaks),
)
