"""Parses the expressions of a Resource Graph query into a tree.

https://learn.microsoft.com/kusto/query/scalar-data-types
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.arm.kql.tokens import Refused, TokenReader

COMPARISONS = frozenset(
    {
        *("==", "!=", "=~", "!~", "<", "<=", ">", ">="),
        *(
            f"{no}{how}{exactly}"
            for how in ("contains", "has", "hasprefix", "hassuffix", "startswith", "endswith")
            for no in ("", "!")
            for exactly in ("", "_cs")
        ),
    }
)
LIST_OPERATORS = frozenset({"in", "!in", "in~", "!in~", "has_any", "has_all"})
RANGE_OPERATORS = frozenset({"between", "!between"})
CONSTANTS = frozenset({"true", "false"})
KEYWORDS = frozenset({"and", "or", "by", "on", "asc", "desc", "nulls"}) | LIST_OPERATORS | RANGE_OPERATORS
MAX_DEPTH = 40


@dataclass(frozen=True)
class Text:
    """A string literal, without its quotes."""

    text: str


@dataclass(frozen=True)
class Constant:
    """A number, a datetime, true, false or null."""

    text: str


@dataclass(frozen=True)
class Path:
    """A column, or a member of one: properties.sku.name is of `properties`, ("sku", "name")."""

    column: str
    members: tuple[str | int, ...] = ()

    @property
    def written(self) -> str:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.members)
        return self.column + "".join(steps)


@dataclass(frozen=True)
class FunctionCall:
    """A function. `item` is the index of the one element of its result that is used."""

    function: str
    arguments: tuple["Node", ...]
    item: int | None = None


@dataclass(frozen=True)
class Comparison:
    """left `sign` right; right of `in` and `between` it is a ValueList."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class ValueList:
    """The values in the parentheses of `in` or `between`."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Combination:
    """Parts combined by `and`, by `or`, or by arithmetic operators."""

    sign: str
    parts: tuple["Node", ...]


Node = Text | Constant | Path | FunctionCall | Comparison | ValueList | Combination


def expression(tokens: TokenReader, depth: int = 0) -> Node:
    """Parse one expression; `or` binds loosest. Raises Refused."""
    if depth > MAX_DEPTH:
        raise Refused("Parentheses are nested too deeply.")
    return _joined(tokens, ("or",), lambda: _joined(tokens, ("and",), lambda: _comparison(tokens, depth)))


def _joined(tokens: TokenReader, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
    parts = [part()]
    while tokens.accept(*signs):
        parts.append(part())
    return parts[0] if len(parts) == 1 else Combination(signs[0], tuple(parts))


def _comparison(tokens: TokenReader, depth: int) -> Node:
    left = _sum(tokens, depth)
    if sign := tokens.accept(*COMPARISONS):
        return Comparison(sign, left, _sum(tokens, depth))
    if sign := tokens.accept(*LIST_OPERATORS):
        tokens.expect("(")
        return Comparison(sign, left, _list(tokens, depth))
    if sign := tokens.accept(*RANGE_OPERATORS):
        tokens.expect("(")
        first = _sum(tokens, depth + 1)
        tokens.expect("..")
        last = _sum(tokens, depth + 1)
        tokens.expect(")")
        return Comparison(sign, left, ValueList((first, last)))
    return left


def _list(tokens: TokenReader, depth: int) -> ValueList:
    """A list of literals: a name in it could be another table's."""
    nodes = _arguments(tokens, depth)
    if not all(isinstance(node, (Text, Constant)) for node in nodes):
        raise Refused("A list can contain only strings and numbers.")
    return ValueList(nodes)


def _sum(tokens: TokenReader, depth: int) -> Node:
    return _joined(tokens, ("+", "-", "*", "/", "%"), lambda: _operand(tokens, depth))


def _operand(tokens: TokenReader, depth: int) -> Node:
    tokens.accept("-", "+")
    token = tokens.advance()
    if token.kind == "text":
        return Text(token.text[1:-1])
    if token.kind == "number" or token.text in CONSTANTS:
        return Constant(token.text)
    if token.text == "(":
        inner = expression(tokens, depth + 1)
        tokens.expect(")")
        return inner
    if token.kind != "name" or token.text in KEYWORDS | COMPARISONS:
        raise Refused(f"{token.shown} is unexpected here. Enter a column, a string, a number or a function.")
    return _call(tokens, token.text, depth) if tokens.accept("(") else Path(token.text, _members(tokens))


def _call(tokens: TokenReader, function: str, depth: int) -> Node:
    if function in ("datetime", "dynamic"):
        return _constant(tokens, function)
    call = FunctionCall(function, () if tokens.accept(")") else _arguments(tokens, depth))
    item = _item(tokens) if tokens.accept("[") else None
    if isinstance(item, str) or tokens.next.text in (".", "["):
        raise Refused(f"{function}(…) can be followed only by a number in brackets.")
    return FunctionCall(function, call.arguments, item)


def _constant(tokens: TokenReader, function: str) -> Node:
    """A datetime, or `dynamic(null)`: the argument is not an expression."""
    written = ""
    while tokens.next.kind == "number" or tokens.next.text in ("-", ":", ".", "null"):
        written += tokens.advance().text
    tokens.expect(")")
    if function == "dynamic" and written != "null":
        raise Refused("dynamic is allowed only as dynamic(null).")
    return Constant(written)


def _arguments(tokens: TokenReader, depth: int) -> tuple[Node, ...]:
    found = [expression(tokens, depth + 1)]
    while tokens.accept(","):
        found.append(expression(tokens, depth + 1))
    tokens.expect(")")
    return tuple(found)


def _members(tokens: TokenReader) -> tuple[str | int, ...]:
    """`.name`, `['name']` and `[0]`; the first two are equivalent."""
    found: list[str | int] = []
    while sign := tokens.accept(".", "["):
        found.append(tokens.name() if sign == "." else _item(tokens))
    return tuple(found)


def _item(tokens: TokenReader) -> str | int:
    token = tokens.advance()
    tokens.expect("]")
    if token.kind == "number" and token.text.isdigit():
        return int(token.text)
    if token.kind == "text" and "\\" not in token.text:
        return token.text[1:-1]
    raise Refused("Enter a quoted name or a number between [ and ].")
