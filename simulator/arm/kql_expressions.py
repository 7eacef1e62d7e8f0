"""Expressions of the query language, compiled to functions of a row."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from simulator.arm.kql_tokens import KqlError, Token, TokenReader
from simulator.exchange import Json

Row = dict[str, Json]


@dataclass(frozen=True)
class Value:
    """An expression as a function of a row. `is_dynamic`: Kusto learns its type only from the row."""

    of: Callable[[Row], Json]
    is_dynamic: bool = False

    def __call__(self, row: Row) -> Json:
        return self.of(row)


def typed(value: Value, token: Token) -> Value:
    """The same value, for a place in which Azure takes no dynamic one; raises KqlError."""
    if value.is_dynamic:
        raise KqlError(token)
    return value


COMPARISONS: dict[str, Callable[[Json, Json], Json]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "=~": lambda left, right: _folded(left) == _folded(right),
    "!~": lambda left, right: _folded(left) != _folded(right),
    "<": lambda left, right: left is not None and right is not None and left < right,
    ">": lambda left, right: left is not None and right is not None and left > right,
    "<=": lambda left, right: left is not None and right is not None and left <= right,
    ">=": lambda left, right: left is not None and right is not None and left >= right,
    "contains": lambda left, right: str(_folded(right)) in str(_folded(left) or ""),
    "startswith": lambda left, right: str(_folded(left) or "").startswith(str(_folded(right))),
    "endswith": lambda left, right: str(_folded(left) or "").endswith(str(_folded(right))),
    "in": lambda left, right: left in right,
    "in~": lambda left, right: _folded(left) in [_folded(item) for item in right],
}


def _folded(value: Json) -> Json:
    return value.lower() if isinstance(value, str) else value


def _is_empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _text(value: Json) -> str:
    """The result of `tostring`: lists and bags as JSON without spaces."""
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "" if value is None else str(value)


FUNCTIONS: dict[str, tuple[range, Callable[[list[Json]], Json]]] = {
    "tolower": (range(1, 2), lambda values: _folded(values[0]) if values[0] is not None else None),
    "toupper": (range(1, 2), lambda values: _text(values[0]).upper()),
    "tostring": (range(1, 2), lambda values: _text(values[0])),
    "strlen": (range(1, 2), lambda values: len(_text(values[0]))),
    "array_length": (range(1, 2), lambda values: len(values[0]) if isinstance(values[0], list) else None),
    "isnull": (range(1, 2), lambda values: values[0] is None),
    "isnotnull": (range(1, 2), lambda values: values[0] is not None),
    "isempty": (range(1, 2), lambda values: _is_empty(values[0])),
    "isnotempty": (range(1, 2), lambda values: not _is_empty(values[0])),
    "not": (range(1, 2), lambda values: values[0] is not True),
    "coalesce": (range(2, 65), lambda values: next((value for value in values if value is not None), None)),
    **dict.fromkeys(("iff", "iif"), (range(3, 4), _text)),
    "case": (range(3, 200), _text),
    "bag_pack": (range(2, 200), lambda values: dict(zip(values[::2], values[1::2], strict=True))),
    "pack": (range(2, 200), lambda values: dict(zip(values[::2], values[1::2], strict=True))),
}
CHOICES = ("iff", "iif", "case")
"""Functions of which `_choice` evaluates no more arguments than it needs."""

RESERVED = ("where", "project", "extend", "union", "order", "sort", "take", "limit", "count", "by")
LITERALS = {"true": True, "false": False}


def expression(reader: TokenReader) -> Value:
    """One expression: `or` binds loosest."""
    left = _conjunction(reader)
    while reader.accept("or"):
        left = _either(left, _conjunction(reader))
    return left


def _either(left: Value, right: Value) -> Value:
    return Value(lambda row: left(row) is True or right(row) is True)


def _both(left: Value, right: Value) -> Value:
    return Value(lambda row: left(row) is True and right(row) is True)


def _conjunction(reader: TokenReader) -> Value:
    left = _comparison(reader)
    while reader.accept("and"):
        left = _both(left, _comparison(reader))
    return left


def _comparison(reader: TokenReader) -> Value:
    left = _operand(reader)
    sign = reader.accept(*COMPARISONS)
    if sign is None:
        return left
    right = _list(reader) if sign in ("in", "in~") else _operand(reader)
    compare = COMPARISONS[sign]
    return Value(lambda row: compare(left(row), right(row)))


def _list(reader: TokenReader) -> Value:
    reader.expect("(")
    members = [expression(reader)]
    while reader.accept(","):
        members.append(expression(reader))
    reader.expect(")")
    return Value(lambda row: [member(row) for member in members])


def _operand(reader: TokenReader) -> Value:
    token = reader.next
    if token.kind == "text":
        text = reader.advance().text[1:-1].replace("\\'", "'").replace('\\"', '"').replace("\\\\", "\\")
        return Value(lambda _row: text)
    if token.kind == "number":
        number = float(token.text) if "." in reader.advance().text else int(token.text)
        return Value(lambda _row: number)
    if reader.accept("("):
        inner = expression(reader)
        reader.expect(")")
        return inner
    name = reader.name()
    if name.lower() in RESERVED:
        raise KqlError(reader.next)
    if reader.accept("("):
        return _call(reader, name)
    if name in LITERALS:
        literal = LITERALS[name]
        return Value(lambda _row: literal)
    if name not in reader.columns:
        raise KqlError(token)
    return _path(reader, name)


def _call(reader: TokenReader, name: str) -> Value:
    if name == "dynamic":
        reader.expect("null")
        reader.expect(")")
        return Value(lambda _row: None, is_dynamic=True)
    start = reader.next
    arguments = [] if reader.next.text == ")" else [expression(reader)]
    while reader.accept(","):
        arguments.append(expression(reader))
    reader.expect(")")
    counts, function = FUNCTIONS.get(name, (range(0), _text))
    is_odd_bag = name in ("bag_pack", "pack") and len(arguments) % 2 == 1
    is_even_case = name == "case" and len(arguments) % 2 == 0
    if len(arguments) not in counts or is_odd_bag or is_even_case:
        raise KqlError(start)
    if name == "not":
        typed(arguments[0], start)
    if name in CHOICES:
        for condition in arguments[:-1:2]:
            typed(condition, start)
        return Value(_choice(arguments), _is_dynamic(name, arguments))
    return Value(lambda row: function([argument(row) for argument in arguments]), _is_dynamic(name, arguments))


def _choice(arguments: list[Value]) -> Callable[[Row], Json]:
    """The value after the first true condition, else the last one; what follows it is not evaluated."""
    pairs, otherwise = list(zip(arguments[:-1:2], arguments[1:-1:2], strict=True)), arguments[-1]

    def value(row: Row) -> Json:
        for condition, chosen in pairs:
            if condition(row) is True:
                return chosen(row)
        return otherwise(row)

    return value


def _is_dynamic(name: str, arguments: list[Value]) -> bool:
    """Whether a function's result is dynamic: a bag, or a choice among dynamic values."""
    if name in CHOICES:
        return all(value.is_dynamic for value in (*arguments[1:-1:2], arguments[-1]))
    return name in ("bag_pack", "pack") or (name == "coalesce" and any(value.is_dynamic for value in arguments))


def _path(reader: TokenReader, column: str) -> Value:
    steps: list[str | int] = []
    while sign := reader.accept(".", "["):
        if sign == ".":
            steps.append(reader.name())
            continue
        token = reader.advance()
        if token.kind not in ("text", "number"):
            raise KqlError(token)
        steps.append(int(token.text) if token.kind == "number" else token.text[1:-1])
        reader.expect("]")

    def value(row: Row) -> Json:
        found = row.get(column)
        for step in steps:
            found = _member(found, step)
        return found

    return Value(value, bool(steps) or column in reader.dynamic)


def _member(value: Json, step: str | int) -> Json:
    """A member of a bag or a list; null when there is none. Names are case-sensitive."""
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and step < len(value) else None
