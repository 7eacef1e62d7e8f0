"""A whole local run with the pipeline of Azure, its exporters replaced by lists.

`python -m tests.telemetry.traced_scan` writes as JSON what would have been sent, and every
secret that the simulated tenant gave out.
"""

import json
import logging
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from opentelemetry import metrics, trace
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id, format_trace_id

from local.ports import free_ports
from local.run import Run, RunOptions, running
from local.scan import watched
from shared.observability.export import log_record_processors, span_processors

USER = "owner@contoso.example"


class Sent:
    """Where everything is sent instead of Application Insights."""

    def __init__(self) -> None:
        self.spans, self.metrics = InMemorySpanExporter(), InMemoryMetricReader()
        self.logs = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        tracing, logs = TracerProvider(), LoggerProvider()
        for processor in (*span_processors(), SimpleSpanProcessor(self.spans)):
            tracing.add_span_processor(processor)
        for log_processor in (*log_record_processors(), SimpleLogRecordProcessor(self.logs)):
            logs.add_log_record_processor(log_processor)
        trace.set_tracer_provider(tracing)
        metrics.set_meter_provider(MeterProvider([self.metrics]))
        logging.getLogger().setLevel(logging.DEBUG)
        logging.getLogger().addHandler(LoggingHandler(logger_provider=logs))


def of_span(span: ReadableSpan) -> dict[str, Any]:
    assert span.context is not None
    return {
        "name": span.name,
        "trace": format_trace_id(span.context.trace_id),
        "id": format_span_id(span.context.span_id),
        "parent": format_span_id(span.parent.span_id) if span.parent else None,
        "status": span.status.status_code.name,
        "attributes": dict(span.attributes or {}),
        "links": [format_trace_id(link.context.trace_id) for link in span.links],
    }


def of_log(log: ReadableLogRecord) -> dict[str, Any]:
    record = log.log_record
    attributes = {name: str(value) for name, value in (record.attributes or {}).items()}
    return {"body": str(record.body), "trace": format_trace_id(record.trace_id or 0), "attributes": attributes}


def of_metrics(reader: InMemoryMetricReader) -> dict[str, list[dict[str, Any]]]:
    data = reader.get_metrics_data()
    found = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics] if data else []
    return {metric.name: [dict(point.attributes or {}) for point in metric.data.data_points] for metric in found}


def secrets(run: Run) -> Mapping[str, Any]:
    """What the tenant gave out, which no other may know."""
    issued: dict[str, Any] = requests.get(f"{run.options.tenant.url}/_simulation/issued", timeout=60).json()
    return issued


def main() -> None:
    sent = Sent()
    with tempfile.TemporaryDirectory(prefix="caleta-") as folder:
        port, tenant_port = free_ports(2)
        options = RunOptions(port, tenant_port, 1, "tiny", 600.0, Path(folder).resolve())
        with running(options) as run:
            scan, _ = watched(run, USER)
            issued = secrets(run)
    told = {
        "scan": {"id": scan.scan_id, "status": scan.status.value},
        "spans": [of_span(span) for span in sent.spans.get_finished_spans()],
        "logs": [of_log(log) for log in sent.logs.get_finished_logs()],
        "metrics": of_metrics(sent.metrics),
        "issued": issued,
    }
    json.dump(told, sys.stdout, default=str)


if __name__ == "__main__":
    main()
