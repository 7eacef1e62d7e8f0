"""A database that can be down, slow, in a deadlock, or that loses the answer to a commit."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from shared.core.clock import Clock, SystemClock
from shared.sql.engine.retries import CommitUnknown
from tests.faults.breakable import BreakableDatabase

DRIVER = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


class Moment(Enum):
    """Where a transaction may break."""

    BEGIN = auto()
    COMMIT = auto()
    ANSWER = auto()


Mood = Callable[[Moment], None]


def undisturbed(_: Moment) -> None:
    """Nothing breaks."""


def sql_error(state: str, number: int, words: str) -> OperationalError:
    """An error in the form that the driver gives it."""
    return OperationalError("statement", {}, Exception(state, f"[{state}] {DRIVER}{words} ({number}) (SQLExecDirectW)"))


def unavailable() -> OperationalError:
    return sql_error("HY000", 40613, "Database 'caleta' is not currently available.")


def deadlock() -> OperationalError:
    return sql_error("40001", 1205, "Transaction was deadlocked and has been chosen as the deadlock victim.")


class MoodyDatabase(BreakableDatabase):
    """Asks its mood at each moment of each transaction; the mood raises what is to happen."""

    mood: Mood = staticmethod(undisturbed)

    @property
    def clock(self) -> Clock:
        return self._clock

    @clock.setter
    def clock(self, clock: Clock | None) -> None:
        self._clock = clock or SystemClock()

    @contextmanager
    def begun(self, options: Mapping[str, Any]) -> Iterator[Connection]:
        self.mood(Moment.BEGIN)
        with super().begun(options) as connection:
            yield connection
            self.mood(Moment.COMMIT)
        self.mood(Moment.ANSWER)


def lost_answer() -> CommitUnknown:
    return CommitUnknown("the connection broke")
