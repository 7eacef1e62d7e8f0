import pytest

from simulator.arm.kql import Tables, run
from simulator.arm.kql_expressions import Row
from simulator.arm.kql_tokens import KqlError

RESOURCES: list[Row] = [
    {
        "id": "/b",
        "name": "b",
        "type": "t/vm",
        "properties": {"size": {"name": "L"}, "disks": [1, 2]},
        "tags": {"a b": 1},
    },
    {"id": "/a", "name": "a", "type": "t/disk", "properties": {"size": None}, "tags": None},
]
CONTAINERS: list[Row] = [{"id": "/", "name": "root", "type": "t/subscription"}]
TABLES: Tables = {"resources": lambda: RESOURCES, "resourcecontainers": lambda: CONTAINERS}


def rows(query: str) -> list[dict[str, object]]:
    return run(query, TABLES).rows


def test_a_projection_follows_paths_and_gives_null_where_there_is_none() -> None:
    found = rows("resources | project id, size = properties.size.name, more = properties.size.name.x")
    assert found == [{"id": "/b", "size": "L", "more": None}, {"id": "/a", "size": None, "more": None}]


def test_members_can_be_named_in_brackets() -> None:
    assert rows("resources | project v = tags['a b'], d = properties.disks[1]")[0] == {"v": 1, "d": 2}


def test_where_knows_equality_with_and_without_casing() -> None:
    assert [row["id"] for row in rows("resources | where type =~ 'T/VM'")] == ["/b"]
    assert rows("resources | where type == 'T/VM'") == []
    assert len(rows("resources | where type in~ ('T/VM', 't/disk') and not(name == 'x')")) == 2
    assert [row["id"] for row in rows("resources | where isnull(properties.size.name) or name startswith 'x'")] == [
        "/a"
    ]


def test_case_takes_the_first_branch_that_is_true() -> None:
    query = "resources | project s = case(type =~ 't/vm', bag_pack('n', array_length(properties.disks)), dynamic(null))"
    assert rows(query) == [{"s": {"n": 2}}, {"s": None}]


def test_a_union_has_the_columns_of_both() -> None:
    query = (
        "resourcecontainers | project id, name | union (resources | project id, kind = toupper(type)) | order by id asc"
    )
    assert rows(query) == [
        {"id": "/", "name": "root", "kind": None},
        {"id": "/a", "name": None, "kind": "T/DISK"},
        {"id": "/b", "name": None, "kind": "T/VM"},
    ]


def test_order_is_descending_unless_said() -> None:
    assert [row["id"] for row in rows("resources | order by id")] == ["/b", "/a"]
    assert [row["id"] for row in rows("resources | sort by id asc")] == ["/a", "/b"]


def test_a_query_may_start_with_an_operator() -> None:
    assert rows("project id | take 1") == [{"id": "/b"}]


def test_taking_and_counting_end_paging() -> None:
    assert run("resources | take 1", TABLES).is_limited
    assert run("resources | count", TABLES).rows == [{"Count": 2}]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "nowhere",
        "resources |",
        "resources | where where",
        "resources | make-series count() on type",
        "resources | project unknownColumn",
        "resources | project id | order by name asc",
        "resources | where tolower(type, name) == 'x'",
        "resources | project bag_pack('odd')",
        "resources | project x = mystery(id)",
        "resources | take many",
        "resources | where type == 'open",
        "resources extra",
        "resources; drop",
    ],
)
def test_anything_else_is_refused(query: str) -> None:
    with pytest.raises(KqlError):
        rows(query)


def test_a_summary_counts_rows_by_group() -> None:
    assert rows("resources | summarize count() by type | order by type asc") == [
        {"type": "t/disk", "count_": 1},
        {"type": "t/vm", "count_": 1},
    ]
    assert rows("resources | summarize n = count(), kinds = dcount(type)") == [{"n": 2, "kinds": 2}]


def test_a_summary_of_nothing_is_one_row() -> None:
    assert rows("resources | where name == 'x' | summarize n = count()") == [{"n": 0}]


def test_distinct_leaves_out_what_was_there() -> None:
    found = rows("resources | union resources | distinct type")
    assert sorted(str(row["type"]) for row in found) == ["t/disk", "t/vm"]


@pytest.mark.parametrize("end", ["summarize nothing()", "summarize", "distinct x"])
def test_an_aggregate_or_a_column_that_is_not_known_is_refused(end: str) -> None:
    with pytest.raises(KqlError):
        rows(f"resources | {end}")


DYNAMIC = (
    ("summarize n = count() by x = {}", "tags"),
    ("summarize n = count() by x = {}", "properties.size"),
    ("project x = {} | distinct x", "properties.size"),
    ("extend x = {} | order by x asc", "tags.a"),
    ("where {} | project id", "properties.size"),
    ("summarize total = sum({})", "properties.size"),
    ("project x = iff({}, 1, 2)", "properties.size"),
    ("summarize n = count() by x = coalesce('a', {})", "tags.a"),
)


@pytest.mark.parametrize(("query", "value"), DYNAMIC)
def test_a_dynamic_value_is_refused_where_azure_needs_a_type(query: str, value: str) -> None:
    with pytest.raises(KqlError):
        rows(f"resources | {query.format(value)}")
    text = f"tostring({value})"
    typed = f"isnotempty({value})" if query.startswith(("where", "project x = iff")) else text
    assert rows(f"resources | {query.format(typed)}") is not None
