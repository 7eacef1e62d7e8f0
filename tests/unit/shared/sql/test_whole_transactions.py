"""Every transaction of a repository can be run again as a whole, or says here why not."""

import ast

import pytest

from tests.support.repository_methods import Method, methods

STREAMS = {
    "FindingSources.resources": "rows go out one by one: the message that asked for them comes again",
    "FindingSources.costs_of_month": "likewise",
    "FindingSources.meters_of_month": "likewise",
    "FindingSources.spend": "likewise",
    "Holdings.reader": "a download that breaks is started again by its user",
    "CostRows.each": "rows go out one by one: an export that breaks is started again by its user",
    "InventoryPages.each": "likewise",
}

METHODS = methods()
MARKED = [method for method in METHODS.values() if method.is_marked]


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_it_is_marked_or_repeats_by_itself_or_streams(method: Method) -> None:
    assert method.is_marked or "self._database.repeat" in method.calls() or method.name in STREAMS


@pytest.mark.parametrize("method", MARKED, ids=lambda method: method.name)
def test_what_is_marked_bears_to_be_run_twice(method: Method) -> None:
    assert not method.is_generator()
    arguments = [ast.unparse(each.annotation) for each in method.node.args.args if each.annotation]
    assert not [name for name in arguments if name.startswith(("Iterator", "Iterable"))]
    assert not [call for call in method.calls() if call.endswith(("uuid4", "token_hex"))]


def test_the_streams_are_still_there_and_stream() -> None:
    assert all(METHODS[name].is_generator() for name in STREAMS)


def test_there_is_something_to_look_at() -> None:
    assert len(MARKED) > 40
