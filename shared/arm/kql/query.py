"""What a query to Resource Graph may ask: named tables, columns and properties, and functions that read nothing more.

Every query is held to it where it is about to be sent, our own included. It is an allow-list: what
is not understood or not listed here is refused, whatever Azure would make of it.
https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from shared.arm.kql.checks import Kind, Scope, check, check_value, rows_of
from shared.arm.kql.expressions import Call, Node, Path, expression
from shared.arm.kql.reach import TABLES, ReadableTable
from shared.arm.kql.words import END, Refused, Words, listed

JOINS = ("inner", "innerunique", "leftouter", "fullouter")


@lru_cache(maxsize=32)
def complaint_about(query: str) -> str | None:
    """Why this query may not be sent, in a sentence; None if it may."""
    try:
        _check(Words(query))
    except Refused as refused:
        return str(refused)
    return None


def _check(words: Words) -> None:
    result = _query(words)
    if words.next is not END:
        raise Refused(f"{words.next.shown} was not expected after the end of the query.")
    _check_named(result, "At the end")


def _query(words: Words) -> Scope:
    """A table, then operators between bars."""
    word = words.take()
    table = TABLES.get(word.text.lower())
    if table is None:
        raise Refused(f"{word.shown} is not a table that is read. Allowed are {listed(TABLES)}.")
    scope = rows_of(table)
    if table.restricted:
        scope = _restricted(words, scope, table)
    while words.takes("|"):
        word = words.take()
        operator = OPERATORS.get(word.text)
        if operator is None:
            raise Refused(
                f"{word.shown} is not an operator that is allowed here. Allowed are {listed(sorted(OPERATORS))}."
            )
        scope = operator(words, scope)
    return scope


def _restricted(words: Words, scope: Scope, table: ReadableTable) -> Scope:
    """Of this table the rows of the listed kinds alone: the first operator has to say so."""
    if words.takes("|") and words.takes("where", "filter"):
        scope = _where(words, scope)
    if scope.kinds is None or not scope.kinds <= set(table.properties):
        kinds = " or ".join(f"'{kind}'" for kind in table.properties)
        raise Refused(
            f"Of {table.name} only some rows are read: begin with | where {table.kind_of_row.written} =~ {kinds}."
        )
    return scope


def _check_named(scope: Scope, place: str) -> None:
    if scope.table is not None:
        raise Refused(
            f"{place} name the columns, by project, summarize, distinct or count, so that the result holds no whole "
            "bag of properties and no identity."
        )


def _where(words: Words, scope: Scope) -> Scope:
    condition = expression(words)
    within = scope.where(condition)
    check_value(condition, within)
    return within


def _columns(words: Words, scope: Scope, *, sums: bool = False) -> dict[str, Kind]:
    """`name = expression, …`. An expression that names itself keeps no name, so nothing later can refer to it."""
    found: dict[str, Kind] = {}
    while True:
        alias = words.alias()
        node = expression(words)
        kind = check(node, scope, sums=sums)
        if name := alias or _own_name(node):
            found[name] = kind
        if not words.takes(","):
            return found


def _own_name(node: Node) -> str | None:
    """The name that Resource Graph gives to a column without one."""
    match node:
        case Path(column, members) if not any(isinstance(member, int) for member in members):
            return "_".join((column, *map(str, members)))
        case Call("count", ()):
            return "count_"
        case Call("bin", (first, *_)):
            return _own_name(first)
        case Call("sum" | "dcount" | "avg" | "min" | "max" as function, (Path() as path, *_)):
            return f"{function}_{_own_name(path)}"
    return None


def _project(words: Words, scope: Scope) -> Scope:
    return Scope(_columns(words, scope))


def _extend(words: Words, scope: Scope) -> Scope:
    """Further columns; none may take the place of one by which rows and properties are told apart."""
    added = _columns(words, scope)
    taken = {"properties", "identity", "managedby", *map(str.lower, scope.columns)} if scope.table else {"properties"}
    for name in added:
        if name.lower() in taken:
            raise Refused(f"There is a column {name} already: give the new one another name.")
    return replace(scope, columns={**scope.columns, **added})


def _summarize(words: Words, scope: Scope) -> Scope:
    found = {} if words.next.text == "by" else _columns(words, scope, sums=True)
    if words.takes("by"):
        found.update(_columns(words, scope))
    return Scope(found)


def _count(_words: Words, _scope: Scope) -> Scope:
    return Scope({"Count": Kind.VALUE})


def _order(words: Words, scope: Scope) -> Scope:
    words.need("by")
    while True:
        check_value(expression(words), scope)
        words.takes("asc", "desc")
        if words.takes("nulls") and not words.takes("first", "last"):
            raise Refused("After nulls stands first or last.")
        if not words.takes(","):
            return scope


def _take(words: Words, scope: Scope) -> Scope:
    if not words.take().text.isdigit():
        raise Refused("A number of rows was expected.")
    return scope


def _top(words: Words, scope: Scope) -> Scope:
    return _order(words, _take(words, scope))


def _some(words: Words, scope: Scope) -> Scope:
    """project-away, -keep, -reorder: names of columns that there are."""
    _check_named(scope, "Before project-away, project-keep and project-reorder")
    while True:
        check(Path(words.name()), scope)
        if not words.takes(","):
            return scope


def _rename(words: Words, scope: Scope) -> Scope:
    _check_named(scope, "Before project-rename")
    return replace(scope, columns={**scope.columns, **_columns(words, scope)})


def _leg(words: Words, what: str) -> Scope:
    """A query between brackets, with its columns named."""
    words.deeper()
    words.need("(")
    scope = _query(words)
    words.need(")")
    _check_named(scope, f"On both sides of {what}")
    return scope


def _union(words: Words, scope: Scope) -> Scope:
    _check_named(scope, "On both sides of union")
    columns = dict(scope.columns)
    while True:
        for name, kind in _leg(words, "union").columns.items():
            columns[name] = Kind.BAG if Kind.BAG in (kind, columns.get(name)) else kind
        if not words.takes(","):
            return Scope(columns)


def _join(words: Words, scope: Scope) -> Scope:
    _check_named(scope, "On both sides of join")
    if words.alias() == "kind" and words.take().text not in JOINS:
        raise Refused(f"There is no such kind of join here. Allowed are {listed(JOINS)}.")
    right = _leg(words, "join")
    words.need("on")
    while True:
        _join_key(words, scope, right)
        if not words.takes(","):
            break
    doubled = {f"{name}1" if name in scope.columns else name: kind for name, kind in right.columns.items()}
    return Scope({**doubled, **scope.columns})


def _join_key(words: Words, left: Scope, right: Scope) -> None:
    """A name that both sides have, or $left.a == $right.b."""
    sides = {"$left": left, "$right": right}
    if words.next.text not in sides:
        name = Path(words.name())
        check_value(name, left)
        check_value(name, right)
        return
    for sign in ("==", ""):
        side = words.take().text
        if side not in sides:
            raise Refused("A join is on a column of both sides, or on $left.a == $right.b.")
        words.need(".")
        check_value(Path(words.name()), sides[side])
        if sign:
            words.need(sign)


OPERATORS: Mapping[str, Callable[[Words, Scope], Scope]] = {
    "where": _where,
    "filter": _where,
    "project": _project,
    "extend": _extend,
    "summarize": _summarize,
    "distinct": _project,
    "count": _count,
    "order": _order,
    "sort": _order,
    "top": _top,
    "take": _take,
    "limit": _take,
    "project-away": _some,
    "project-keep": _some,
    "project-reorder": _some,
    "project-rename": _rename,
    "union": _union,
    "join": _join,
}
