"""Every statement that SQL Server would get is one that was reviewed, and Microsoft's parser takes it."""

import pytest

from tests.sql_snapshots import Statements, ask, kept, snapshots
from tests.support.databases import needs_sqlite
from tests.support.repository_methods import methods
from tests.support.tsql import strangers, syntax_errors

pytestmark = pytest.mark.slow
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
    assert sorted(methods().keys() - found) == []


@pytest.mark.parametrize("name", sorted(kept()))
def test_microsofts_parser_takes_it(name: str) -> None:
    text = kept()[name]
    assert syntax_errors(text) == ""
    assert strangers(text) == []


def test_there_is_a_file_for_each_repository() -> None:
    assert {"steps.sql", "deletions.sql", "migrations.sql"} <= kept().keys()


def test_nothing_is_asked_before_it_is_said_for_whom(asked: Statements) -> None:
    for repository in asked.values():
        for method, statements in repository.items():
            if method in methods():
                assert any("sp_set_session_context" in each for each in statements), method
