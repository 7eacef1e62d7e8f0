"""The words of a query to Resource Graph. What another reader could take for something else is refused."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 16_000
MOST_LEGS = 3
"""Queries within a query, for unions and joins: Azure's own limit."""

_INVISIBLE = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_WORDS = re.compile(
    rf"""(?P<gap>(?:[ \t\n]|\r\n)+|//(?:[^{_INVISIBLE}]|\t)*(?=\r\n|\n|\Z))
    | (?P<text>'(?:[^'\\{_INVISIBLE}]|\\['"\\])*'|"(?:[^"\\{_INVISIBLE}]|\\['"\\])*")
    | (?P<number>\d+(?:\.\d+)?[A-Za-z]*)
    | (?P<name>!?[A-Za-z_$][A-Za-z0-9_]*(?:-(?:away|rename|reorder|keep|expand))?~?)
    | (?P<sign>=~|!~|==|!=|<=|>=|\.\.|/(?!/)|[-|()\[\],.=<>*+%:])""",
    re.VERBOSE,
)


class Refused(Exception):
    """The query may not be sent; the text is a sentence for whoever wrote it."""


@dataclass(frozen=True)
class Word:
    """A part of the text. `kind` is text, number, name, sign, or end."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """The word as a sentence quotes it."""
        return f"“{self.text[:60]}”" if self.text else "the end"


END = Word("end", "")


def words_of(query: str) -> Iterator[Word]:
    """All words but gaps and comments; raises Refused."""
    if len(query) > MAX_CHARACTERS:
        raise Refused(f"The query is longer than {MAX_CHARACTERS:,} characters.")
    place = 0
    while place < len(query):
        found = _WORDS.match(query, place)
        if found is None or found.lastgroup is None:
            raise Refused(f"“{query[place : place + 10].strip()}” cannot be understood here.")
        if found.lastgroup != "gap":
            yield Word(found.lastgroup, found.group())
        place = found.end()


class Words:
    """Goes through the words of a query, one by one."""

    def __init__(self, query: str) -> None:
        self._words = [*words_of(query)]
        self._place = 0
        self._legs = 0

    @property
    def next(self) -> Word:
        return self._at(0)

    def _at(self, ahead: int) -> Word:
        place = self._place + ahead
        return self._words[place] if place < len(self._words) else END

    def take(self) -> Word:
        word = self.next
        self._place += 1
        return word

    def takes(self, *texts: str) -> str | None:
        """The next word if it is one of these, and goes on; None if it is not."""
        return self.take().text if self.next.text in texts else None

    def deeper(self) -> None:
        """Begins a query within the query; raises Refused for one too many."""
        self._legs += 1
        if self._legs > MOST_LEGS:
            raise Refused(f"A query may hold {MOST_LEGS} others, for union and join.")

    def need(self, text: str) -> None:
        """Goes on over this word; raises Refused for another."""
        if self.takes(text) is None:
            raise Refused(f"“{text}” was expected, not {self.next.shown}.")

    def name(self) -> str:
        """The next word, which has to be a name."""
        if self.next.kind != "name":
            raise Refused(f"A name was expected, not {self.next.shown}.")
        return self.take().text

    def alias(self) -> str | None:
        """The name before a single =, and goes on behind it; None where there is none."""
        if self.next.kind != "name" or self._at(1).text != "=":
            return None
        name = self.take().text
        self.take()
        return name


def listed(names: Iterable[str]) -> str:
    """The names, for the end of a sentence."""
    return ", ".join(names)
