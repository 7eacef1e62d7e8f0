"""Runs a small, strict part of Resource Graph's query language; the rest is refused.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from simulator.arm import kql_summaries as summaries
from simulator.arm.kql_expressions import Row, Value, expression, typed
from simulator.arm.kql_tokens import KqlError, Token, TokenReader

TABLES = ("resources", "resourcecontainers", "advisorresources")
COLUMNS = (
    "id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan",
    "properties", "tags", "identity", "zones", "extendedLocation", "systemData",
)  # fmt: skip
DYNAMIC = frozenset(("sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation", "systemData"))
MOST_UNIONS = 3

Tables = dict[str, Callable[[], Iterable[Row]]]


@dataclass
class Result:
    """The rows, their columns, and whether the query itself limits them (then no page follows).

    `dynamic` are the columns whose type Kusto learns only from each row.
    """

    rows: list[Row]
    columns: tuple[str, ...]
    is_limited: bool = False
    dynamic: frozenset[str] = frozenset()


def run(query: str, tables: Tables) -> Result:
    """The result of the query; raises KqlError."""
    reader = TokenReader(query)
    result = _pipeline(reader, tables)
    if reader.next.kind != "end":
        raise KqlError(reader.next)
    return result


def _pipeline(reader: TokenReader, tables: Tables) -> Result:
    name = reader.next.text.lower()
    if name in OPERATORS:
        result = _table("resources", tables)
        reader.columns, reader.dynamic = result.columns, result.dynamic
        result = OPERATORS[reader.advance().text.lower()](reader, result, tables)
    else:
        result = _table(_table_name(reader), tables)
    unions = 0
    while reader.accept("|"):
        token = reader.advance()
        operator = OPERATORS.get(token.text.lower())
        unions += token.text.lower() == "union"
        if operator is None or unions > MOST_UNIONS:
            raise KqlError(token)
        reader.columns, reader.dynamic = result.columns, result.dynamic
        result = operator(reader, result, tables)
    return result


def _table_name(reader: TokenReader) -> str:
    token = reader.advance()
    if token.text.lower() not in TABLES:
        raise KqlError(token)
    return token.text.lower()


def _table(name: str, tables: Tables) -> Result:
    return Result(list(tables[name]()), COLUMNS, dynamic=DYNAMIC)


def _check(token: Token, names: Iterable[str], known: tuple[str, ...]) -> None:
    if any(name not in known for name in names):
        raise KqlError(token)


def _where(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    token = reader.next
    condition = typed(expression(reader), token)
    return replace(result, rows=[row for row in result.rows if condition(row) is True])


def _column(name: str, reader: TokenReader) -> Value:
    return Value(lambda row: row.get(name), name in reader.dynamic)


def _dynamic(made: Iterable[tuple[str, Value]]) -> frozenset[str]:
    return frozenset(name for name, value in made if value.is_dynamic)


def _assignments(reader: TokenReader, columns: tuple[str, ...], *, bare: bool) -> list[tuple[str, Value]]:
    """`name = expression, …`; with `bare` also plain columns."""
    found: list[tuple[str, Value]] = []
    while True:
        token = reader.next
        name = reader.name()
        if reader.accept("="):
            found.append((name, expression(reader)))
        elif bare and name in columns:
            found.append((name, _column(name, reader)))
        else:
            raise KqlError(token)
        if not reader.accept(","):
            return found


def _project(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    made = _assignments(reader, result.columns, bare=True)
    rows = [{name: value(row) for name, value in made} for row in result.rows]
    return Result(rows, tuple(name for name, _ in made), result.is_limited, _dynamic(made))


def _extend(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    made = _assignments(reader, result.columns, bare=False)
    rows = [{**row, **{name: value(row) for name, value in made}} for row in result.rows]
    columns = tuple(dict.fromkeys((*result.columns, *(name for name, _ in made))))
    dynamic = result.dynamic - {name for name, _ in made} | _dynamic(made)
    return Result(rows, columns, result.is_limited, dynamic)


def _union(reader: TokenReader, result: Result, tables: Tables) -> Result:
    if reader.accept("("):
        other = _pipeline(reader, tables)
        reader.expect(")")
    else:
        other = _table(_table_name(reader), tables)
    columns = tuple(dict.fromkeys((*result.columns, *other.columns)))
    rows = [{column: row.get(column) for column in columns} for row in (*result.rows, *other.rows)]
    return Result(rows, columns, result.is_limited or other.is_limited, result.dynamic | other.dynamic)


def _order(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    reader.expect("by")
    keys: list[tuple[str, bool]] = []
    while True:
        token = reader.next
        column = reader.name()
        _check(token, (column,), tuple(name for name in result.columns if name not in result.dynamic))
        keys.append((column, reader.accept("asc", "desc") != "asc"))
        if not reader.accept(","):
            break
    rows = result.rows
    for column, is_descending in reversed(keys):
        rows = sorted(rows, key=_sort_key(column), reverse=is_descending)
    return replace(result, rows=rows)


def _sort_key(column: str) -> Callable[[Row], tuple[bool, str]]:
    return lambda row: (row.get(column) is not None, str(row.get(column)))


def _take(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    token = reader.advance()
    if token.kind != "number" or not token.text.isdigit():
        raise KqlError(token)
    return replace(result, rows=result.rows[: int(token.text)], is_limited=True)


def _count(_reader: TokenReader, result: Result, _tables: Tables) -> Result:
    return Result([{"Count": len(result.rows)}], ("Count",), True)


def _summarize(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    return Result(*summaries.summarize(reader, result.rows))


def _distinct(reader: TokenReader, result: Result, _tables: Tables) -> Result:
    return Result(*summaries.distinct(reader, result.rows))


OPERATORS: dict[str, Callable[[TokenReader, Result, Tables], Result]] = {
    "where": _where,
    "project": _project,
    "extend": _extend,
    "union": _union,
    "order": _order,
    "sort": _order,
    "take": _take,
    "limit": _take,
    "count": _count,
    "summarize": _summarize,
    "distinct": _distinct,
}
