"""What a query to Resource Graph may ask: three tables, named columns, nothing that could hold a secret.

Every query is held to it where it is about to be sent, our own included. It is read word
by word; what is not understood here is refused, whatever Azure would make of it.
https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TABLES = frozenset({"resources", "resourcecontainers", "advisorresources"})
CLOSING = frozenset({"project", "summarize", "distinct", "count"})
"""After these a result has the columns that the query names, and no others."""

OPERATORS = CLOSING | {
    *("where", "filter", "extend", "order", "sort", "top", "take", "limit", "union", "join", "mv-expand"),
    *("project-away", "project-rename", "project-reorder"),
}
NEVER_NAMES = (
    "identity systemdata createdby principalid userassignedidentities accesspolicies osprofile customdata userdata "
    "protectedsettings settings parameters outputs siteconfig appsettings environmentvariables containers template "
    "definition variables secrets keys sas token pack_all bag_unpack bag_keys externaldata evaluate"
)
NEVER = frozenset(NEVER_NAMES.split())
"""Names of columns, members and functions that are, or hold, what is never read."""

NEVER_TEXTS = re.compile(r"(?i)microsoft\.authorization|microsoft\.keyvault/vaults/|/federatedidentitycredentials")
SECRET = re.compile(r"(?i)passw|pwd|secret|credential|privatekey|connectionstring|accountkey|accesskey|sharedkey")
MAX_CHARACTERS = 16_000

_WORDS = re.compile(
    r"""(?P<gap>\s+|//[^\n]*)
    | (?P<text>@?'(?:[^'\\\n]|\\.)*'|@?"(?:[^"\\\n]|\\.)*")
    | (?P<number>\d[\w.]*)
    | (?P<name>[A-Za-z_$][A-Za-z0-9_]*(?:-(?:expand|away|rename|reorder|keep|apply))?~?)
    | (?P<sign>=~|!~|==|!=|<=|>=|[-|()\[\],.=<>*/+%:{}])""",
    re.VERBOSE,
)


class Refused(Exception):
    """The query may not be sent; the text is a sentence for whoever wrote it."""


@dataclass(frozen=True)
class _Word:
    kind: str
    text: str

    @property
    def key(self) -> str:
        return self.text.lower()


_END = _Word("end", "")


def complaint_about(query: str) -> str | None:
    """Why this query may not be sent, in a sentence; None if it may."""
    try:
        words = [*_words(query)]
        _check_names(words)
        _check_pipelines(words)
    except Refused as refused:
        return str(refused)
    return None


def _check_pipelines(words: list[_Word]) -> None:
    reader = _Reader(words)
    is_closed = reader.pipeline()
    if reader.next is not _END:
        raise Refused(f"“{reader.next.text[:40]}” was not expected after the end of the query.")
    if not is_closed:
        raise Refused(
            "Name the columns: the result has to come from project, summarize, distinct or count, so that it holds "
            "no whole bag of properties and no identity."
        )


def _words(query: str) -> Iterator[_Word]:
    if len(query) > MAX_CHARACTERS:
        raise Refused(f"The query is longer than {MAX_CHARACTERS:,} characters.")
    place = 0
    while place < len(query):
        found = _WORDS.match(query, place)
        if found is None or found.lastgroup is None:
            raise Refused(f"“{query[place : place + 10].strip()}” cannot be understood here.")
        if found.lastgroup != "gap":
            yield _Word(found.lastgroup, found.group())
        place = found.end()


def _check_names(words: list[_Word]) -> None:
    """No name of anything that is never read, wherever it stands; members of a bag by their written names alone."""
    afterwards = zip([*words[1:], _END], [*words[2:], _END, _END], strict=False)
    for before, word, (following, next_but_one) in zip([_END, *words], words, afterwards, strict=False):
        if word.kind == "name":
            _check_name(before, word, following)
        elif word.kind == "text":
            _check_text(before, word)
        elif word.text == "[" and (following.kind not in ("text", "number") or next_but_one.text != "]"):
            raise Refused("Between [ and ] only a written name or a number may stand.")
        elif word.text == "*":
            raise Refused("* stands for every column: name the columns instead.")


def _check_name(before: _Word, word: _Word, following: _Word) -> None:
    if word.key in NEVER or SECRET.search(word.key):
        raise Refused(f"“{word.text}” is, or may hold, what we promise never to read.")
    is_member = before.text == "."
    if not is_member and re.search(r"(resources|changes|containers)$", word.key) and word.key not in TABLES:
        raise Refused(f"The table {word.text} is never read. Allowed are {', '.join(sorted(TABLES))}.")
    if word.key == "properties" and not is_member and following.text not in (".", "["):
        raise Refused("The whole bag of properties is never read: name its members, as in properties.diskState.")


def _check_text(before: _Word, word: _Word) -> None:
    inner = word.text.lstrip("@")[1:-1]
    is_name = before.text == "[" and (inner.lower() in NEVER or SECRET.search(inner))
    if is_name or NEVER_TEXTS.search(inner):
        raise Refused(f"“{inner[:60]}” is, or may hold, what we promise never to read.")


class _Reader:
    """Goes through a query's pipelines: a table, then operators between bars."""

    def __init__(self, words: list[_Word]) -> None:
        self._words = words
        self._place = 0

    @property
    def next(self) -> _Word:
        return self._words[self._place] if self._place < len(self._words) else _END

    def take(self) -> _Word:
        word = self.next
        self._place += 1
        return word

    def pipeline(self) -> bool:
        """Reads to the end, or to a closing bracket; whether the result's columns are named."""
        self._table()
        is_closed = False
        while self.next.text == "|":
            self.take()
            operator = self.take()
            if operator.key not in OPERATORS:
                raise Refused(f"“{operator.text or 'the end'}” is not an operator that is allowed here.")
            if operator.key in ("union", "join"):
                is_closed = self._legs(operator.key) and is_closed
            else:
                self._expressions()
                is_closed = is_closed or operator.key in CLOSING
        return is_closed

    def _table(self) -> None:
        word = self.take()
        if word.key not in TABLES:
            raise Refused(
                f"“{word.text or 'nothing'}” is not a table that is read. Allowed are {', '.join(sorted(TABLES))}."
            )

    def _legs(self, operator: str) -> bool:
        """The other tables of a union or a join; whether all of them name their columns."""
        while self.next.kind == "name" and self._words[self._place + 1 : self._place + 2] == [_Word("sign", "=")]:
            self.take(), self.take(), self.take()
        is_closed = self._leg()
        while operator == "union" and self.next.text == ",":
            self.take()
            is_closed = self._leg() and is_closed
        self._expressions()
        return is_closed

    def _leg(self) -> bool:
        if self.next.text != "(":
            self._table()
            return False
        self.take()
        is_closed = self.pipeline()
        if self.take().text != ")":
            raise Refused("A bracket is not closed.")
        return is_closed

    def _expressions(self) -> None:
        """What follows an operator, up to the next bar. A query inside an expression is refused."""
        depth = 0
        while self.next is not _END:
            if self.next.text == "|" and depth:
                raise Refused("A query inside an expression is not allowed.")
            if self.next.text == "|" or (self.next.text == ")" and not depth):
                return
            depth += {"(": 1, ")": -1}.get(self.take().text, 0)
        if depth:
            raise Refused("A bracket is not closed.")
