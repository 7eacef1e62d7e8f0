"""The databases of a test run on a server; the one here only notes its statements, and refuses some of it."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from shared.sql.engine.engine import Database
from shared.sql.migrations import FEATURES
from tests.support import server_databases
from tests.support.tsql import strangers, syntax_errors

URL = "mssql+pyodbc://user:password@host:1433/master?driver=x"


class Noting(Database):
    """Every statement is kept, none is run; those with a word of `refuses` fail."""

    told: list[str]
    refuses: tuple[str, ...]

    @classmethod
    def connect(cls, *_: object) -> "Noting":
        return cls(NotingEngine(cls))  # type: ignore[arg-type]

    def dispose(self) -> None:
        """There is nothing to close."""


class NotingEngine:
    """As much of an engine, a connection and a result as is used."""

    dialect = SimpleNamespace(name="mssql")

    def __init__(self, kept: type[Noting]) -> None:
        self._kept = kept

    def connect(self) -> "NotingEngine":
        return self

    def execution_options(self, **_: object) -> "NotingEngine":
        return self

    def begin(self) -> "NotingEngine":
        return self

    def commit(self) -> None: ...

    def __enter__(self) -> "NotingEngine":
        return self

    def __exit__(self, *_: object) -> None: ...

    def exec_driver_sql(self, statement: str, *_: object) -> "NotingEngine":
        self._kept.told.append(statement)
        if any(word in statement for word in self._kept.refuses):
            raise DBAPIError(statement, None, Exception("refused"))
        return self

    def scalars(self) -> list[str]:
        return ["caleta_tests_forgotten"]

    def scalar(self) -> int:
        return 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Noting]]:
    monkeypatch.setenv("TEST_SQL_URL", URL)
    monkeypatch.setattr(server_databases, "Database", Noting)
    monkeypatch.setattr(server_databases, "_made", {})
    monkeypatch.delenv("TEST_SQL_LEAVE_OUT", raising=False)
    Noting.told, Noting.refuses = [], ()
    for cached in (server_databases.left_out, server_databases._drop_what_others_left):
        cached.cache_clear()
    yield Noting
    for cached in (server_databases.left_out, server_databases._drop_what_others_left):
        cached.cache_clear()


def test_every_place_has_a_database_of_its_own_and_keeps_it(server: type[Noting]) -> None:
    first, second = server_databases.url_for("first"), server_databases.url_for("second")
    assert first == server_databases.url_for("first") != second
    assert first.startswith("mssql+pyodbc://user:password@host:1433/caleta_tests_")
    made = [each for each in server.told if each.startswith("CREATE DATABASE")]
    assert [each.removeprefix("CREATE DATABASE ") in url for each, url in zip(made, (first, second), strict=True)]


def test_all_are_dropped_and_so_is_what_a_killed_run_left(server: type[Noting]) -> None:
    server_databases.url_for("first")
    server_databases.drop_all()
    dropped = [each.removeprefix("DROP DATABASE ") for each in server.told if each.startswith("DROP")]
    (made,) = [each.removeprefix("CREATE DATABASE ") for each in server.told if each.startswith("CREATE")]
    assert dropped == ["caleta_tests_forgotten", made]


def test_who_may_make_none_uses_the_one_that_is_named(server: type[Noting], capsys: pytest.CaptureFixture[str]) -> None:
    server.refuses = ("CREATE DATABASE",)
    assert server_databases.url_for("first") == URL
    assert "the tests use the one that TEST_SQL_URL names" in capsys.readouterr().err
    server_databases.drop_all()
    assert not any(each.startswith(("DROP DATABASE caleta_tests_0", "ALTER")) for each in server.told)


def test_what_the_server_does_not_know_is_found_out(server: type[Noting]) -> None:
    assert server_databases.left_out() == frozenset()
    server_databases.left_out.cache_clear()
    server.refuses = ("SECURITY POLICY", "DENY", "DATA_COMPRESSION", "ALLOW_SNAPSHOT_ISOLATION", "MAXDOP")
    assert server_databases.left_out() == FEATURES.keys()


def test_an_app_gets_its_database_and_what_the_server_lacks(
    server: type[Noting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_databases, "prepare", lambda _: None)  # The migration needs a real server.
    server.refuses = ("DENY", "SECURITY POLICY")
    told = server_databases.environment_for("data")
    assert told == {"SQL_URL": server_databases.url_for("data"), "SQL_LEAVE_OUT": "deny,rls"}


def test_what_is_said_to_be_left_out_is_not_tried(server: type[Noting], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_SQL_LEAVE_OUT", "rls")
    assert server_databases.left_out() == {"rls"}
    assert server.told == []


@pytest.mark.parametrize("feature", [*server_databases.PROBES])
def test_what_is_tried_is_t_sql_and_about_none_of_our_tables(feature: str) -> None:
    script = "\nGO\n".join((server_databases.MAKE_PROBE, *server_databases.PROBES[feature]))
    assert syntax_errors(script) == ""
    assert strangers(script) == []
    assert "is_own_row" not in script
    assert "own_rows" not in script
