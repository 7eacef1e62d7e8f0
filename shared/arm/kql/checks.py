"""Checks that an expression reads listed columns and properties alone, and what it returns."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from shared.arm.kql.expressions import (
    RANGE_OPERATORS,
    Combination,
    Comparison,
    Constant,
    FunctionCall,
    Node,
    Path,
    Text,
    ValueList,
)
from shared.arm.kql.readable import BAGS, ReadableTable, kinds_named_by, properties_of
from shared.arm.kql.tokens import Refused, listed

PRESENCE = frozenset({"isempty", "isnotempty", "isnull", "isnotnull"})
CHOICES = frozenset({"case", "iff", "iif"})
FUNCTIONS = frozenset(
    {
        *PRESENCE,
        *CHOICES,
        *(
            "tolower",
            "toupper",
            "tostring",
            "toint",
            "tolong",
            "todouble",
            "toreal",
            "todecimal",
            "tobool",
            "todatetime",
        ),
        *("strlen", "strcat", "substring", "split", "trim", "trim_start", "trim_end", "indexof", "countof"),
        *("replace_string", "extract", "coalesce", "not", "array_length", "bag_pack", "min_of", "max_of"),
        *("bin", "floor", "ceiling", "round", "abs", "now", "ago", "startofday", "startofmonth", "startofyear"),
        *("datetime_diff", "datetime_add", "getmonth", "getyear", "format_datetime"),
    }
)
AGGREGATES = frozenset(
    {
        *("count", "countif", "dcount", "dcountif", "sum", "sumif", "avg", "avgif", "min", "max", "percentile"),
        *("make_set", "make_list", "take_any", "any", "arg_max", "arg_min", "stdev"),
    }
)
SECRET_NAME = re.compile(r"(?i)passw|pwd|secret|credential|token|key|connection.?string|\bsas\b")
NEVER_READ_TYPES = re.compile(r"(?i)microsoft\.authorization|microsoft\.keyvault/vaults/|/federatedidentitycredentials")
"""Types whose rows are never read, whichever column is requested."""


TYPED_ARGUMENTS = frozenset(
    {
        *("bin", "floor", "abs", "min_of", "max_of", "not", "ago", "startofday", "startofmonth", "startofyear"),
        *("datetime_diff", "datetime_add", "getmonth", "getyear", "format_datetime", "trim", "trim_start", "trim_end"),
        *("sum", "sumif", "avg", "avgif", "min", "max", "stdev", "countif"),
    }
)
"""Functions that Azure refuses for a dynamic value; of arg_max and arg_min it is the first argument alone."""

KEEPS_KIND = frozenset({"round", "ceiling", "take_any", "any", "percentile"})
LISTS = frozenset({"split", "make_set", "make_list"})
ORDERED = frozenset({"<", "<=", ">", ">=", "==", "!="})
MOMENTS = frozenset({"now", "ago", "todatetime", "startofday", "startofmonth", "startofyear", "datetime_add"})


class Kind(Enum):
    """What an expression returns: a value of a known type, one of a type that Azure learns only from the row (Kusto
    calls it dynamic), or a whole property bag. Of a listed bag only LISTED_MEMBERS are read, under any name."""

    VALUE = "value"
    DYNAMIC = "dynamic"
    BAG = "bag"
    LISTED_BAG = "listed bag"

    @property
    def is_bag(self) -> bool:
        return self in (Kind.BAG, Kind.LISTED_BAG)


LISTED_MEMBERS = frozenset[str]().union(*(members for members in BAGS.values() if members))


@dataclass(frozen=True)
class Scope:
    """The columns available at one point of a query.

    While the rows are those of a table, `table` is set, and `kinds` are the kinds of rows that are left,
    None where any may be. Afterwards the columns that the query named are available, no others.
    """

    columns: Mapping[str, Kind]
    table: ReadableTable | None = None
    kinds: frozenset[str] | None = None

    def where(self, condition: Node) -> "Scope":
        """The scope in which the condition holds."""
        kinds = kinds_named_by(condition, self.table) if self.table else None
        return replace(self, kinds=kinds) if kinds else self

    def holds(self, node: Node) -> bool:
        """Whether the whole expression is a listed property of every kind of rows that is left."""
        if self.table is None:
            return False
        name = self.table.name
        return node == self.table.kind_of_row or (
            bool(self.kinds) and all(node in properties_of(name, kind) for kind in self.kinds or ())
        )


def rows_of(table: ReadableTable) -> Scope:
    """The scope of a table's rows."""
    return Scope({name: _kind_of_column(name) for name in table.columns}, table)


def _kind_of_column(name: str) -> Kind:
    if name not in BAGS:
        return Kind.VALUE
    return Kind.LISTED_BAG if BAGS[name] else Kind.BAG


def bag_among(kinds: Collection[Kind | None]) -> Kind | None:
    """What a value of any of these kinds may be if one of them is a bag: the one of which less is read."""
    return next((bag for bag in (Kind.LISTED_BAG, Kind.BAG) if bag in kinds), None)


def check_value(node: Node, scope: Scope, *, sums: bool = False) -> Kind:
    """Return the kind. Raises Refused for what reads anything unlisted, or returns a whole property bag."""
    kind = check(node, scope, sums=sums)
    if kind.is_bag:
        raise Refused("A whole property bag cannot be used here. Name one of its members, for example tags.env.")
    return kind


def check_typed(node: Node, scope: Scope, place: str, *, sums: bool = False) -> Kind:
    """Return the kind. Raises Refused also for a value without a fixed type, which Azure does not accept there."""
    kind = check(node, scope, sums=sums)
    if kind is not Kind.VALUE:
        named = f"“{node.written[:60]}”" if isinstance(node, Path) else "This value"
        raise Refused(
            f"{named} has no fixed type, so Azure refuses it {place}. Convert it first, for example with "
            "tostring(…), toint(…) or todatetime(…)."
        )
    return kind


def check(node: Node, scope: Scope, *, sums: bool = False) -> Kind:
    """Return what the expression returns. Raises Refused where it reads anything unlisted."""
    if scope.holds(node):
        return Kind.DYNAMIC if isinstance(node, Path) and node.members else Kind.VALUE
    match node:
        case Path():
            return _path(node, scope)
        case FunctionCall():
            return _call(node, scope, sums=sums)
        case Combination():
            return _combination(node, scope, sums=sums)
        case Comparison():
            _comparison(node, scope, sums=sums)
        case Constant("null"):
            return Kind.DYNAMIC
        case ValueList(nodes):
            for each in nodes:
                check_value(each, scope, sums=sums)
        case Text(text) if NEVER_READ_TYPES.search(text):
            raise Refused(f"“{text[:60]}” is a type we never read.")
    return Kind.VALUE


def _combination(node: Combination, scope: Scope, *, sums: bool) -> Kind:
    """Of dynamic values, arithmetic makes another one; `and` and `or` make a condition."""
    within = scope.where(node) if node.sign == "and" else scope
    kinds = {check_value(part, within, sums=sums) for part in node.parts}
    return Kind.DYNAMIC if kinds == {Kind.DYNAMIC} and node.sign not in ("and", "or") else Kind.VALUE


def _comparison(node: Comparison, scope: Scope, *, sums: bool) -> None:
    if node.sign in RANGE_OPERATORS:
        bounds = node.right.nodes if isinstance(node.right, ValueList) else ()
        for each in (node.left, *bounds):
            check_typed(each, scope, f"with {node.sign}", sums=sums)
        return
    if node.sign in ORDERED and (_is_moment(node.left) or _is_moment(node.right)):
        for each in (node.left, node.right):
            check_typed(each, scope, "in a comparison with a date", sums=sums)
        return
    for each in (node.left, node.right):  # Searching a whole bag would tell of values that a scan removes.
        check_value(each, scope, sums=sums)


def _is_moment(node: Node) -> bool:
    """Whether the expression is a date as it stands."""
    if isinstance(node, Combination):
        return any(map(_is_moment, node.parts))
    is_literal = isinstance(node, Constant) and "-" in node.text
    return is_literal or (isinstance(node, FunctionCall) and node.function in MOMENTS)


def _call(call: FunctionCall, scope: Scope, *, sums: bool) -> Kind:
    if call.function not in FUNCTIONS and not (sums and call.function in AGGREGATES):
        allowed = FUNCTIONS | AGGREGATES if sums else FUNCTIONS
        raise Refused(f"{call.function} is not allowed here. Allowed functions: {listed(sorted(allowed))}.")
    if call.item is not None and call.function != "split":
        raise Refused("Only split(…) can be followed by an index in brackets.")
    if call.function in CHOICES:
        return _choice(call, scope, sums=sums)
    kinds = [_argument(call, place, scope, sums=sums) for place in range(len(call.arguments))]
    if call.function == "bag_pack":
        return Kind.BAG
    if call.function in LISTS or (call.function == "coalesce" and Kind.DYNAMIC in kinds):
        return Kind.DYNAMIC
    return kinds[0] if call.function in KEEPS_KIND and kinds else Kind.VALUE


def _argument(call: FunctionCall, place: int, scope: Scope, *, sums: bool) -> Kind:
    argument = call.arguments[place]
    is_item = isinstance(argument, FunctionCall) and argument.item is not None
    if (
        (is_item and call.function == "array_length")
        or call.function in TYPED_ARGUMENTS
        or (call.function in ("arg_max", "arg_min") and place == 0)
    ):
        return check_typed(argument, scope, f"in {call.function}", sums=sums)
    if call.function in PRESENCE:
        return check(argument, scope, sums=sums)
    return check_value(argument, scope, sums=sums)


def _choice(call: FunctionCall, scope: Scope, *, sums: bool) -> Kind:
    """case, iff: a value is read in those rows only in which its condition holds."""
    *pairs, last = call.arguments or (Text(""),)
    kinds = [check(last, scope, sums=sums)]
    for condition, value in zip(pairs[::2], pairs[1::2], strict=False):
        check_typed(condition, scope, "as a condition", sums=sums)
        kinds.append(check(value, scope.where(condition), sums=sums))
    if len(pairs) % 2:
        raise Refused(f"{call.function} needs pairs of a condition and a value, then a default value.")
    if bag := bag_among(kinds):
        return bag
    return Kind.DYNAMIC if set(kinds) == {Kind.DYNAMIC} else Kind.VALUE


def _path(path: Path, scope: Scope) -> Kind:
    kind = scope.columns.get(path.column)
    if kind is None:
        raise Refused(_unlisted(path, scope))
    if path.members and not kind.is_bag:
        raise Refused(f"{path.column} has no members that can be read.")
    for member in path.members:
        _check_member(path, member, LISTED_MEMBERS if kind is Kind.LISTED_BAG else None)
    return Kind.DYNAMIC if path.members else kind


def _check_member(path: Path, member: str | int, allowed: frozenset[str] | None) -> None:
    if len(path.members) > 1 or not isinstance(member, str) or (allowed is not None and member not in allowed):
        members = f": {listed(sorted(allowed))}" if allowed else ", by its name"
        raise Refused(f"{path.written[:60]} cannot be read. Name one member of {path.column}{members}.")
    if SECRET_NAME.search(member):
        raise Refused(f"“{member[:60]}” may contain a secret, which we never read.")


def _unlisted(path: Path, scope: Scope) -> str:
    """Why the path is refused, and what is allowed instead."""
    table, named = scope.table, path.written[:80]
    if table is None:
        there = listed(scope.columns) or "none"
        return f"“{named}” is not a column at this point of the query. Available columns: {there}."
    columns = f"Readable columns of {table.name}: {listed(table.columns)}"
    if not table.properties:
        return f"“{named}” cannot be read. {columns}."
    if not scope.kinds:
        return (
            f"“{named}” cannot be read for every row. {columns}. Some types have more readable properties: filter by "
            "type first, for example where type =~ 'microsoft.compute/disks'."
        )
    return f"“{named}” cannot be read. {columns}. {' '.join(_of_kind(kind, table) for kind in sorted(scope.kinds))}"


def _of_kind(kind: str, table: ReadableTable) -> str:
    allowed = table.properties.get(kind)
    return f"Readable properties of {kind[:80]}: {listed(sorted(allowed.values())) if allowed else 'none'}."
