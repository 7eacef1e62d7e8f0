"""`summarize` and `distinct`: rows by group, with the supported aggregates."""

from collections.abc import Callable, Sequence

from simulator.arm.kql_expressions import Row, Value, expression, typed
from simulator.arm.kql_tokens import KqlError, TokenReader
from simulator.exchange import Json

Aggregate = Callable[[list[Json]], Json]


def _numbers(values: list[Json]) -> list[float]:
    return [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]


AGGREGATES: dict[str, Aggregate] = {
    "count": len,
    "dcount": lambda values: len({str(value) for value in values if value is not None}),
    "sum": lambda values: sum(_numbers(values)),
    "avg": lambda values: sum(_numbers(values)) / len(_numbers(values)) if _numbers(values) else None,
    "min": lambda values: min((value for value in values if value is not None), default=None, key=str),
    "max": lambda values: max((value for value in values if value is not None), default=None, key=str),
}
"""Null is left out, as everywhere in the language; `count()` counts rows."""


NEEDS_A_TYPE = frozenset({"sum", "avg", "min", "max"})
"""Aggregates that Azure refuses for a dynamic value."""


def summarize(reader: TokenReader, rows: Sequence[Row]) -> tuple[list[Row], tuple[str, ...]]:
    """`summarize [name =] aggregate(column), … [by [name =] expression, …]`: the groups, and their columns."""
    made = [_aggregate(reader)]
    while reader.accept(","):
        made.append(_aggregate(reader))
    keys = _keys(reader) if reader.accept("by") else []
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(repr([value(row) for _, value in keys]), []).append(row)
    if not keys:
        groups = {"": list(rows)}
    found = [
        {name: value(own[0]) for name, value in keys}
        | {name: combine([value(row) for row in own]) for name, combine, value in made}
        for own in groups.values()
    ]
    return found, (*(name for name, _ in keys), *(name for name, _, _ in made))


def distinct(reader: TokenReader, rows: Sequence[Row]) -> tuple[list[Row], tuple[str, ...]]:
    """`distinct column, …`."""
    keys = _keys(reader)
    made = [{name: value(row) for name, value in keys} for row in rows]
    return list({repr(row): row for row in made}.values()), tuple(name for name, _ in keys)


def _aggregate(reader: TokenReader) -> tuple[str, Aggregate, Value]:
    token = reader.next
    name = reader.name()
    alias = name if reader.accept("=") else None
    function = reader.name() if alias else name
    if function not in AGGREGATES:
        raise KqlError(token)
    reader.expect("(")
    column = "" if reader.next.text == ")" else reader.next.text
    value = Value(lambda _row: 1) if not column else expression(reader)
    if function in NEEDS_A_TYPE:
        typed(value, token)
    reader.expect(")")
    return alias or f"{function}_{column}", AGGREGATES[function], value


def _keys(reader: TokenReader) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    while True:
        token = reader.next
        name = reader.name()
        if reader.accept("="):
            found.append((name, typed(expression(reader), token)))
        elif name in reader.columns:
            found.append((name, typed(_column(name, reader), token)))
        else:
            raise KqlError(token)
        if not reader.accept(","):
            return found


def _column(name: str, reader: TokenReader) -> Value:
    return Value(lambda row: row.get(name), name in reader.dynamic)
