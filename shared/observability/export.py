"""Send logs, spans and metrics to Application Insights; the only module that imports the OpenTelemetry SDK.

Before export, secrets are removed from every text and queries from every URL. Then spans are
sampled: of frequent browser requests one in ROUTINE_KEPT is kept, weighted accordingly. Failed
spans and all log records are always kept.

https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-filter
"""

import logging
from typing import Any

from opentelemetry.sdk._logs import LogRecordProcessor, ReadWriteLogRecord
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags
from opentelemetry.util.types import Attributes, AttributeValue

from shared.core.redaction import redact

ROUTINE_SPANS = frozenset({"page static", "page health", "page scan_overview"})
"""Requests that browsers repeat every few seconds while a user waits."""

ROUTINE_KEPT = 20

SAMPLE_RATE = "_MS.sampleRate"
"""Application Insights counts a span for 100 divided by this."""

QUERY_ATTRIBUTES = frozenset({"url.query", "http.target", "url.fragment"})
"""Never sent: a callback's query holds the authorization code."""

QUIET_LOGGERS = ("azure", "urllib3", "msal", "opentelemetry", "uamqp", "sqlalchemy")
"""Libraries that log from WARNING on: at INFO, Azure's log every URL they call."""

INSTRUMENTATIONS = (
    "azure_sdk", "django", "fastapi", "flask", "httpx", "psycopg2", "requests", "urllib", "urllib3",
)  # fmt: skip
"""All disabled: every span is our own, so no customer data can get into one unnoticed."""


def start(connection_string: str) -> None:
    """Start exporting for the lifetime of the process. The exporter's own setting selects its identity.

    Nothing is stored on disk for later, and no statistics are sent to third parties.
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
    """Return the processors that every span passes before export, in order."""
    return [RedactSpans(), ThinOut()]


def log_record_processors() -> list[LogRecordProcessor]:
    """Return the processors that every log record passes before export."""
    return [RedactLogs()]


class RedactSpans(SpanProcessor):
    """Removes secrets from spans before export."""

    def on_end(self, span: ReadableSpan) -> None:
        span._name = redact(span.name)  # noqa: SLF001 - the documented way: a span that has ended has no setters
        span._attributes = _redacted(span.attributes)  # noqa: SLF001
        span._events = [_redacted_event(event) for event in span.events]  # noqa: SLF001
        span._links = [Link(link.context, _redacted(link.attributes)) for link in span.links]  # noqa: SLF001
        if span.status.description:
            span._status = Status(span.status.status_code, redact(span.status.description))  # noqa: SLF001


class ThinOut(SpanProcessor):
    """Keeps one of ROUTINE_KEPT routine spans, chosen by trace id, and all other spans."""

    def on_end(self, span: ReadableSpan) -> None:
        if span.name not in ROUTINE_SPANS or span.status.status_code is StatusCode.ERROR or span.context is None:
            return
        if span.context.trace_id % ROUTINE_KEPT:
            span._context = _unsampled(span.context)  # noqa: SLF001 - exporters pass over what is not sampled
        else:
            span._attributes = {**(span.attributes or {}), SAMPLE_RATE: 100.0 / ROUTINE_KEPT}  # noqa: SLF001


class RedactLogs(LogRecordProcessor):
    """Removes secrets from a record's text and attributes, including tracebacks."""

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        record = log_record.log_record
        if isinstance(record.body, str):
            record.body = redact(record.body)
        record.attributes = _redacted(record.attributes)

    def shutdown(self) -> None:
        """Do nothing: nothing is buffered."""

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
    """Return the value without secrets; texts may be inside lists."""
    if isinstance(value, str):
        return redact(_without_query(value) if "url" in name else value)
    if isinstance(value, (list, tuple)):
        return [_clean(name, one) for one in value]
    return value


def _without_query(url: str) -> str:
    return url.split("?", 1)[0].split("#", 1)[0]
