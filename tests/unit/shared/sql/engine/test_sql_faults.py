"""Errors of SQL Server, in pyodbc's form: which pass by themselves."""

import pytest
from sqlalchemy.exc import DBAPIError

from shared.sql.engine.sql_faults import (
    LOCKS,
    THROTTLES,
    TRANSIENT,
    error_numbers,
    is_duplicate,
    is_lock_fault,
    leaves_connections_sound,
    passing_fault,
)

PREFIX = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


class DriverError(Exception):
    """In the form of pyodbc's."""


def error(number: int, state: str = "42000", words: str = "Words.") -> DBAPIError:
    original = DriverError(state, f"[{state}] {PREFIX}{words} ({number}) (SQLExecDirectW)")
    return DBAPIError("SELECT 1", {}, original)


AZURES_LIST = (615, 926, 4060, 4221, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920)
SQLCLIENTS_LIST = (1204, 3960, 8645, 8651, 9002, 701, 3906, 10936, 40143, 40166, 40540, 42119)
NETWORK = (20, 64, 121, 233, 10053, 10054, 10060)


@pytest.mark.parametrize("number", [*AZURES_LIST, *SQLCLIENTS_LIST, *NETWORK, 1205, 1222])
def test_what_azure_says_is_transient_passes(number: int) -> None:
    assert passing_fault(error(number)) == (TRANSIENT | LOCKS | THROTTLES)[number]


@pytest.mark.parametrize("number", [701, 8645, 10928, 10929, 40501, 49918, 49919, 49920, 1205])
def test_a_server_that_throttles_has_broken_no_connection(number: int) -> None:
    assert leaves_connections_sound(error(number))


@pytest.mark.parametrize("number", [40613, 40197, 4060, 10054, 3906])
def test_a_failover_has(number: int) -> None:
    assert not leaves_connections_sound(error(number))


@pytest.mark.parametrize(("words", "sound"), [("Query timeout expired", True), ("Login timeout expired", False)])
def test_a_statement_out_of_time_was_cancelled_and_a_login_was_not(words: str, sound: bool) -> None:
    timeout = DriverError("HYT00", f"[HYT00] [Microsoft][ODBC Driver 18 for SQL Server]{words} (0) (SQLExecDirectW)")
    assert passing_fault(timeout)
    assert leaves_connections_sound(timeout) is sound


@pytest.mark.parametrize("number", [102, 208, 229, 515, 547, 2601, 2627, 8152, 18456, 33504, 0])
def test_what_is_wrong_stays_wrong(number: int) -> None:
    assert passing_fault(error(number)) is None


@pytest.mark.parametrize("number", [2601, 2627])
def test_an_index_and_a_key_report_a_duplicate_alike(number: int) -> None:
    assert is_duplicate(error(number, "23000"))
    assert not is_duplicate(error(515, "23000"))


@pytest.mark.parametrize("number", [1205, 1222])
def test_others_locks_are_no_fault_of_the_connection(number: int) -> None:
    assert is_lock_fault(error(number))
    assert not is_lock_fault(error(40613))


def test_a_number_within_the_words_does_not_count() -> None:
    words = "Violation of PRIMARY KEY. The duplicate key value is (a, (40613); b). See (1205) (SQL"
    assert error_numbers(error(2627, "23000", words)) == [2627]
    assert passing_fault(error(2627, "23000", words)) is None


def test_a_customers_value_that_looks_like_a_record_is_taken_for_one_at_worst() -> None:
    assert error_numbers(error(2627, "23000", "value (1); [here] follows")) == [2627]


def test_all_records_of_an_error_count() -> None:
    text = (
        f"[08S01] {PREFIX}TCP Provider: Error code 0x68 (104) (SQLExecDirectW); [08S01] {PREFIX}Communication (10054)"
    )
    assert error_numbers(DriverError("08S01", text)) == [104, 10054]


@pytest.mark.parametrize("state", ["08S01", "HYT00", "40001"])
def test_the_drivers_own_errors_have_a_state_and_no_number(state: str) -> None:
    assert passing_fault(DriverError(state, f"[{state}] [Microsoft]Words (0) (SQLExecute)"))


@pytest.mark.parametrize(
    "other", [ValueError("x"), KeyError(1, 2), DriverError("40001"), DriverError(), OSError(40613, "x")]
)
def test_errors_of_others_are_not_ours_to_judge(other: Exception) -> None:
    assert passing_fault(other) is None
    assert not is_duplicate(other)
