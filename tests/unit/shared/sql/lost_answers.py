"""A database whose first commit happens but is never answered: the connection is lost with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from shared.sql.engine.engine import Database
from shared.sql.engine.retries import CommitUnknown


class LosesAnswers(Database):
    """Loses the answer to the next commit after `lose_next`."""

    loses = False
    lost = 0

    def lose_next(self) -> None:
        self.loses = True

    @contextmanager
    def begun(self, options: Mapping[str, Any]) -> Iterator[Connection]:
        with super().begun(options) as connection:
            yield connection
        if self.loses:
            self.loses = False
            self.lost += 1
            raise CommitUnknown("the connection broke")
