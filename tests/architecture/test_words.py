"""What a person reads is in plain, standard words: pages, mails, settings, log events and documents."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from shared.core.settings import SETTINGS
from shared.observability.event_texts import LOG_EVENTS
from tests.architecture.documents import DOCUMENTS
from tests.architecture.named import docstrings
from tests.architecture.tree import ROOT, Module, modules, shipped, tracked
from tests.mission import rows

REPLACEMENTS = {
    "mend|mends|mended|mending": "fix, fixed",
    "dearest|dearer": "most expensive, top 10 by cost",
    "somebody|whoever|nobody|anybody": "the user, the reviewer, an administrator, no user",
    "(?:is|are|was|were|be|been) told": "is notified, is shown",
    "tells? of": "reports, announces",
    "of ours|of theirs": "our, the customer's",
    "goes|gone|going": "is deleted, was deleted, continues, is sent",
    "let(?:s|ting)? go(?: of)?": "released, abandoned",
    "what (?:it|each|they) saves?": "savings",
    "left behind|belongs? to nothing": "orphaned, unattached",
    "(?:other )?ways to the same saving": "alternatives",
    "the same as a table": "show as a table",
    "anew": "again",
    "asks? again": "retries",
    "readings|(?:a|the|each|one|every) reading": "dataset, subscription, step",
    "not reached|c[ao]mes? to nothing|came of it": "failed, result",
    "not worked on|could not be worked on|could work on": "failed processing",
    "complaints?": "validation error, reason",
    "weather|storms?|calm|spoilt|spoiling": "fault profile, fault, corrupt response",
    "shelf|shelves": "download folder",
}
"""By a pattern of whole words: what to write. A hyphen between two of them is no way around it."""

BANNED = {
    re.compile(rf"(?<![\w-])(?:{pattern.replace(' ', '[ -]')})(?![\w-])", re.IGNORECASE): use
    for pattern, use in REPLACEMENTS.items()
}

TYPE_NAMES = {
    "Aim",
    "Wish",
    "Hand",
    "Whose",
    "Again",
    "Place",
    "About",
    "Written",
    "Given",
    "Shown",
    "Shelf",
    "Weather",
    "Storm",
}
"""Words that say nothing about what a type holds."""

EVENTS = {"step-let-go", "mail-let-go", "not-worked-on", "died", "reads-on", "waits-here"}
"""Names of log events that were replaced."""

LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log", "tell", "log_event"}
TAG = re.compile(r"<[^>]*>|\{[{%#].*?[}%#]\}", re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")

Text = tuple[str, str]
"""Where it stands and what it says."""


def found(text: str) -> list[str]:
    """Each banned word of the text, with what to write."""
    flat = " ".join(text.split())
    return [f"{hit[0]!r}: write {use}" for pattern, use in BANNED.items() for hit in pattern.finditer(flat)]


def offences(texts: Iterator[Text]) -> list[str]:
    return [f"{place}: {offence}" for place, text in texts for offence in found(text)]


@cache
def strings(module: Module) -> tuple[Text, ...]:
    """The module's texts of more than one word, docstrings left out."""
    told = {id(text) for text in docstrings(module.tree.body)}
    return tuple(
        (f"{module.path.relative_to(ROOT)}:{node.lineno}", node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and id(node) not in told
    )


def texts_of(*rooms: str) -> Iterator[Text]:
    for module in shipped():
        if any(module.name == room or module.name.startswith(f"{room}.") for room in rooms):
            yield from strings(module)


def templates() -> Iterator[Text]:
    for path in tracked("web/templates/*.html"):
        yield str(path.relative_to(ROOT)), TAG.sub(" ", path.read_text(encoding="utf-8"))


def log_events() -> Iterator[Text]:
    for event in LOG_EVENTS:
        yield event.name, f"{event.name}: {event.meaning}. {event.action}"


def settings() -> Iterator[Text]:
    for setting in SETTINGS:
        yield setting.name, setting.meaning


def log_lines() -> Iterator[Text]:
    """Every text in a call that logs."""
    for module in shipped():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _name_of(node.func) in LOGGING:
                said = [word.value for arg in node.args for word in ast.walk(arg) if isinstance(word, ast.Constant)]
                place = f"{module.path.relative_to(ROOT)}:{node.lineno}"
                yield from ((place, word) for word in said if isinstance(word, str))


def _name_of(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def documents() -> Iterator[Text]:
    """Every document; without code, and without what docs/promises.md quotes of the public page."""
    quoted = [row.sentence.replace("|", "\\|") for row in rows()]
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for sentence in quoted if path.name == "promises.md" else ():
            text = text.replace(f"| {sentence} |", "|")
        yield str(path.relative_to(ROOT)), CODE.sub(" ", text)


SURFACES: dict[str, Callable[[], Iterator[Text]]] = {
    "documents": documents,
    "log events": log_events,
    "log lines": log_lines,
    "mails": lambda: texts_of("shared.mail"),
    "pages": lambda: texts_of("web"),
    "settings": settings,
    "templates": templates,
    "findings": lambda: texts_of("findings"),
    "collectors": lambda: texts_of("collectors"),
    "shared": lambda: texts_of("shared"),
}


@pytest.mark.parametrize("surface", SURFACES)
def test_it_is_in_plain_words(surface: str) -> None:
    assert offences(SURFACES[surface]()) == []


@pytest.mark.parametrize("surface", SURFACES)
def test_there_is_something_to_judge(surface: str) -> None:
    assert len(list(SURFACES[surface]())) > 5


@pytest.mark.parametrize(
    "text",
    ["Once the cause is\n mended", "Goes on", "a person of ours", "Nobody has it", "it begins anew", "step let-go",
     "What it saves", "10 readings are missing", "The ten dearest", "you are told"],
)  # fmt: skip
def test_a_banned_word_would_be_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", ["a recommendation", "hours", "ongoing", "test_it_goes_there", "retold", "recalm-x"])
def test_a_part_of_a_word_is_no_word(text: str) -> None:
    assert found(text) == []


OWN_WORDS = "tests.architecture.test_words"
"""This module holds the words that the others must not."""


def _of_tests() -> list[Module]:
    return [module for module in modules() if module.name.startswith("tests.") and module.name != OWN_WORDS]


def test_the_docstrings_of_tests_are_in_plain_words() -> None:
    texts = [
        (module.name, CODE.sub(" ", str(doc.value))) for module in _of_tests() for doc in docstrings(module.tree.body)
    ]
    assert len(texts) > 500
    assert offences(iter(texts)) == []


def test_the_texts_of_tests_are_in_plain_words() -> None:
    texts = [text for module in _of_tests() for text in strings(module)]
    assert len(texts) > 3_000
    assert offences(iter(texts)) == []


WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def given_names(tree: ast.Module) -> Iterator[str]:
    """The names that a module gives: of functions, classes, parameters and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def in_words(name: str) -> str:
    """An identifier as words: underscores and capitals part them."""
    return " ".join(WORD.findall(name)).lower()


def test_no_name_in_the_code_holds_a_banned_word() -> None:
    names = [(module.name, name) for module in modules() for name in sorted({*given_names(module.tree)})]
    assert len(names) > 10_000
    said = [f"{place}.{name}: {offence}" for place, name in names for offence in found(in_words(name))]
    assert said == []


@pytest.mark.parametrize(
    "source",
    ["def test_the_dearest_are_first(): ...", "class StepLetGo: ...", "NOBODY = 1", "def f(told, is_told): ...",
     "for mended in (): ...", "def f(): a_reading: int = 1"],
)  # fmt: skip
def test_a_banned_word_in_a_name_would_be_found(source: str) -> None:
    assert [offence for name in given_names(ast.parse(source)) for offence in found(in_words(name))]


def test_no_type_has_a_name_that_says_nothing() -> None:
    classes = (node for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))
    assert sorted({node.name for node in classes} & TYPE_NAMES) == []


def test_no_log_event_has_a_name_that_was_replaced() -> None:
    named = {event.name for event in LOG_EVENTS}
    assert named
    assert sorted(EVENTS & named) == []
