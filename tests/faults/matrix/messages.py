"""Our own faults, by message: delivered twice, too late, to workers that die or fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from local.queue import LockedMessage
from shared.arm.request import Json
from shared.messaging.queues import OutgoingMessage, Queue
from tests.faults.breakable import Fuse, Killed
from tests.faults.matrix.azure import Azure, Call
from tests.faults.matrix.bench import Bench, Manner
from tests.faults.matrix.fault import Fault, failed
from tests.faults.matrix.front import Reply
from tests.support.collecting import TENANT

GROUP = "Our own messages and workers"
LONGER_THAN_A_LOCK = 400
KILLED_AT = (3, 10, 19)


def in_manner(manner: Manner) -> Callable[[Bench], None]:
    """Arranges that the troubled queue's messages are delivered so."""

    def delivered(bench: Bench, queue: Queue, message: LockedMessage) -> None:
        if not bench.is_troubled(queue):
            bench.work(queue, message)
            return
        bench.struck += 1
        manner(bench, queue, message)

    def disturb(bench: Bench) -> None:
        bench.manner = delivered

    return disturb


def twice(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """Once, and once more when that is done."""
    bench.work(queue, message)
    bench.work(queue, message)


def at_once(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """By two workers."""
    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(bench.work, queue, message) for _ in range(2)]:
            worker.result()


def out_of_order(bench: Bench) -> None:
    """The queue's first message comes again after each later one."""
    first: list[LockedMessage] = []

    def belated(_: Bench, queue: Queue, message: LockedMessage) -> None:
        first.append(message)
        bench.work(queue, message)
        bench.work(queue, first[0])

    in_manner(belated)(bench)


def too_late(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """The message comes again, for no one settled it in time."""
    bench.work(queue, message)
    if message.delivery_count == 1:
        bench.time.sleep(LONGER_THAN_A_LOCK)


def _killed(bench: Bench, queue: Queue, message: LockedMessage) -> None:
    """Only the troubled work is cut off."""
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


def killed(bench: Bench) -> None:
    """The process dies at some of the things that it writes."""
    in_manner(_killed)(bench)
    bench.set_fuse(SeveralDeaths())


def lock_lost_meanwhile(bench: Bench) -> None:
    """While a page is on its way, lock and lease run out, and another worker does the whole work."""

    def corrupted(azure: Azure, call: Call, _: Json) -> Reply | None:
        if call.page == 1 and not bench.struck:
            bench.struck += 1
            azure.clock.sleep(LONGER_THAN_A_LOCK)
            (queue,) = (each for each in bench.queues_known if bench.is_troubled(each))
            bench.deliver(queue)
        return None

    bench.cloud.spoil = corrupted


def poison(bench: Bench) -> None:
    """A message that is none, ahead of all others."""
    bench.struck += 1
    (queue,) = (each for each in bench.queues_known if bench.is_troubled(each))
    bench.bus.send(queue.name, [OutgoingMessage(b"\xff{", "poison", session_id=TENANT)])


def breaks(bench: Bench) -> None:
    """The worker that takes the first of the queue's messages fails, every time."""
    first: list[int] = []

    def failing(_: Bench, queue: Queue, message: LockedMessage) -> None:
        first.append(message.sequence_number)
        if message.sequence_number == first[0]:
            raise ZeroDivisionError("our mistake")
        bench.work(queue, message)

    in_manner(failing)(bench)


FAULTS = (
    Fault(GROUP, "each message delivered twice", disturb=in_manner(twice)),
    Fault(GROUP, "each message delivered to two workers at once", disturb=in_manner(at_once)),
    Fault(GROUP, "out of order: the first again after each later", disturb=out_of_order),
    Fault(GROUP, "the lock ran out when the work was done", disturb=in_manner(too_late)),
    Fault(GROUP, "lock and lease run out in the middle", disturb=lock_lost_meanwhile),
    Fault(GROUP, "killed three times, between any two writes", disturb=killed),
    Fault(GROUP, "a message that is none", disturb=poison),
    Fault(GROUP, "our mistake breaks every worker", failed("failed repeatedly", alert="dead-letter"), disturb=breaks),
)
