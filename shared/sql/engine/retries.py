"""Whole transactions run again when SQL Server could not help failing.

Deadlocks, failovers and the minute in which a serverless database resumes end a transaction
through no fault of its own: it is run again from its beginning, on a fresh connection. The
one doubtful case is a commit whose answer was lost: it may have happened. A method that is
run again then asks `commit_is_unknown`, where doing its work twice would not be the same.
"""

import functools
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Transaction
from sqlalchemy.exc import DBAPIError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.engine.page_reading import current_page
from shared.sql.engine.sql_faults import is_lock_fault, passing_fault

PAGE_ATTEMPTS = 2
PAGE_WAIT_SECONDS = 1.0
"""A user waits: one repetition, soon. Then the page says that the database is unavailable."""

ATTEMPTS = 6
FIRST_WAIT_SECONDS = 5.0
MAX_WAIT_SECONDS = 60.0
"""5, 10, 20, 40 and 60 seconds: a serverless database resumes within about a minute."""

LOCK_WAIT_SECONDS = 0.2

log = logging.getLogger("caleta.sql")
_commit_is_unknown: ContextVar[bool] = ContextVar("commit_is_unknown", default=False)

P = ParamSpec("P")
T = TypeVar("T")


class CommitUnknown(Exception):
    """The connection was lost during a commit: whether it happened is not known."""


class Repeating(Protocol):
    """What runs a piece of work again where that may help: a Database."""

    def repeat(self, work: Callable[[], T]) -> T: ...


class Repository(Protocol):
    """An object whose transactions are one database's."""

    @property
    def _database(self) -> Repeating: ...


S = TypeVar("S", bound=Repository)


def whole_transaction(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """For a method that is one transaction from beginning to end; its arguments must bear to be used twice.

    An iterator would be empty the second time: such a method is not to be marked.
    """

    def repeated_method(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.repeat(lambda: method(self, *args, **kwargs))

    functools.update_wrapper(repeated_method, method)
    return repeated_method


def commit_is_unknown() -> bool:
    """True in a transaction that is run again because its commit was not answered: its work may be done already."""
    return _commit_is_unknown.get()


def repeated(work: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Runs the work, and again after a wait while SQL Server cannot help failing, ATTEMPTS times in all.

    On a page it is PAGE_ATTEMPTS times.
    """
    before = _commit_is_unknown.set(False)
    retrying = Retrying(
        retry=retry_if_exception(_may_pass),
        wait=_wait,
        stop=stop_after_attempt(PAGE_ATTEMPTS if current_page() else ATTEMPTS),
        sleep=sleep,
        before_sleep=_note,
        reraise=True,
    )
    try:
        return retrying(work)
    finally:
        _commit_is_unknown.reset(before)


def database_is_away(error: BaseException) -> bool:
    """Whether `repeated` gave up because of an outage: the work is sound, and the server may be there in an hour.

    Locks are none: they are others' work, and pass within seconds or not at all.
    """
    return _may_pass(error) and not is_lock_fault(error)


@contextmanager
def telling_if_unknown() -> Iterator[None]:
    """Around a commit. A deadlock's victim was rolled back; a lost connection leaves it open what happened."""
    try:
        yield
    except DBAPIError as error:
        if passing_fault(error) is None or is_lock_fault(error):
            raise
        raise CommitUnknown(passing_fault(error)) from error


def commit(transaction: Transaction) -> None:
    """Commits; raises CommitUnknown when the answer was lost."""
    with telling_if_unknown():
        transaction.commit()


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, CommitUnknown) or passing_fault(error) is not None


def _wait(state: RetryCallState) -> float:
    """Seconds: little and by chance for locks, so that two do not meet again; SQL's long ones for all else."""
    doubled = 2.0 ** (state.attempt_number - 1)
    if is_lock_fault(_error(state)):
        return LOCK_WAIT_SECONDS * doubled * (1 + random.random())  # noqa: S311  no secret
    return PAGE_WAIT_SECONDS if current_page() else min(FIRST_WAIT_SECONDS * doubled, MAX_WAIT_SECONDS)


def _note(state: RetryCallState) -> None:
    error = _error(state)
    if isinstance(error, CommitUnknown):
        _commit_is_unknown.set(True)
    fault = error if isinstance(error, CommitUnknown) else passing_fault(error)
    unknown = commit_is_unknown()
    values = {"tries": state.attempt_number, "commit_unknown": unknown}
    log_event(log, Event.SQL_RETRIED, fault, level=logging.WARNING, about=values)


def _error(state: RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    return error or RuntimeError("no error")
