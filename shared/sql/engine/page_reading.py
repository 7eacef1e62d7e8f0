"""What a page reads, in one transaction: one connection, one session context and one commit, however many queries.

All queries of a page see the same moment. A write ends the transaction, so that what is read after it is current.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # Every page has a reading, but not every page reads: SQLAlchemy is loaded by those that do.
    from sqlalchemy import Connection, Result

Options = Mapping[str, object]
"""Whose rows a transaction reads: see session_context.py."""

_page: ContextVar["PageReading | None"] = ContextVar("page", default=None)


class Readable(Protocol):
    """A Database, as far as a page needs it."""

    def begun(self, options: Options) -> "AbstractContextManager[Connection]":
        """Begin a transaction of its own."""

    def continued(self, connection: "Connection", options: Options) -> None:
        """Go on in an open transaction for other rows."""


@dataclass
class OpenReading:
    """The open transaction, what it is of, and what its queries answered."""

    transaction: ExitStack
    connection: "Connection"
    database: Readable
    options: Options
    results: "list[Result[Any]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        from sqlalchemy import event

        event.listen(self.connection, "after_execute", self._keep_result)

    def _keep_result(self, *about: Any) -> None:  # noqa: ANN401 - the event's arguments, of which the result is the last
        self.results.append(about[-1])

    def close_results(self) -> None:
        """Close what was not read to its end: until then SQL Server takes no other query on the connection."""
        for result in self.results:
            result.close()
        self.results.clear()


class PageReading:
    """At most one open transaction that only reads. Used by one thread."""

    def __init__(self) -> None:
        self._open: OpenReading | None = None
        self._is_in_use = False

    @contextmanager
    def read(self, database: Readable, options: Options) -> "Iterator[Connection]":
        """Continue the open transaction, or begin one.

        A read within a read has a connection of its own: a connection carries one open result.
        After an error the transaction is given up, so that a repetition begins on another connection.
        """
        if self._is_in_use:
            with database.begun(options) as connection:
                yield connection
            return
        with ExitStack() as use:
            use.callback(self._free)
            use.push(self.give_up_after_error)
            self._is_in_use = True
            yield self._opened(database, options)

    def _free(self) -> None:
        self._is_in_use = False
        if self._open is not None:
            self._open.close_results()

    def end(self) -> None:
        """Commit the open transaction, if there is one and nothing is being read in it."""
        if not self._is_in_use:
            self._close()

    def give_up_after_error(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll the open transaction back, if there is one, when a block is left by an error."""
        if error is not None and self._open is not None:
            given_up, self._open = self._open, None
            given_up.transaction.__exit__(kind, error, trace)

    def _opened(self, database: Readable, options: Options) -> "Connection":
        if self._open is not None and self._open.database is not database:
            self._close()
        if self._open is None:
            transaction = ExitStack()
            connection = transaction.enter_context(database.begun(options))
            self._open = OpenReading(transaction, connection, database, options)
        elif self._open.options != options:
            database.continued(self._open.connection, options)
            self._open.options = options
        return self._open.connection

    def _close(self) -> None:
        closed, self._open = self._open, None
        if closed is not None:
            closed.transaction.close()


@contextmanager
def reading_a_page() -> Iterator[None]:
    """Within the block, this thread's reads share a transaction, and what fails is repeated once, soon."""
    page = PageReading()
    with ExitStack() as block:
        block.callback(_page.reset, _page.set(page))
        block.push(page.give_up_after_error)
        yield
        page.end()


def current_page() -> PageReading | None:
    """Return the page that this thread serves; None for a worker."""
    return _page.get()
