"""Decides whether a Resource Graph query may be sent: listed tables, columns, properties and functions alone.

Every query is checked before it is sent, our own included. This is an allow-list: what it does not
understand or list is refused, even if Azure would accept it.
https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from shared.arm.kql.checks import Kind, Scope, bag_among, check, check_typed, check_value, rows_of
from shared.arm.kql.expressions import FunctionCall, Node, Path, expression
from shared.arm.kql.readable import TABLES, ReadableTable
from shared.arm.kql.tokens import END, Refused, TokenReader, listed

JOINS = ("inner", "innerunique", "leftouter", "fullouter")


@lru_cache(maxsize=32)
def rejection_reason(query: str) -> str | None:
    """Return a sentence that says why this query may not be sent; None if it may."""
    try:
        _check(TokenReader(query))
    except Refused as refused:
        return str(refused)
    return None


def _check(tokens: TokenReader) -> None:
    result = _query(tokens)
    if tokens.next is not END:
        raise Refused(f"{tokens.next.shown} is unexpected after the end of the query.")
    _check_named(result, "At the end")


def _query(tokens: TokenReader) -> Scope:
    """Parse a table, then operators separated by `|`."""
    token = tokens.advance()
    table = TABLES.get(token.text.lower())
    if table is None:
        raise Refused(f"{token.shown} is not a readable table. Readable tables: {listed(TABLES)}.")
    scope = rows_of(table)
    if table.restricted:
        scope = _restricted(tokens, scope, table)
    while tokens.accept("|"):
        token = tokens.advance()
        operator = OPERATORS.get(token.text)
        if operator is None:
            raise Refused(f"{token.shown} is not an allowed operator. Allowed operators: {listed(sorted(OPERATORS))}.")
        scope = operator(tokens, scope)
    return scope


def _restricted(tokens: TokenReader, scope: Scope, table: ReadableTable) -> Scope:
    """Of this table only rows of the listed kinds are read: the first operator has to filter them."""
    if tokens.accept("|") and tokens.accept("where", "filter"):
        scope = _where(tokens, scope)
    if scope.kinds is None or not scope.kinds <= set(table.properties):
        kinds = " or ".join(f"'{kind}'" for kind in table.properties)
        raise Refused(
            f"Only some rows of {table.name} can be read. Start with | where {table.kind_of_row.written} =~ {kinds}."
        )
    return scope


def _check_named(scope: Scope, place: str) -> None:
    if scope.table is not None:
        raise Refused(
            f"{place} name the columns with project, summarize, distinct or count, so that the result contains no "
            "whole property bag and no identity."
        )


def _where(tokens: TokenReader, scope: Scope) -> Scope:
    condition = expression(tokens)
    within = scope.where(condition)
    check_typed(condition, within, "as a condition")
    return within


def _columns(
    tokens: TokenReader, scope: Scope, *, sums: bool = False, typed_place: str | None = None
) -> dict[str, Kind]:
    """`name = expression, …`. An expression without a name of its own or ours cannot be referred to later.

    With `typed_place`, each must have a fixed type.
    """
    found: dict[str, Kind] = {}
    while True:
        alias = tokens.alias()
        node = expression(tokens)
        kind = check_typed(node, scope, typed_place) if typed_place else check(node, scope, sums=sums)
        if name := alias or _own_name(node):
            found[name] = kind
        if not tokens.accept(","):
            return found


def _own_name(node: Node) -> str | None:
    """The name that Resource Graph gives to a column without one."""
    match node:
        case Path(column, members) if not any(isinstance(member, int) for member in members):
            return "_".join((column, *map(str, members)))
        case FunctionCall("count", ()):
            return "count_"
        case FunctionCall("bin", (first, *_)):
            return _own_name(first)
        case FunctionCall("sum" | "dcount" | "avg" | "min" | "max" as function, (Path() as path, *_)):
            return f"{function}_{_own_name(path)}"
    return None


def _project(tokens: TokenReader, scope: Scope) -> Scope:
    return Scope(_columns(tokens, scope))


def _extend(tokens: TokenReader, scope: Scope) -> Scope:
    """More columns; none may replace a column that decides which properties may be read."""
    added = _columns(tokens, scope)
    taken = {"properties", "identity", "managedby", *map(str.lower, scope.columns)} if scope.table else {"properties"}
    for name in added:
        if name.lower() in taken:
            raise Refused(f"The column {name} already exists. Choose another name.")
    return replace(scope, columns={**scope.columns, **added})


def _summarize(tokens: TokenReader, scope: Scope) -> Scope:
    found = {} if tokens.next.text == "by" else _columns(tokens, scope, sums=True)
    if tokens.accept("by"):
        found.update(_columns(tokens, scope, typed_place="after by"))
    return Scope(found)


def _distinct(tokens: TokenReader, scope: Scope) -> Scope:
    return Scope(_columns(tokens, scope, typed_place="in distinct"))


def _count(_tokens: TokenReader, _scope: Scope) -> Scope:
    return Scope({"Count": Kind.VALUE})


def _order(tokens: TokenReader, scope: Scope) -> Scope:
    return _ordered(tokens, scope, check=lambda node: check_typed(node, scope, "in order by"))


def _ordered(tokens: TokenReader, scope: Scope, check: Callable[[Node], Kind]) -> Scope:
    tokens.expect("by")
    while True:
        check(expression(tokens))
        tokens.accept("asc", "desc")
        if tokens.accept("nulls") and not tokens.accept("first", "last"):
            raise Refused("Enter first or last after nulls.")
        if not tokens.accept(","):
            return scope


def _take(tokens: TokenReader, scope: Scope) -> Scope:
    if not tokens.advance().text.isdigit():
        raise Refused("Enter a number of rows.")
    return scope


def _top(tokens: TokenReader, scope: Scope) -> Scope:
    return _ordered(tokens, _take(tokens, scope), check=lambda node: check_value(node, scope))


def _column_names(tokens: TokenReader, scope: Scope) -> Scope:
    """project-away, -keep, -reorder: names of existing columns."""
    _check_named(scope, "Before project-away, project-keep and project-reorder")
    while True:
        check(Path(tokens.name()), scope)
        if not tokens.accept(","):
            return scope


def _rename(tokens: TokenReader, scope: Scope) -> Scope:
    _check_named(scope, "Before project-rename")
    return replace(scope, columns={**scope.columns, **_columns(tokens, scope)})


def _subquery(tokens: TokenReader, what: str) -> Scope:
    """A query in parentheses, with its columns named."""
    tokens.enter_subquery()
    tokens.expect("(")
    scope = _query(tokens)
    tokens.expect(")")
    _check_named(scope, f"On both sides of {what}")
    return scope


def _union(tokens: TokenReader, scope: Scope) -> Scope:
    _check_named(scope, "On both sides of union")
    columns = dict(scope.columns)
    while True:
        for name, kind in _subquery(tokens, "union").columns.items():
            columns[name] = bag_among((kind, columns.get(name))) or kind
        if not tokens.accept(","):
            return Scope(columns)


def _join(tokens: TokenReader, scope: Scope) -> Scope:
    _check_named(scope, "On both sides of join")
    if tokens.alias() == "kind" and tokens.advance().text not in JOINS:
        raise Refused(f"This kind of join is not allowed. Allowed kinds: {listed(JOINS)}.")
    right = _subquery(tokens, "join")
    tokens.expect("on")
    while True:
        _join_key(tokens, scope, right)
        if not tokens.accept(","):
            break
    doubled = {f"{name}1" if name in scope.columns else name: kind for name, kind in right.columns.items()}
    return Scope({**doubled, **scope.columns})


def _join_key(tokens: TokenReader, left: Scope, right: Scope) -> None:
    """A column of both sides, or $left.a == $right.b."""
    sides = {"$left": left, "$right": right}
    if tokens.next.text not in sides:
        name = Path(tokens.name())
        check_typed(name, left, "as the key of a join")
        check_typed(name, right, "as the key of a join")
        return
    for sign in ("==", ""):
        side = tokens.advance().text
        if side not in sides:
            raise Refused("Join on a column that both tables have, or on $left.a == $right.b.")
        tokens.expect(".")
        check_typed(Path(tokens.name()), sides[side], "as the key of a join")
        if sign:
            tokens.expect(sign)


OPERATORS: Mapping[str, Callable[[TokenReader, Scope], Scope]] = {
    "where": _where,
    "filter": _where,
    "project": _project,
    "extend": _extend,
    "summarize": _summarize,
    "distinct": _distinct,
    "count": _count,
    "order": _order,
    "sort": _order,
    "top": _top,
    "take": _take,
    "limit": _take,
    "project-away": _column_names,
    "project-keep": _column_names,
    "project-reorder": _column_names,
    "project-rename": _rename,
    "union": _union,
    "join": _join,
}
