"""Everything that a run leaves behind, kept so that it can be searched for secrets."""

import gzip
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import select

from local.run import Run
from shared.sql.engine.engine import Database
from shared.sql.schema.tables import metadata
from tests.flow.walking import Walker

GZIP = b"\x1f\x8b"
LOG_FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s")
TALKATIVE = ("urllib3", "msal")
"""Libraries that see secrets. Telemetry makes them silent in Azure; here they speak, as far as the app lets them."""

JobCursor = tuple[str, bytes]
"""A name for the place, and what was written there."""


class Recorder(Walker):
    """Keeps every answer of the app, headers included, and every cookie that the app set."""

    def __init__(self, run: Run, answers: list[JobCursor], cookies: set[str]) -> None:
        super().__init__(run)
        self.answers, self.cookies_set = answers, cookies

    def _send(self, method: str, url: str, fields: dict[str, str], headers: dict[str, str]) -> requests.Response:
        response = super()._send(method, url, fields, headers)
        if url.startswith(self.base_url):
            self.cookies_set.update(
                header.split("=", 1)[1].split(";")[0] for header in response.raw.headers.getlist("Set-Cookie")
            )
            shown = "\n".join(f"{name}: {value}" for name, value in response.headers.items() if name != "Set-Cookie")
            self.answers.append((f"{method} {url.split('?', maxsplit=1)[0]}", shown.encode() + response.content))
        return response


class LogKeeper(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[JobCursor] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((f"log of {record.name}", LOG_FORMAT.format(record).encode()))


@contextmanager
def all_logs() -> Iterator[list[JobCursor]]:
    """Every line of every logger while the block runs."""
    root, keeper = logging.getLogger(), LogKeeper()
    before = {logger: logger.level for logger in (root, *map(logging.getLogger, TALKATIVE))}
    root.addHandler(keeper)
    for logger in before:
        logger.setLevel(logging.DEBUG)
    try:
        yield keeper.lines
    finally:
        root.removeHandler(keeper)
        for logger, level in before.items():
            logger.setLevel(level)


@dataclass(frozen=True)
class Traces:
    """What a whole run stored."""

    data: Path
    secrets: frozenset[str]
    logs: list[JobCursor]
    answers: list[JobCursor]
    stored: list[JobCursor]

    def places(self) -> Iterator[JobCursor]:
        """Where something was written, and what."""
        yield from self.logs
        yield from self.answers
        yield from self.stored
        for path in sorted(self.data.glob("*.sqlite*")):
            yield f"bytes of {path.name}", path.read_bytes()
        for name in ("queues.sqlite", "tables.sqlite"):
            yield from rows(self.data / name)

    def leaks_in(self, places: Iterable[JobCursor]) -> set[str]:
        """Where a secret was found; which one it was is not repeated."""
        wanted = [secret.encode() for secret in self.secrets]
        return {where for where, what in places if any(secret in what for secret in wanted)}


def stored_rows(database: Database) -> Iterator[JobCursor]:
    """Every value of every row of every table of the app's database, whichever it is."""
    with database.system_reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    yield f"database: {table.name}", as_bytes(value)


def rows(path: Path) -> Iterator[JobCursor]:
    """Every value of every row of every table of a file: the local queue and the local tables are SQLite's."""
    with closing(sqlite3.connect(path)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own tables
                for value in row:
                    yield f"{path.name}: {table}", as_bytes(value)


def as_bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return gzip.decompress(value) if value.startswith(GZIP) else value
    return str(value).encode()
