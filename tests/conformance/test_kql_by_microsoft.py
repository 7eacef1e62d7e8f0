"""Queries judged by Microsoft's own parser and binder against the columns of Resource Graph.

`python -m tests.support.kusto 10000` compares as many generated queries.
"""

from collections.abc import Iterator

import pytest

from collectors.inventory import QUERY, SIMPLIFIED_QUERY
from shared.arm.kql.query import rejection_reason
from tests.support.kql_queries import ALLOWED, REFUSED, WITHOUT_A_TYPE
from tests.support.kusto.binder import Binder, NoBinder
from tests.support.kusto.comparison import compared, unlisted
from tests.support.kusto.generated import queries
from web.desk.queries import EXAMPLE

GENERATED = 500


@pytest.fixture(scope="module")
def binder() -> Iterator[Binder]:
    try:
        with Binder() as running:
            yield running
    except NoBinder as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("query", [QUERY, SIMPLIFIED_QUERY, EXAMPLE, *ALLOWED])
def test_every_query_that_may_be_sent_is_one_that_azure_understands(binder: Binder, query: str) -> None:
    bound = binder.bind(query)
    assert rejection_reason(query) is None
    assert bound.errors == ()
    assert bound.reads
    assert unlisted(query, bound.reads) == set()


@pytest.mark.parametrize("query", WITHOUT_A_TYPE)
def test_a_value_without_a_type_is_refused_where_azure_refuses_it(binder: Binder, query: str) -> None:
    assert binder.bind(query).errors
    assert rejection_reason(query) is not None


def test_generated_queries_read_what_is_listed_and_nothing_else(binder: Binder) -> None:
    found = compared(binder, queries(7, GENERATED))
    assert found.accepted > GENERATED // 2
    assert found.refused.total() > GENERATED // 20
    assert found.differences == []


def test_the_comparison_finds_what_may_never_be_read(binder: Binder) -> None:
    """Otherwise its silence would mean nothing."""
    understood = {query: binder.bind(query) for query in REFUSED}
    caught = [query for query, bound in understood.items() if not bound.errors and unlisted(query, bound.reads)]
    assert "resources | take 5" in caught
    assert "resources | where type =~ 'microsoft.compute/disks' | project i = identity.principalId" in caught
    assert "resources | project id | union (authorizationresources | project id)" in caught
    assert len(caught) > 20


def test_the_tables_names_ignore_case_as_in_resource_graph(binder: Binder) -> None:
    for table in ("resources", "Resources", "RESOURCES"):
        assert binder.bind(f"{table} | project id, kind").reads == {"resources.id", "resources.kind"}
