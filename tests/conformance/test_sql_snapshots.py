"""Every statement that SQL Server would get is one that was reviewed, and Microsoft's parser takes it."""

import re
from collections.abc import Iterator

import pytest

from tests.sql_snapshots import Statements, ask, kept, snapshots
from tests.support.databases import needs_sqlite
from tests.support.repository_methods import methods
from tests.support.tsql import strangers, syntax_errors

pytestmark = pytest.mark.slow
WITH_JOBS = ("MetricSeriesStore.add", "AdhocResults.add", "Repulls.stage", "Repulls.swap", "Repulls.discard")
"""What is stored in a job's transaction, which OperatorJobs.advance opens."""

REMEDY = "read the difference, then `python -m tests.sql_snapshots --update`"


@pytest.fixture(scope="module")
def asked() -> Statements:
    needs_sqlite()
    return ask()


def test_every_statement_is_one_that_was_reviewed(asked: Statements) -> None:
    new, old = snapshots(asked), kept()
    assert sorted(new) == sorted(old), REMEDY
    for name, text in new.items():
        assert text == old[name], f"{name}: {REMEDY}"


def test_every_method_that_opens_a_transaction_was_asked(asked: Statements) -> None:
    found = {method for repository in asked.values() for method in repository}
    assert sorted({*methods(), *WITH_JOBS} - found) == []


@pytest.mark.parametrize("name", sorted(kept()))
def test_microsofts_parser_takes_it(name: str) -> None:
    text = kept()[name]
    assert syntax_errors(text) == ""
    assert strangers(text) == []


def ordered(text: str) -> Iterator[tuple[str, str]]:
    """Each statement with an order at its end, and that order."""
    for statement in re.split(r"^GO$|^-- .*$", text, flags=re.MULTILINE):
        before, by, order = statement.rpartition("ORDER BY ")
        if by and order.count(")") <= order.count("("):
            yield before, " ".join(order.split())


def is_total(statement: str, order: str) -> bool:
    """Whether ties cannot shake it: it ends with a key, or has all the columns that the rows are grouped by."""
    columns = [re.sub(r" (?:DESC|ASC)$| OFFSET .*$", "", each) for each in order.split(", ")]
    grouped = re.search(r"GROUP BY ([^()]+)$", statement.strip())
    if grouped:
        return {*" ".join(grouped[1].split()).split(", ")} <= {*columns}
    if {*columns} <= KEYS:
        return True
    return bool({each.rpartition(".")[2].strip("[]") for each in columns} & UNIQUE) or "DISTINCT" in statement


KEYS = {"findings.finding_id", "finding_proposals.finding_id"}
UNIQUE = {
    "event_id", "mail_id", "job_id", "scan_id", "step_id", "row_id", "total_id", "dead_letter_id", "purge_id", "run_id",
    "page_number", "series_number", "version", "position", "user_object_id", "ledger_id", "entry_id",
}  # fmt: skip
"""The columns that end a key: of a table, or of the rows that the condition leaves."""


@pytest.mark.parametrize("name", sorted(set(kept()) - {"migrations.sql"}))
def test_no_order_leaves_two_rows_to_chance(name: str) -> None:
    assert [order for statement, order in ordered(kept()[name]) if not is_total(statement, order)] == []


def test_there_is_a_file_for_each_repository() -> None:
    assert {"steps.sql", "deletions.sql", "migrations.sql"} <= kept().keys()


def test_nothing_is_asked_before_it_is_said_for_whom(asked: Statements) -> None:
    for repository in asked.values():
        for method, statements in repository.items():
            if method in methods():
                assert any("sp_set_session_context" in each for each in statements), method
