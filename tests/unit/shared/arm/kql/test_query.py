"""Queries at the desk: what reviewers need passes, and nothing passes that reads what the page does not list."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arm.kql.query import OPERATORS, rejection_reason
from shared.arm.kql.readable import READABLE, TABLES, ReadableTable
from tests.support.kql_queries import ADVICE, ALLOWED, DISKS, REFUSED


@pytest.mark.parametrize("query", ALLOWED)
def test_what_a_reviewer_may_ask_is_allowed(query: str) -> None:
    assert rejection_reason(query) is None


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_listed_is_refused_in_a_sentence(query: str) -> None:
    reason = rejection_reason(query)
    assert reason is not None
    assert reason.endswith(".")
    assert len(reason) < 3_000


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("securityresources | count", "Readable tables: resources, resourcecontainers, advisorresources."),
        ("resources | mv-expand tags", "Allowed operators: count, distinct, extend,"),
        ("resources | project identity", "Readable columns of resources: id, name, type, kind, location"),
        (
            "resources | project properties.tier",
            "type first, for example where type =~ 'microsoft.compute/disks'.",
        ),
        (
            f"{DISKS} | project properties.x",
            "Readable properties of microsoft.compute/disks: array_length(properties.shareInfo)",
        ),
        ("resources | project parse_json(name)", "Allowed functions: abs, ago, array_length"),
        (
            "resources | project id | where kind == 'a'",
            "a column at this point of the query. Available columns: id.",
        ),
        ("advisorresources | count", "Start with | where properties.category =~ 'cost'."),
        ("resources | take 5", "At the end name the columns"),
        ("resources | project tags.apiKey", "may contain a secret, which we never read."),
    ],
)
def test_a_refusal_says_what_is_allowed(query: str, words: str) -> None:
    assert words in (rejection_reason(query) or "")


@pytest.mark.parametrize("table", READABLE, ids=lambda table: table.name)
def test_whatever_is_listed_can_be_asked_for(table: ReadableTable) -> None:
    columns = f"project {', '.join(table.columns)}"
    assert (rejection_reason(f"{table.name} | {columns}") is None) is not table.restricted
    for kind, listed in table.properties.items():
        named = ", ".join(f"a{number} = {written}" for number, written in enumerate(listed.values()))
        where = f"where {table.kind_of_row.written} =~ '{kind}'"
        assert rejection_reason(f"{table.name} | {where} | project {named}") is None


@given(st.text(max_size=200))
def test_any_text_is_answered_without_an_exception(query: str) -> None:
    assert rejection_reason(query) is None or rejection_reason(query)


pieces = st.sampled_from(sorted({word for query in (*ALLOWED[2:], *REFUSED) for word in re.findall(r"\w+|\S", query)}))


@given(st.sampled_from(["resources |", DISKS, ADVICE]), st.lists(pieces, max_size=12))
def test_no_shuffle_of_words_reads_a_bag_or_an_identity(start: str, words: list[str]) -> None:
    """What passes names no column of Azure's that is not listed, unless as a name of its own for a listed one."""
    query = f"{start} {' '.join(words)}"
    if rejection_reason(query) is None:
        read = re.sub(r"'[^']*'|\"[^\"]*\"|//[^\n]*|\b\w+\s*=(?![=~])", " ", query)
        closed = re.split(r"\| *(?:project|summarize|distinct|count)", read, maxsplit=1)[0]
        assert not re.search(r"\b(?:identity|systemData|plan|zones|authorizationresources)\b", closed)
        assert not re.search(r"\bproperties\b(?!\s*[.\[])", closed)


@given(
    st.sampled_from(["authorization", "security", "policy", "health", "kubernetes"]),
    st.sampled_from(ALLOWED),
)
def test_no_other_table_passes_wherever_it_stands(kind: str, query: str) -> None:
    for table in TABLES:
        if re.search(rf"(?m)(^|\(){table} ?[\n|]", query):
            other = re.sub(rf"(?m)(^|\(){table}( ?[\n|])", rf"\1{kind}resources\2", query)
            assert rejection_reason(other) is not None


def test_the_operators_are_those_of_the_list() -> None:
    assert set(OPERATORS) == {
        *("where", "filter", "project", "extend", "summarize", "distinct", "count", "order", "sort", "top", "take"),
        *("limit", "project-away", "project-keep", "project-reorder", "project-rename", "union", "join"),
    }
