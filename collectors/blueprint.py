"""The queue triggers of a scan and its sweep timer.

Bodies are bound as bytes: in a JSON text, the Functions host would let members override the message's own
metadata. Handlers are imported at the first message, so that a cold start stays short.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from collectors.base import Collector
from collectors.registry import COLLECTORS
from shared.messaging.queues import (
    DEAD_LETTER_REASON_PROPERTY,
    DEAD_LETTER_SOURCE_PROPERTY,
    DEAD_LETTERS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    Queue,
    collector_queue,
)

if TYPE_CHECKING:  # the wiring imports everything
    from shared.wiring import Services

SERVICE_BUS = "ServiceBus"
"""The prefix of the host's connection settings: `ServiceBus__fullyQualifiedNamespace`."""

bp = func.Blueprint()  # type: ignore[no-untyped-call]


def queue_trigger(queue: Queue) -> Callable[..., Callable[..., object]]:
    """Return the decorator of a function that receives this queue's messages one by one."""
    return bp.service_bus_queue_trigger(
        arg_name="message",
        connection=SERVICE_BUS,
        queue_name=queue.name,
        data_type=func.DataType.BINARY,
        is_sessions_enabled=queue.requires_session,
    )


def handle(queue: Queue, message: func.ServiceBusMessage, work: "Callable[[Services, bytes], None]") -> None:
    """Process one message; shared/messaging/handler.py is imported late because a cold start does not need it."""
    from shared.messaging.handler import handle as handle_message

    handle_message(queue, message, work)


@queue_trigger(SCAN_REQUESTS)
def plan_scan(message: func.ServiceBusMessage) -> None:
    """Plan a scan."""
    from collectors.scan.plan import plan

    handle(SCAN_REQUESTS, message, plan)


@queue_trigger(SCAN_FINISHES)
def finish_scan(message: func.ServiceBusMessage) -> None:
    """Finish a scan whose steps have all ended."""
    from collectors.scan.finish import finish

    handle(SCAN_FINISHES, message, finish)


def add_collector(collector: Collector) -> None:
    """Register the function `collect_<name>` on the collector's own queue."""
    queue = collector_queue(collector.name, collector.requires_session)

    def collect_step(message: func.ServiceBusMessage) -> None:
        from collectors.scan.run import collect

        handle(queue, message, lambda parts, body: collect(parts, collector, body))

    bp.function_name(f"collect_{collector.name}")(queue_trigger(queue)(collect_step))


for registered in COLLECTORS:
    add_collector(registered)


@queue_trigger(OPERATOR_JOBS)
def run_operator_job(message: func.ServiceBusMessage) -> None:
    """Run a job that a reviewer started: a re-pull, a query, metrics."""
    from collectors.jobs.run import run

    handle(OPERATOR_JOBS, message, run)


@queue_trigger(DEAD_LETTERS)
def record_dead_letter(message: func.ServiceBusMessage) -> None:
    """Record a message that we or Service Bus dead-lettered, and end its step as failed."""
    from collectors.dead_letters import record

    properties = message.application_properties or {}
    reason = properties.get(DEAD_LETTER_REASON_PROPERTY)
    source = message.dead_letter_source or properties.get(DEAD_LETTER_SOURCE_PROPERTY)
    place = str(source or DEAD_LETTERS.name)
    handle(DEAD_LETTERS, message, lambda parts, body: record(parts, body, str(reason or "no reason given"), place))


@bp.timer_trigger(arg_name="timer", schedule="0 */5 * * * *", run_on_startup=False, use_monitor=False)
def sweep_steps(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the trigger binds it
    """Every five minutes: resend steps whose message was lost or whose worker crashed."""
    from collectors.scan.sweep import sweep
    from shared.wiring import services

    sweep(services())
