"""The expressions of a query to Resource Graph, as a tree: what is compared with what, and which paths are read.

https://learn.microsoft.com/kusto/query/scalar-data-types
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.arm.kql.words import Refused, Words

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
OF_LISTS = frozenset({"in", "!in", "in~", "!in~", "has_any", "has_all"})
RANGES = frozenset({"between", "!between"})
CONSTANTS = frozenset({"true", "false", "null"})
KEYWORDS = frozenset({"and", "or", "by", "on", "asc", "desc", "nulls"}) | OF_LISTS | RANGES
DEEPEST = 40


@dataclass(frozen=True)
class Text:
    """A text as it is written between its quotes."""

    text: str


@dataclass(frozen=True)
class Constant:
    """A number, a moment, true, false or null."""

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
class Call:
    """A function. `item` is the place of the one element that is taken of its result."""

    function: str
    arguments: tuple["Node", ...]
    item: int | None = None


@dataclass(frozen=True)
class Compared:
    """left `sign` right; on the right of `in` and `between` stands a Several."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Several:
    """What stands between the brackets of `in` or `between`."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Joined:
    """Parts with `and`, with `or`, or with signs of arithmetic between them."""

    sign: str
    parts: tuple["Node", ...]


Node = Text | Constant | Path | Call | Compared | Several | Joined


def expression(words: Words, depth: int = 0) -> Node:
    """One expression: `or` binds loosest. Raises Refused."""
    if depth > DEEPEST:
        raise Refused("The brackets are nested too deeply.")
    return _joined(words, ("or",), lambda: _joined(words, ("and",), lambda: _comparison(words, depth)))


def _joined(words: Words, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
    parts = [part()]
    while words.takes(*signs):
        parts.append(part())
    return parts[0] if len(parts) == 1 else Joined(signs[0], tuple(parts))


def _comparison(words: Words, depth: int) -> Node:
    left = _sum(words, depth)
    if sign := words.takes(*COMPARISONS):
        return Compared(sign, left, _sum(words, depth))
    if sign := words.takes(*OF_LISTS):
        words.need("(")
        return Compared(sign, left, _list(words, depth))
    if sign := words.takes(*RANGES):
        words.need("(")
        first = _sum(words, depth + 1)
        words.need("..")
        last = _sum(words, depth + 1)
        words.need(")")
        return Compared(sign, left, Several((first, last)))
    return left


def _list(words: Words, depth: int) -> Several:
    """What is written out: a name there could be another table's."""
    nodes = _arguments(words, depth)
    if not all(isinstance(node, (Text, Constant)) for node in nodes):
        raise Refused("Between the brackets of a list stand texts or numbers, nothing else.")
    return Several(nodes)


def _sum(words: Words, depth: int) -> Node:
    return _joined(words, ("+", "-", "*", "/", "%"), lambda: _operand(words, depth))


def _operand(words: Words, depth: int) -> Node:
    words.takes("-", "+")
    word = words.take()
    if word.kind == "text":
        return Text(word.text[1:-1])
    if word.kind == "number" or word.text in CONSTANTS:
        return Constant(word.text)
    if word.text == "(":
        inner = expression(words, depth + 1)
        words.need(")")
        return inner
    if word.kind != "name" or word.text in KEYWORDS | COMPARISONS:
        raise Refused(f"{word.shown} was not expected here: a column, a text, a number or a function was.")
    return _call(words, word.text, depth) if words.takes("(") else Path(word.text, _members(words))


def _call(words: Words, function: str, depth: int) -> Node:
    if function in ("datetime", "dynamic"):
        return _constant(words, function)
    call = Call(function, () if words.takes(")") else _arguments(words, depth))
    item = _item(words) if words.takes("[") else None
    if isinstance(item, str) or words.next.text in (".", "["):
        raise Refused(f"Of {function}(…) a numbered element can be taken, nothing else.")
    return Call(function, call.arguments, item)


def _constant(words: Words, function: str) -> Node:
    """A moment, or `dynamic(null)`: what is between the brackets is no expression."""
    written = ""
    while words.next.kind == "number" or words.next.text in ("-", ":", ".", "null"):
        written += words.take().text
    words.need(")")
    if function == "dynamic" and written != "null":
        raise Refused("Of dynamic only dynamic(null) is allowed here.")
    return Constant(written)


def _arguments(words: Words, depth: int) -> tuple[Node, ...]:
    found = [expression(words, depth + 1)]
    while words.takes(","):
        found.append(expression(words, depth + 1))
    words.need(")")
    return tuple(found)


def _members(words: Words) -> tuple[str | int, ...]:
    """`.name`, `['name']` and `[0]`, the first two being the same."""
    found: list[str | int] = []
    while sign := words.takes(".", "["):
        found.append(words.name() if sign == "." else _item(words))
    return tuple(found)


def _item(words: Words) -> str | int:
    word = words.take()
    words.need("]")
    if word.kind == "number" and word.text.isdigit():
        return int(word.text)
    if word.kind == "text" and "\\" not in word.text:
        return word.text[1:-1]
    raise Refused("Between [ and ] only a written name or a number may stand.")
