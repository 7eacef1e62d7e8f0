"""How a table store is brought into trouble: the file of the local one, the wire of Azure's."""

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

from azure.core.credentials import AzureNamedKeyCredential

from local.tables import LocalTableStore
from shared.table_storage.azure import AzureTableStore
from shared.table_storage.store import TableStore
from tests.peers.azurite import Azurite
from tests.peers.troubled_http import Refusal, Trouble, Troubles, in_front_of

DOWN = Refusal(503, b'{"odata.error":{"code":"ServerBusy"}}', (("x-ms-error-code", "ServerBusy"),))
"""What Table storage answers when it throttles, or a partition is being moved."""


class TroubledStore(Protocol):
    """A store, and what can go wrong with it."""

    store: TableStore

    def go_down(self) -> None:
        """Nothing is done and everything fails, until it comes back."""

    def come_back(self) -> None: ...

    def lose_next_answer(self) -> None:
        """The next change is made, and the caller gets no answer."""


class TroubledFile:
    """The disk under the local store."""

    def __init__(self, path: Path) -> None:
        opened = LocalTableStore(path)
        self.store: TableStore = opened
        self._file = _FailingConnection(opened._connection)
        opened._connection = cast("sqlite3.Connection", self._file)

    def go_down(self) -> None:
        self._file.is_down = True

    def come_back(self) -> None:
        self._file.is_down = False

    def lose_next_answer(self) -> None:
        self._file.lost_answers.append(True)


class _FailingConnection:
    """Statements that fail before they are done, or after."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.is_down = False
        self.lost_answers: deque[bool] = deque()

    def execute(self, statement: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        if self.is_down:
            raise sqlite3.OperationalError("disk I/O error")
        done = self._connection.execute(statement, parameters)
        if self.lost_answers and self.lost_answers.popleft():
            raise sqlite3.OperationalError("disk I/O error")
        return done

    def close(self) -> None:
        self._connection.close()


class TroubledWire:
    """The network between the client library and the emulator."""

    def __init__(self, azurite: Azurite, origin: str, troubles: Troubles) -> None:
        self.troubles = troubles
        key = AzureNamedKeyCredential(azurite.account, azurite.key)
        self.store: TableStore = AzureTableStore(f"{origin}/{azurite.account}", key)

    def go_down(self) -> None:
        self.troubles.always = DOWN

    def come_back(self) -> None:
        self.troubles.clear()

    def lose_next_answer(self) -> None:
        self.troubles.only = lambda _method, target: "/Tables" not in target
        self.troubles.next.append(Trouble.CUT_AFTER)


@contextmanager
def troubled_wire(azurite: Azurite) -> Iterator[TroubledWire]:
    """Azure's store with a proxy before the emulator."""
    with in_front_of(azurite.endpoint) as (origin, troubles):
        troubled = TroubledWire(azurite, origin, troubles)
        yield troubled
        cast("AzureTableStore", troubled.store).close()


@contextmanager
def troubled_file(path: Path) -> Iterator[TroubledFile]:
    """The local store on a disk that fails."""
    troubled = TroubledFile(path)
    yield troubled
    cast("LocalTableStore", troubled.store).close()
