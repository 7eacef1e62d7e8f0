"""Sends logs, spans and metrics to Application Insights; the only module that imports the OpenTelemetry SDK.

What leaves passes two doors: secrets are taken out of every text, and addresses lose their
query. Then it is thinned: of what browsers ask for all the time one in ROUTINE_KEPT is kept,
counted as many. A span that failed is always kept, and so is every log record.

https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-filter
"""

import logging
from typing import Any

from opentelemetry.sdk._logs import LogRecordProcessor, ReadWriteLogRecord
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags
from opentelemetry.util.types import Attributes, AttributeValue

from shared.core.redaction import redact

ROUTINE_SPANS = frozenset({"page static", "page health", "page scan_progress"})
"""What browsers ask for every few seconds while somebody waits."""

ROUTINE_KEPT = 20

SAMPLE_RATE = "_MS.sampleRate"
"""Application Insights counts a span for 100 divided by this."""

QUERY_ATTRIBUTES = frozenset({"url.query", "http.target", "url.fragment"})
"""Never sent: a callback's query holds the authorisation code."""

QUIET_LOGGERS = ("azure", "urllib3", "msal", "opentelemetry", "uamqp", "sqlalchemy")
"""Libraries speak up from warnings on: at INFO, Azure's write every address that they call."""

INSTRUMENTATIONS = (
    "azure_sdk", "django", "fastapi", "flask", "httpx", "psycopg2", "requests", "urllib", "urllib3",
)  # fmt: skip
"""All are off: every span is one that we wrote, so nothing of a customer's gets into one unseen."""


def start(connection_string: str) -> None:
    """Begins to send, for as long as the process lives. The identity to send as is the exporter's own setting.

    Nothing is written to the disk to be sent later, and no figures go to anybody but us.
    """
    from azure.monitor.opentelemetry import configure_azure_monitor  # takes a third of a second to import

    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    configure_azure_monitor(
        connection_string=connection_string,
        sampling_ratio=1.0,
        span_processors=span_processors(),
        log_record_processors=log_record_processors(),
        instrumentation_options={name: {"enabled": False} for name in INSTRUMENTATIONS},
        disable_offline_storage=True,
        enable_live_metrics=False,
        enable_performance_counters=False,
    )


def span_processors() -> list[SpanProcessor]:
    """What every span passes before an exporter, in this order."""
    return [RedactSpans(), ThinOut()]


def log_record_processors() -> list[LogRecordProcessor]:
    """What every log record passes before an exporter."""
    return [RedactLogs()]


class RedactSpans(SpanProcessor):
    """Takes secrets out of all that a span says, before any exporter sees it."""

    def on_end(self, span: ReadableSpan) -> None:
        span._name = redact(span.name)  # noqa: SLF001 - the documented way: a span that has ended has no setters
        span._attributes = _redacted(span.attributes)  # noqa: SLF001
        span._events = [_redacted_event(event) for event in span.events]  # noqa: SLF001
        span._links = [Link(link.context, _redacted(link.attributes)) for link in span.links]  # noqa: SLF001
        if span.status.description:
            span._status = Status(span.status.status_code, redact(span.status.description))  # noqa: SLF001


class ThinOut(SpanProcessor):
    """Keeps one of ROUTINE_KEPT routine spans by its trace id, and all others."""

    def on_end(self, span: ReadableSpan) -> None:
        if span.name not in ROUTINE_SPANS or span.status.status_code is StatusCode.ERROR or span.context is None:
            return
        if span.context.trace_id % ROUTINE_KEPT:
            span._context = _unsampled(span.context)  # noqa: SLF001 - exporters pass over what is not sampled
        else:
            span._attributes = {**(span.attributes or {}), SAMPLE_RATE: 100.0 / ROUTINE_KEPT}  # noqa: SLF001


class RedactLogs(LogRecordProcessor):
    """Takes secrets out of a record's text and of its attributes, tracebacks among them."""

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        record = log_record.log_record
        if isinstance(record.body, str):
            record.body = redact(record.body)
        record.attributes = _redacted(record.attributes)

    def shutdown(self) -> None:
        """Nothing is held back."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - the SDK's signature
        return True


def _unsampled(context: SpanContext) -> SpanContext:
    return SpanContext(
        context.trace_id, context.span_id, context.is_remote, TraceFlags(TraceFlags.DEFAULT), context.trace_state
    )


def _redacted_event(event: Event) -> Event:
    return Event(redact(event.name), _redacted(event.attributes), event.timestamp)


def _redacted(attributes: Attributes) -> dict[str, AttributeValue]:
    given = (attributes or {}).items()
    return {name: _clean(name, value) for name, value in given if name not in QUERY_ATTRIBUTES}


def _clean(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever kind of value goes in comes out
    """The value without secrets; texts may be inside of lists."""
    if isinstance(value, str):
        return redact(_without_query(value) if "url" in name else value)
    if isinstance(value, (list, tuple)):
        return [_clean(name, one) for one in value]
    return value


def _without_query(url: str) -> str:
    return url.split("?", 1)[0].split("#", 1)[0]
