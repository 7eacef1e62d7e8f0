"""Record spans and metrics with OpenTelemetry's API; they cost almost nothing until `export.py` sends them.

They carry names, ids and numbers, never customers' texts. One trace runs from the consent through
the queues to the last page, because every message carries its sender's traceparent.

https://opentelemetry.io/docs/concepts/signals/traces/
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.metrics import Counter, Histogram, Meter
from opentelemetry.trace import Link, Span, SpanContext, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Attribute = str | int | float | bool | None

TRACEPARENT = "traceparent"
"""The W3C name; https://www.w3.org/TR/trace-context/"""

SCOPE = "caleta"

PREFIX = "caleta."
"""The prefix of our attributes, which separates them from the semantic conventions."""

QUEUE_AGE = "caleta.queue.age"
SCAN_DURATION = "caleta.scan.duration"
STEPS = "caleta.steps"
THROTTLE_WAIT = "caleta.throttle.wait"
ROWS_PER_SECOND = "caleta.rows.rate"
ROWS = "caleta.rows"
PURGED_ROWS = "caleta.purge.rows"
PURGED_CUSTOMERS = "caleta.purge.customers"

UNITS = {
    QUEUE_AGE: "s",
    SCAN_DURATION: "s",
    THROTTLE_WAIT: "s",
    ROWS_PER_SECOND: "{row}/s",
    STEPS: "{step}",
    ROWS: "{row}",
    PURGED_ROWS: "{row}",
    PURGED_CUSTOMERS: "{customer}",
}
"""Every metric and its unit (UCUM)."""


def tracer() -> Tracer:
    """Return the tracer of the installed SDK, or one that does nothing."""
    return trace.get_tracer(SCOPE)


def meter() -> Meter:
    """Return the meter, likewise."""
    return metrics.get_meter(SCOPE)


@contextmanager
def span(name: str, parent: str | None = None, **attributes: Attribute) -> Iterator[Span]:
    """Run the block in a span, a child of the current one.

    `parent` is the traceparent of a message or a stored flow. If the current span belongs to
    another trace, it is only linked. An exception marks the span as failed with its type: its
    text may quote confidential data.
    """
    context, links = _origin(parent)
    with (
        tracer().start_as_current_span(
            name,
            context=context,
            attributes=_named(attributes),
            links=links,
            record_exception=False,
            set_status_on_exception=False,
        ) as started,
        ExitStack() as ending,
    ):
        ending.push(lambda kind, _error, _trace: _note_failure(started, kind))
        yield started


def note(**attributes: Attribute) -> None:
    """Add attributes to the current span."""
    trace.get_current_span().set_attributes(_named(attributes))


def failed(reason: str) -> None:
    """Mark the current span as failed; `reason` is one of our own words."""
    trace.get_current_span().set_status(Status(StatusCode.ERROR, reason))


def current_traceparent() -> str | None:
    """Return the current span's traceparent for a message; None outside a trace."""
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(TRACEPARENT)


def record(metric: str, value: float, **attributes: Attribute) -> None:
    """Record one value of a histogram, in the unit of UNITS."""
    _histogram(meter(), metric).record(value, _named(attributes))


def count(metric: str, amount: int = 1, **attributes: Attribute) -> None:
    """Increase a counter."""
    _counter(meter(), metric).add(amount, _named(attributes))


@cache
def _histogram(of: Meter, metric: str) -> Histogram:
    return of.create_histogram(metric, UNITS[metric])


@cache
def _counter(of: Meter, metric: str) -> Counter:
    return of.create_counter(metric, UNITS[metric])


def _origin(parent: str | None) -> tuple[Context | None, list[Link]]:
    """Return the parent context (None: the current one) and the links."""
    given = TraceContextTextMapPropagator().extract({TRACEPARENT: parent or ""})
    remote, here = trace.get_current_span(given).get_span_context(), trace.get_current_span().get_span_context()
    if not remote.is_valid or remote.trace_id == here.trace_id:
        return None, []
    return trace.set_span_in_context(trace.NonRecordingSpan(remote)), _links(here)


def _links(here: SpanContext) -> list[Link]:
    return [Link(here)] if here.is_valid else []


def _note_failure(started: Span, kind: type[BaseException] | None) -> None:
    if kind is not None:
        started.set_status(Status(StatusCode.ERROR, kind.__name__))


def _named(attributes: Mapping[str, Attribute]) -> dict[str, str | int | float | bool]:
    """Add our prefix and drop None values."""
    return {PREFIX + name: value for name, value in attributes.items() if value is not None}
