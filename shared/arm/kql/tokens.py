"""Splits a Resource Graph query into tokens. What another parser could read differently is refused."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 16_000
MAX_SUBQUERIES = 3
"""Subqueries of one query, for union and join: Azure's own limit."""

_INVISIBLE = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_TOKENS = re.compile(
    rf"""(?P<gap>(?:[ \t\n]|\r\n)+|//(?:[^{_INVISIBLE}]|\t)*(?=\r\n|\n|\Z))
    | (?P<text>'(?:[^'\\{_INVISIBLE}]|\\['"\\])*'|"(?:[^"\\{_INVISIBLE}]|\\['"\\])*")
    | (?P<number>\d+(?:\.\d+)?[A-Za-z]*)
    | (?P<name>!?[A-Za-z_$][A-Za-z0-9_]*(?:-(?:away|rename|reorder|keep|expand))?~?)
    | (?P<sign>=~|!~|==|!=|<=|>=|\.\.|/(?!/)|[-|()\[\],.=<>*+%:])""",
    re.VERBOSE,
)


class Refused(Exception):
    """The query may not be sent; the text is a sentence for its author."""


@dataclass(frozen=True)
class Token:
    """One token. `kind` is text, number, name, sign, or end."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """The token as a message quotes it."""
        return f"“{self.text[:60]}”" if self.text else "the end"


END = Token("end", "")


def tokens_of(query: str) -> Iterator[Token]:
    """Yield all tokens but white space and comments; raises Refused."""
    if len(query) > MAX_CHARACTERS:
        raise Refused(f"The query is longer than {MAX_CHARACTERS:,} characters.")
    place = 0
    while place < len(query):
        found = _TOKENS.match(query, place)
        if found is None or found.lastgroup is None:
            raise Refused(f"“{query[place : place + 10].strip()}” is not valid here.")
        if found.lastgroup != "gap":
            yield Token(found.lastgroup, found.group())
        place = found.end()


class TokenReader:
    """Reads the tokens of a query one by one."""

    def __init__(self, query: str) -> None:
        self._tokens = [*tokens_of(query)]
        self._place = 0
        self._subqueries = 0

    @property
    def next(self) -> Token:
        return self._at(0)

    def _at(self, ahead: int) -> Token:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else END

    def advance(self) -> Token:
        token = self.next
        self._place += 1
        return token

    def accept(self, *texts: str) -> str | None:
        """Consume the next token if it is one of these; None if it is not."""
        return self.advance().text if self.next.text in texts else None

    def enter_subquery(self) -> None:
        """Begin a subquery; raises Refused beyond MAX_SUBQUERIES."""
        self._subqueries += 1
        if self._subqueries > MAX_SUBQUERIES:
            raise Refused(f"A query can contain at most {MAX_SUBQUERIES} subqueries (union and join).")

    def expect(self, text: str) -> None:
        """Consume this token; raises Refused for another."""
        if self.accept(text) is None:
            raise Refused(f"Expected “{text}”, found {self.next.shown}.")

    def name(self) -> str:
        """Consume a name; raises Refused for another token."""
        if self.next.kind != "name":
            raise Refused(f"Expected a name, found {self.next.shown}.")
        return self.advance().text

    def alias(self) -> str | None:
        """Consume a name and a single =; None where there are none."""
        if self.next.kind != "name" or self._at(1).text != "=":
            return None
        name = self.advance().text
        self.advance()
        return name


def listed(names: Iterable[str]) -> str:
    """The names separated by commas."""
    return ", ".join(names)
