from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

from shared.messaging.queues import OutgoingMessage
from shared.observability import telemetry

ELSEWHERE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    provider, kept = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(telemetry, "tracer", lambda: provider.get_tracer("test"))
    yield kept
    provider.shutdown()


def trace_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return format_trace_id(span.context.trace_id)


def test_a_span_continues_the_trace_of_the_message(exporter: InMemorySpanExporter) -> None:
    with telemetry.span("work", ELSEWHERE):
        pass
    (work,) = exporter.get_finished_spans()
    assert work.parent is not None
    assert (trace_id(work), format_span_id(work.parent.span_id)) == tuple(ELSEWHERE.split("-")[1:3])


def test_a_host_that_knows_the_trace_already_is_the_parent(exporter: InMemorySpanExporter) -> None:
    with telemetry.span("host", ELSEWHERE), telemetry.span("work", ELSEWHERE):
        pass
    work, host = exporter.get_finished_spans()
    assert work.parent is not None
    assert host.context is not None
    assert work.parent.span_id == host.context.span_id


def test_a_host_in_another_trace_is_linked_to(exporter: InMemorySpanExporter) -> None:
    with telemetry.span("host"), telemetry.span("work", ELSEWHERE):
        pass
    work, host = exporter.get_finished_spans()
    assert trace_id(work) == ELSEWHERE.split("-")[1]
    assert [link.context for link in work.links] == [host.context]


@pytest.mark.parametrize("garbage", ["", "x", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é" * 300])
def test_a_parent_that_means_nothing_begins_a_trace_of_its_own(exporter: InMemorySpanExporter, garbage: str) -> None:
    with telemetry.span("work", garbage):
        pass
    (work,) = exporter.get_finished_spans()
    assert work.parent is None


def test_a_message_takes_along_where_it_was_made(exporter: InMemorySpanExporter) -> None:
    with telemetry.span("work"):
        message = OutgoingMessage(b"", "one")
    (work,) = exporter.get_finished_spans()
    assert message.traceparent is not None
    assert message.traceparent.split("-")[1] == trace_id(work)


def test_outside_of_any_trace_there_is_nothing_to_take_along() -> None:
    assert OutgoingMessage(b"", "one").traceparent is None


def test_an_exception_is_noted_by_its_type_and_never_by_its_text(exporter: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="customer"), telemetry.span("work"):
        raise ValueError("what the customer wrote")
    (work,) = exporter.get_finished_spans()
    assert (work.status.status_code, work.status.description) == (StatusCode.ERROR, "ValueError")
    assert work.events == ()


def test_names_get_our_prefix_and_nothing_is_said_of_none(exporter: InMemorySpanExporter) -> None:
    with telemetry.span("work", scan="1", step=None):
        telemetry.note(rows=3)
    (work,) = exporter.get_finished_spans()
    assert dict(work.attributes or {}) == {"caleta.scan": "1", "caleta.rows": 3}


def test_every_metric_has_a_unit() -> None:
    named = {value for name, value in vars(telemetry).items() if name.isupper() and str(value).startswith("caleta.")}
    assert named - {telemetry.PREFIX} == set(telemetry.UNITS)
