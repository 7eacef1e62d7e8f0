"""Whether an expression of a query reads nothing but what is listed, and what it results in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from shared.arm.kql.expressions import Call, Compared, Joined, Node, Path, Several, Text
from shared.arm.kql.reach import BAGS, ReadableTable, kinds_named_by, properties_of
from shared.arm.kql.words import Refused, listed

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
SECRET = re.compile(r"(?i)passw|pwd|secret|credential|token|key|connection.?string|\bsas\b")
NEVER = re.compile(r"(?i)microsoft\.authorization|microsoft\.keyvault/vaults/|/federatedidentitycredentials")
"""Types whose rows are never read, whatever is asked of them."""


class Kind(Enum):
    """What an expression results in: one value, or a whole bag of names and values."""

    VALUE = "value"
    BAG = "bag"


@dataclass(frozen=True)
class Scope:
    """The columns that there are at one place of a query.

    While the rows are still those of a table, `table` is it; `kinds` are the kinds of rows that are
    left then, None while that is open. Afterwards there are the columns that the query named, no others.
    """

    columns: Mapping[str, Kind]
    table: ReadableTable | None = None
    kinds: frozenset[str] | None = None

    def where(self, condition: Node) -> "Scope":
        """The scope in which the condition holds."""
        kinds = kinds_named_by(condition, self.table) if self.table else None
        return replace(self, kinds=kinds) if kinds else self

    def holds(self, node: Node) -> bool:
        """Whether the whole of it is a listed property of every kind of rows that is left."""
        if self.table is None:
            return False
        name = self.table.name
        return node == self.table.kind_of_row or (
            bool(self.kinds) and all(node in properties_of(name, kind) for kind in self.kinds or ())
        )


def rows_of(table: ReadableTable) -> Scope:
    """The rows of a table as they are."""
    return Scope({name: Kind.BAG if name in BAGS else Kind.VALUE for name in table.columns}, table)


def check_value(node: Node, scope: Scope, *, sums: bool = False) -> None:
    """Raises Refused for what reads anything unlisted, and for a whole bag."""
    if check(node, scope, sums=sums) is Kind.BAG:
        raise Refused("A whole bag of names and values can be a column, nothing else: name its member, as in tags.env.")


def check(node: Node, scope: Scope, *, sums: bool = False) -> Kind:
    """What the expression results in. Raises Refused for what reads anything unlisted."""
    if scope.holds(node):
        return Kind.VALUE
    match node:
        case Path():
            return _path(node, scope)
        case Call():
            return _call(node, scope, sums=sums)
        case Joined(sign, parts):
            within = scope.where(node) if sign == "and" else scope
            for part in parts:
                check_value(part, within, sums=sums)
        case Compared(_, left, right):
            check(left, scope, sums=sums)
            check_value(right, scope, sums=sums)
        case Several(nodes):
            for each in nodes:
                check_value(each, scope, sums=sums)
        case Text(text) if NEVER.search(text):
            raise Refused(f"“{text[:60]}” is of what we promise never to read.")
    return Kind.VALUE


def _call(call: Call, scope: Scope, *, sums: bool) -> Kind:
    if call.function not in FUNCTIONS and not (sums and call.function in AGGREGATES):
        allowed = FUNCTIONS | AGGREGATES if sums else FUNCTIONS
        raise Refused(f"The function {call.function} is not allowed here. Allowed are {listed(sorted(allowed))}.")
    if call.item is not None and call.function != "split":
        raise Refused("An element can be taken of split(…) only.")
    if call.function in CHOICES:
        return _choice(call, scope, sums=sums)
    for argument in call.arguments:
        if call.function in PRESENCE:
            check(argument, scope, sums=sums)
        else:
            check_value(argument, scope, sums=sums)
    return Kind.BAG if call.function == "bag_pack" else Kind.VALUE


def _choice(call: Call, scope: Scope, *, sums: bool) -> Kind:
    """case, iff: a value is read in those rows only in which its condition holds."""
    *pairs, last = call.arguments or (Text(""),)
    kinds = [check(last, scope, sums=sums)]
    for condition, value in zip(pairs[::2], pairs[1::2], strict=False):
        check_value(condition, scope, sums=sums)
        kinds.append(check(value, scope.where(condition), sums=sums))
    if len(pairs) % 2:
        raise Refused(f"{call.function} wants conditions with a value each, and a last value.")
    return Kind.BAG if Kind.BAG in kinds else Kind.VALUE


def _path(path: Path, scope: Scope) -> Kind:
    kind = scope.columns.get(path.column)
    if kind is None:
        raise Refused(_unlisted(path, scope))
    if path.members and kind is Kind.VALUE:
        raise Refused(f"{path.column} has no members that are read.")
    for member in path.members:
        _check_member(path, member)
    return Kind.VALUE if path.members else kind


def _check_member(path: Path, member: str | int) -> None:
    allowed = BAGS.get(path.column)
    if len(path.members) > 1 or not isinstance(member, str) or (allowed is not None and member not in allowed):
        members = f": {listed(sorted(allowed))}" if allowed else ", by its name"
        raise Refused(f"{path.written[:60]} is not read. Of {path.column} one member can be taken{members}.")
    if SECRET.search(member):
        raise Refused(f"“{member[:60]}” may hold what we promise never to read.")


def _unlisted(path: Path, scope: Scope) -> str:
    """Why the path is refused, and what is allowed in its place."""
    table, named = scope.table, path.written[:80]
    if table is None:
        there = listed(scope.columns) or "they have no names"
        return f"“{named}” is none of the columns that there are at this place: {there}."
    columns = f"Of {table.name} these columns are read: {listed(table.columns)}"
    if not table.properties:
        return f"“{named}” is not read. {columns}."
    if not scope.kinds:
        return (
            f"“{named}” is not read of every row. {columns}. Of some types some properties are read besides: say first "
            "which type, as in where type =~ 'microsoft.compute/disks'."
        )
    return f"“{named}” is not read. {columns}. {' '.join(_of_kind(kind, table) for kind in sorted(scope.kinds))}"


def _of_kind(kind: str, table: ReadableTable) -> str:
    allowed = table.properties.get(kind)
    return f"Of {kind[:80]} also: {listed(sorted(allowed.values()))}." if allowed else f"Of {kind[:80]} no property is."
