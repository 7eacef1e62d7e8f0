"""The judge of our T-SQL can tell right from wrong."""

import pytest

from tests.support.tsql import numbered, strangers, syntax_errors


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT TOP 5 a FROM t WHERE b = ? AND c IN (?, ?) ORDER BY a",
        "DELETE TOP (100) FROM t WHERE a = ?",
        "UPDATE t SET a = ? OUTPUT inserted.a WHERE b = ?",
        "GRANT EXECUTE ON OBJECT::dbo.p TO public",
        "SELECT a FROM t WITH (UPDLOCK, HOLDLOCK) WHERE b LIKE '%' + ? + '%' ESCAPE '/'",
        "SELECT 'LIMIT 5, `NOW()`' -- MERGE",
    ],
)
def test_right_statements_pass(statement: str) -> None:
    assert syntax_errors(statement) == ""
    assert strangers(statement) == []


@pytest.mark.parametrize("statement", ["SELEC a FROM t", "SELECT a FROM t WHERE", "DELETE TOP 5 FROM t", "SELECT (a"])
def test_wrong_syntax_is_found(statement: str) -> None:
    assert syntax_errors(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT NOW()",
        "SELECT a FROM t LIMIT 5",
        "CREATE TABLE t (a BOOLEAN)",
        "SELECT a::int FROM t",
        "UPDATE t SET a = TRUE",
        "SELECT a || b FROM t",
        "INSERT INTO t (a) VALUES (?) RETURNING a",
        "CREATE TABLE t (a DATETIME NOT NULL)",
        "PRAGMA journal_mode",
    ],
)
def test_the_words_of_other_databases_are_found(statement: str) -> None:
    assert strangers(statement)


def test_marks_become_named_parameters_but_for_those_in_texts() -> None:
    assert numbered("SELECT ?, 'what?', ? -- why?") == "SELECT @p1, 'what?', @p2 -- why?"
