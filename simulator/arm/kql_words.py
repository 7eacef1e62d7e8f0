"""The words of the query language, as far as it is understood here."""

import re
from dataclasses import dataclass

WORDS = re.compile(
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
    """The query cannot be understood; `word` is where."""

    def __init__(self, word: "Word") -> None:
        super().__init__(word.text)
        self.word = word


@dataclass(frozen=True)
class Word:
    """One word: its kind (text, number, name, sign, end) and where it stands."""

    kind: str
    text: str
    position: int


def words(query: str) -> list[Word]:
    """The query's words, ended by one of kind `end`; raises KqlError."""
    source = COMMENT.sub(lambda found: " " * len(found.group()), query).rstrip()
    found, position = [], 0
    while position < len(source):
        match = WORDS.match(source, position)
        if match is None or match.lastgroup is None:
            raise KqlError(Word("sign", source[position:].strip()[:1], position))
        found.append(Word(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
        position = match.end()
    return [*found, Word("end", "<EOF>", len(source))]


class Reader:
    """Goes through the words one by one. `columns` are those that expressions may name just now."""

    def __init__(self, query: str) -> None:
        self._words = words(query)
        self._next = 0
        self.columns: tuple[str, ...] = ()

    @property
    def next(self) -> Word:
        return self._words[self._next]

    def take(self) -> Word:
        word = self._words[self._next]
        self._next = min(self._next + 1, len(self._words) - 1)
        return word

    def takes(self, *texts: str) -> str | None:
        """Takes the next word if it is one of these (names in any casing)."""
        if self.next.kind in ("sign", "name") and self.next.text.lower() in texts:
            return self.take().text.lower()
        return None

    def need(self, *texts: str) -> str:
        taken = self.takes(*texts)
        if taken is None:
            raise KqlError(self.next)
        return taken

    def name(self) -> str:
        if self.next.kind != "name":
            raise KqlError(self.next)
        return self.take().text
