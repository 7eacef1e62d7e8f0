"""What every collector is held to, whichever API it reads."""

import importlib
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, create_engine, select

from collectors.base import Collector, Row, StepContext
from collectors.registry import COLLECTORS
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS
from shared.arm.request import ArmPage, Json
from shared.core.errors import CaletaError
from shared.messaging.queues import collector_queue
from shared.sql.collected.cost_lines import full_rows
from shared.sql.scans.dimension_numbers import DimensionNumbers
from shared.sql.scans.pages import insert_rows
from shared.sql.scans.row_batches import storable_rows
from shared.sql.schema.cost_tables import COST_DIMENSIONS, COST_TABLES
from shared.sql.schema.metadata import own_columns
from shared.sql.schema.tables import metadata
from tests.conformance.collector_samples import SAMPLES
from tests.support.arm_replay import ARM, CONTEXT, PERIOD, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.steps import a_step

SIMPLIFIED = StepContext(SUBSCRIPTION, PERIOD, simplified=True)
MEMBERS = (
    "value", "properties", "columns", "rows", "data", "count", "name", "id", "type", "kind", "category", "facets",
    "recommendationDetails", "resultTruncated", "Cost", "BillingMonth", "Currency", "ResourceId",
)  # fmt: skip

every_collector = pytest.mark.parametrize("collector", COLLECTORS, ids=lambda each: each.name)


def tables_of(collector: Collector) -> tuple[Table, ...]:
    table = metadata.tables[collector.name]
    return (table, *COST_DIMENSIONS.values()) if table in COST_TABLES else (table,)


def _rows(collector: Collector, payload: Json, context: StepContext = CONTEXT) -> list[Row]:
    return list(collector.rows(context, payload, True))


def test_every_collector_has_a_sample_and_every_sample_a_collector() -> None:
    assert set(SAMPLES) == {collector.name for collector in COLLECTORS}


@every_collector
def test_its_name_is_the_stem_of_everything(collector: Collector) -> None:
    module = importlib.import_module(f"collectors.{collector.name}")
    assert module.COLLECTOR is collector
    assert collector.name in metadata.tables
    assert collector_queue(collector.name).name == f"collect-{collector.name.replace('_', '-')}"


@every_collector
def test_its_columns_are_its_tables(collector: Collector) -> None:
    """Of cost rows the columns stand in three tables."""
    own = [name for table in tables_of(collector) for name in own_columns(table) if name not in COST_DIMENSIONS]
    assert sorted(own) == sorted(collector.columns)


@every_collector
def test_it_is_explained_to_the_customer(collector: Collector) -> None:
    assert collector.endpoint in ENDPOINTS
    assert collector.kind.reads.endswith(".")
    assert collector.endpoint.documentation.startswith("https://learn.microsoft.com/")


@every_collector
@pytest.mark.parametrize("context", [CONTEXT, SIMPLIFIED], ids=["full", "simplified"])
def test_its_calls_never_change_and_are_allowed(collector: Collector, context: StepContext) -> None:
    calls = collector.requests(context)
    assert calls == collector.requests(context)
    assert len(calls) == len({json.dumps([call.query, call.body]) for call in calls}) > 0
    wire = Wire(*[Reply(204) for _ in calls])
    for call in calls:
        client(wire).send(call, Tokens())
    for sent in wire.sent:
        assert check(ARM, sent.method or "", sent.url or "", SUBSCRIPTION) is collector.endpoint


@every_collector
def test_its_sample_becomes_rows_that_fit_its_table(collector: Collector) -> None:
    rows = _rows(collector, SAMPLES[collector.name])
    assert rows
    for row in rows:
        _fits(collector, row)


def _fits(collector: Collector, row: Row) -> None:
    assert len(row) == len(collector.columns)
    for name, value in zip(collector.columns, row, strict=True):
        column = next(table.c[name] for table in tables_of(collector) if name in table.c)
        if value is None:
            assert column.nullable, f"{name} must not be empty"
            continue
        assert isinstance(value, column.type.python_type), f"{name} is a {type(value).__name__}"
        length = getattr(column.type, "length", None)
        assert length is None or not isinstance(value, str) or len(value) <= length


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


@every_collector
def test_its_rows_come_back_from_the_database_as_they_were(collector: Collector, connection: Connection) -> None:
    table, rows = metadata.tables[collector.name], _rows(collector, SAMPLES[collector.name])
    step = a_step(collector=collector.name, pages=0)
    given = storable_rows(table, collector.columns, rows, connection.dialect)
    insert_rows(connection, step, given, DimensionNumbers())
    stored = full_rows(table) if table in COST_TABLES else select(table)
    found = connection.execute(stored.order_by(table.c.row_id)).mappings()
    assert [tuple(row[name] for name in collector.columns) for row in found] == rows


@every_collector
def test_it_is_a_pure_function_of_the_page(collector: Collector) -> None:
    payload = deepcopy(SAMPLES[collector.name])
    first = _rows(collector, payload)
    assert payload == SAMPLES[collector.name]
    assert _rows(collector, payload) == first


@every_collector
def test_what_is_stored_of_a_page_gives_the_same_rows_and_the_same_next_page(collector: Collector) -> None:
    page = ArmPage(200, b"{}", SAMPLES[collector.name], "next")
    stored = collector.storable(page)
    assert stored.next_cursor == "next"
    assert _rows(collector, stored.payload) == _rows(collector, page.payload)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["Cost", "legacy", "SavingsPlan"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=25,
)


@every_collector
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(payload=JSON)
def test_any_page_becomes_rows_or_one_of_our_own_errors(collector: Collector, payload: Json) -> None:
    for context in (CONTEXT, SIMPLIFIED):
        try:
            rows = _rows(collector, payload, context)
        except CaletaError:
            continue
        assert all(len(row) == len(collector.columns) for row in rows)


def _places(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from _places(member, (*path, key))


def _replaced(value: Json, path: tuple[Any, ...], junk: Json) -> Json:
    if not path:
        return junk
    changed = deepcopy(value)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    return changed


@every_collector
@pytest.mark.parametrize("junk", [None, "junk", 7, True, [], ["junk"], {}, {"junk": 1}], ids=repr)
def test_junk_at_any_single_place_becomes_rows_or_one_of_our_own_errors(collector: Collector, junk: Json) -> None:
    sample = SAMPLES[collector.name]
    for path in _places(sample):
        try:
            rows = _rows(collector, _replaced(sample, path, junk))
        except CaletaError:
            continue
        for row in rows:
            _fits(collector, row)
