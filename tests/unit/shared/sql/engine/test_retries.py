"""A whole transaction is run again while SQL Server could not help failing, and not for ever."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from shared.sql.engine.engine import Database
from shared.sql.engine.retries import ATTEMPTS, CommitUnknown, commit_is_unknown, telling_if_unknown, whole_transaction
from tests.support.clock import START, FakeClock
from tests.unit.shared.sql.engine.test_sql_faults import error


class Ledger:
    """A repository whose one method fails as the test wants, then answers."""

    def __init__(self, clock: FakeClock, *failures: Callable[[], BaseException]) -> None:
        self._database = Database(engine(), clock)
        self.failures = list(failures)
        self.doubts: list[bool] = []

    @whole_transaction
    def write(self, value: int, *, sign: int = 1) -> int:
        """Says what it was given."""
        self.doubts.append(commit_is_unknown())
        if self.failures:
            failure = self.failures.pop(0)()
            raise failure
        return value * sign

    @property
    def tries(self) -> int:
        return len(self.doubts)


def engine() -> Engine:
    return create_engine("sqlite://")


def commit_lost() -> CommitUnknown:
    return CommitUnknown("the connection broke")


def failing(number: int) -> Callable[[], DBAPIError]:
    return lambda: error(number)


def seconds(clock: FakeClock) -> float:
    return (clock.now() - START).total_seconds()


def test_what_succeeds_is_run_once() -> None:
    ledger = Ledger(FakeClock())
    assert ledger.write(2, sign=-1) == -2
    assert ledger.doubts == [False]
    assert (ledger.write.__name__, ledger.write.__doc__) == ("write", "Says what it was given.")


def test_a_resuming_database_is_given_five_seconds_then_twice_as_long() -> None:
    clock = FakeClock()
    ledger = Ledger(clock, failing(40613), failing(40613), failing(40613))
    assert ledger.write(2) == 2
    assert seconds(clock) == 5 + 10 + 20


def test_it_is_not_asked_for_ever() -> None:
    clock = FakeClock()
    ledger = Ledger(clock, *[failing(40613)] * 50)
    with pytest.raises(DBAPIError):
        ledger.write(2)
    assert ledger.tries == ATTEMPTS
    assert seconds(clock) == 5 + 10 + 20 + 40 + 60


@pytest.mark.parametrize("number", [1205, 1222])
def test_a_deadlock_waits_for_moments_only(number: int) -> None:
    clock = FakeClock()
    ledger = Ledger(clock, failing(number), failing(number))
    assert ledger.write(2) == 2
    assert 0.6 <= seconds(clock) <= 1.2


def test_what_will_not_pass_is_not_tried_again() -> None:
    ledger = Ledger(FakeClock(), failing(2627))
    with pytest.raises(DBAPIError):
        ledger.write(2)
    assert ledger.tries == 1


def test_only_after_a_commit_without_an_answer_may_the_work_be_done_already() -> None:
    ledger = Ledger(FakeClock(), failing(40197), commit_lost, failing(1205))
    assert ledger.write(2) == 2
    assert ledger.doubts == [False, False, True, True]
    assert not commit_is_unknown()


def test_the_doubt_ends_with_the_work() -> None:
    ledger = Ledger(FakeClock(), *[commit_lost] * 50)
    with pytest.raises(CommitUnknown):
        ledger.write(2)
    ledger.failures.clear()
    ledger.doubts.clear()
    assert ledger.write(2) == 2
    assert ledger.doubts == [False]


@pytest.mark.parametrize("number", [40197, 10054, 233])
def test_a_connection_lost_in_a_commit_leaves_it_open(number: int) -> None:
    with pytest.raises(CommitUnknown), telling_if_unknown():
        raise error(number)


@pytest.mark.parametrize("number", [1205, 1222, 547])
def test_a_commit_that_was_refused_did_not_happen(number: int) -> None:
    with pytest.raises(DBAPIError), telling_if_unknown():
        raise error(number)


def test_the_log_names_the_fault_and_no_words_of_the_server(caplog: pytest.LogCaptureFixture) -> None:
    def quoting() -> DBAPIError:
        return error(40501, words="a customer's value")

    with caplog.at_level(logging.WARNING, logger="caleta.sql"):
        Ledger(FakeClock(), quoting).write(2)
    assert "reason=the service is busy" in caplog.text
    assert "customer" not in caplog.text
