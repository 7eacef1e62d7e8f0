"""Every sentence of the public permissions page has its row: what keeps it, and what shows that it is kept."""

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

from tests.mission import PROMISES, RENDERED, ROOT, TEXT, Row, mission_text, rendered, rows, sentences

TABLE = rows()
PROMISED = [row for row in TABLE if row.promises]
COMMAND = "python -m tests.mission"


def name_of(row: Row) -> str:
    return row.sentence[:50]


@pytest.fixture(scope="module")
def said() -> list[str]:
    """The page's sentences; it lies beside the project, and without it there is nothing to compare."""
    text = mission_text()
    if text is None:
        pytest.skip(f"THE PERMISSIONS PAGE IS NOT THERE: no text in {TEXT.parent.name}/{TEXT.name} beside the project")
    return sentences(text)


@cache
def functions_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_no_sentence_is_without_a_row(said: list[str]) -> None:
    assert len(said) > 40
    known = {row.sentence for row in TABLE}
    assert [sentence for sentence in said if sentence not in known] == []


def test_no_row_is_of_a_removed_sentence_and_they_stand_in_the_pages_order(said: list[str]) -> None:
    assert [row.sentence for row in TABLE] == said


def test_a_text_is_split_at_each_sentence_heading_and_bullet() -> None:
    text = "A heading\n\n  • One, e.g. two. Three?\n  2. A step\n\nhello@caleta.io. npm is lower case."
    assert sentences(text) == [
        "A heading",
        "One, e.g.",
        "two.",
        "Three?",
        "A step",
        "hello@caleta.io.",
        "npm is lower case.",
    ]


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_a_row_says_what_keeps_it_or_why_nothing_does(row: Row) -> None:
    if row.promises:
        assert set(row.promises) <= set(PROMISES)
        assert row.code
        assert row.tests
        assert not row.why
    else:
        assert row.why
        assert (row.code, row.tests) == ((), ())


@pytest.mark.parametrize("name", sorted({name for row in TABLE for name in row.code}))
def test_the_code_that_is_named_exists(name: str) -> None:
    module, _, attribute = name.partition(":")
    found: object = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    assert module.split(".")[0] not in ("tests", "local"), "what keeps a promise is what ships"


@pytest.mark.parametrize("name", sorted({name for row in TABLE for name in row.tests}))
def test_the_tests_that_are_named_exist(name: str) -> None:
    file, _, test = name.partition("::")
    assert test in functions_in(file)


@pytest.mark.parametrize("row", PROMISED, ids=name_of)
def test_each_promise_of_a_row_is_shown_by_a_test_of_that_promise(row: Row) -> None:
    files = " ".join(row.tests)
    for promise in row.promises[:1]:
        assert f"tests/promises/test_{promise.lower()}_" in files


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_its_test_and_a_sentence(promise: str) -> None:
    assert [path.name for path in Path(__file__).parent.glob(f"test_{promise.lower()}_*.py")]
    assert [row for row in PROMISED if promise in row.promises]


def test_the_table_for_people_is_the_same() -> None:
    assert RENDERED.read_text(encoding="utf-8") == rendered(TABLE), f"run {COMMAND}"
