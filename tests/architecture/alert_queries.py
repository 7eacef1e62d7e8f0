"""The part of Kusto's query language that the alerts are written in; everything else is refused.

https://learn.microsoft.com/kusto/query
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
Value = Callable[[Row], Any]

WORDS = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\d+[smhd]\b|\d+(?:\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|[|()\[\],=<>*])')
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class NotUnderstood(Exception):
    """The query uses what this reader does not know."""


def _both(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    """A comparison with null is null, which no `where` lets through."""
    return lambda left, right: None if left is None or right is None else compare(left, right)


COMPARISONS: dict[str, Callable[[Any, Any], bool | None]] = {
    "==": _both(lambda left, right: bool(left == right)),
    "!=": _both(lambda left, right: bool(left != right)),
    "<": _both(lambda left, right: bool(left < right)),
    ">": _both(lambda left, right: bool(left > right)),
    "<=": _both(lambda left, right: bool(left <= right)),
    ">=": _both(lambda left, right: bool(left >= right)),
    "contains": lambda left, right: str(right).lower() in str(left or "").lower(),
    "startswith": lambda left, right: str(left or "").lower().startswith(str(right).lower()),
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tostring": lambda value: "" if value is None else str(value),
    "toint": lambda value: int(value) if str(value).isdigit() else None,
    "iff": lambda condition, yes, no: yes if condition is True else no,
    "isnull": lambda value: value is None,
}
AGGREGATES: dict[str, Callable[[Sequence[Sequence[Any]]], Any]] = {
    "count": len,
    "countif": lambda rows: sum(condition is True for (condition,) in rows),
    "min": lambda rows: min((value for (value,) in rows if value is not None), default=None),
    "maxif": lambda rows: max((value for value, condition in rows if condition is True), default=None),
}


class Query:
    """One query, run at a moment over the rows of its table."""

    def __init__(self, text: str, now: datetime) -> None:
        self._words = self._split(text)
        self._now = now
        self.table = self._take()

    @staticmethod
    def _split(text: str) -> list[str]:
        words, position = [], 0
        while position < len(text.rstrip()):
            found = WORDS.match(text, position)
            if found is None:
                raise NotUnderstood(text[position:])
            words.append(found[1])
            position = found.end()
        return words

    def run(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that the query returns."""
        found = list(rows)
        operators = {"where": self._where, "extend": self._extend, "summarize": self._summarize}
        while self._words:
            self._need("|")
            name = self._take()
            if name not in operators:
                raise NotUnderstood(name)
            found = operators[name](found)
        return found

    def _take(self) -> str:
        return self._words.pop(0)

    def _takes(self, *texts: str) -> str | None:
        return self._take() if self._words and self._words[0] in texts else None

    def _need(self, text: str) -> None:
        if self._takes(text) is None:
            raise NotUnderstood(" ".join(self._words[:3]) or "the end")

    def _where(self, rows: list[Row]) -> list[Row]:
        condition = self._either()
        return [row for row in rows if condition(row) is True]

    def _extend(self, rows: list[Row]) -> list[Row]:
        name = self._take()
        self._need("=")
        value = self._either()
        return [{**row, name: value(row)} for row in rows]

    def _summarize(self, rows: list[Row]) -> list[Row]:
        made: Row = {}
        while True:
            name = self._take()
            self._need("=")
            combine = AGGREGATES[self._take()]
            arguments = self._arguments()
            made[name] = combine([[argument(row) for argument in arguments] for row in rows])
            if not self._takes(","):
                return [made]

    def _arguments(self) -> list[Value]:
        self._need("(")
        found: list[Value] = []
        while not self._takes(")"):
            found.append(self._either())
            self._takes(",")
        return found

    def _either(self) -> Value:
        left = self._conjunction()
        while self._takes("or"):
            left = _any_of(left, self._conjunction())
        return left

    def _conjunction(self) -> Value:
        left = self._comparison()
        while self._takes("and"):
            left = _all_of(left, self._comparison())
        return left

    def _comparison(self) -> Value:
        left = self._product()
        sign = self._takes(*COMPARISONS)
        if sign is None:
            return left
        right, compare = self._product(), COMPARISONS[sign]
        return lambda row: compare(left(row), right(row))

    def _product(self) -> Value:
        left = self._operand()
        if not self._takes("*"):
            return left
        right = self._operand()
        return lambda row: left(row) * right(row)

    def _operand(self) -> Value:
        if self._takes("("):
            inner = self._either()
            self._need(")")
            return inner
        word = self._take()
        if word[0] == '"':
            return _constant(word[1:-1].replace('\\"', '"'))
        if word[0].isdigit():
            return _constant(_number_or_span(word))
        if self._words[:1] == ["("]:
            return self._call(word)
        return self._column(word)

    def _call(self, name: str) -> Value:
        arguments, now = self._arguments(), self._now
        if name == "ago":
            return lambda row: now - arguments[0](row)
        if name not in FUNCTIONS:
            raise NotUnderstood(name)
        function = FUNCTIONS[name]
        return lambda row: function(*(argument(row) for argument in arguments))

    def _column(self, name: str) -> Value:
        if not self._takes("["):
            return lambda row: row[name]
        member = self._take()[1:-1]
        self._need("]")
        return lambda row: row[name].get(member)


def _constant(value: str | float | timedelta) -> Value:
    return lambda _row: value


def _any_of(left: Value, right: Value) -> Value:
    return lambda row: left(row) is True or right(row) is True


def _all_of(left: Value, right: Value) -> Value:
    return lambda row: left(row) is True and right(row) is True


def _number_or_span(word: str) -> float | timedelta:
    return timedelta(**{UNITS[word[-1]]: int(word[:-1])}) if word[-1] in UNITS else float(word)
