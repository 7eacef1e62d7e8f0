"""Splits a query into tokens."""

import re
from dataclasses import dataclass

TOKENS = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*~?)
    | (?P<sign>=~|!~|==|!=|<=|>=|[|()\[\],.=<>])
    )""",
    re.VERBOSE,
)
COMMENT = re.compile(r"//[^\n]*")


class KqlError(Exception):
    """The query cannot be parsed at `token`."""

    def __init__(self, token: "Token") -> None:
        super().__init__(token.text)
        self.token = token


@dataclass(frozen=True)
class Token:
    """One token: its kind (text, number, name, sign, end) and its position."""

    kind: str
    text: str
    position: int


def tokens(query: str) -> list[Token]:
    """The query's tokens, ended by one of kind `end`; raises KqlError."""
    source = COMMENT.sub(lambda found: " " * len(found.group()), query).rstrip()
    found, position = [], 0
    while position < len(source):
        match = TOKENS.match(source, position)
        if match is None or match.lastgroup is None:
            raise KqlError(Token("sign", source[position:].strip()[:1], position))
        found.append(Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
        position = match.end()
    return [*found, Token("end", "<EOF>", len(source))]


class TokenReader:
    """Reads the tokens one by one. `columns` are those that expressions may name at this point.

    `dynamic` are those of them whose type Kusto learns only from each row.
    """

    def __init__(self, query: str) -> None:
        self._tokens = tokens(query)
        self._next = 0
        self.columns: tuple[str, ...] = ()
        self.dynamic: frozenset[str] = frozenset()

    @property
    def next(self) -> Token:
        return self._tokens[self._next]

    def advance(self) -> Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def accept(self, *texts: str) -> str | None:
        """Consume the next token if it is one of these (names in any casing)."""
        if self.next.kind in ("sign", "name") and self.next.text.lower() in texts:
            return self.advance().text.lower()
        return None

    def expect(self, *texts: str) -> str:
        taken = self.accept(*texts)
        if taken is None:
            raise KqlError(self.next)
        return taken

    def name(self) -> str:
        if self.next.kind != "name":
            raise KqlError(self.next)
        return self.advance().text
