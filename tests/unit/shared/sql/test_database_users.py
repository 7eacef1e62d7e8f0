"""The database's users are made from the ids of identities alone, and roles.sql follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from shared.core.errors import ConfigurationError
from shared.sql import roles
from shared.sql.roles import DatabaseUser, opening, users
from tests.support.tsql import syntax_errors

APP = UUID("00112233-4455-6677-8899-aabbccddeeff")
MADE = users(APP, UUID(int=2), UUID(int=3))


def test_a_sid_is_the_id_as_sql_server_stores_a_guid() -> None:
    assert DatabaseUser("caleta-app", APP).sid == "0x33221100554477668899AABBCCDDEEFF"


def test_identities_are_users_and_the_deploying_group_creates_in_dbo() -> None:
    app, purge, deployers = MADE
    assert [user.type for user in MADE] == ["E", "E", "X"]
    assert app.statements[-1].endswith(f"CREATE USER [caleta-app] WITH SID = {app.sid}, TYPE = E;")
    assert purge.statements[-1].endswith(f"CREATE USER [caleta-purge] WITH SID = {purge.sid}, TYPE = E;")
    assert deployers.statements[-1].endswith("ALTER USER [caleta-deploy] WITH DEFAULT_SCHEMA = dbo;")


def test_nothing_is_asked_of_the_directory() -> None:
    assert [batch for batch in opening(MADE) if "EXTERNAL PROVIDER" in batch] == []


def test_every_statement_about_a_user_has_its_condition_so_that_it_may_run_twice() -> None:
    assert [text for user in MADE for text in user.statements if not text.startswith("IF ")] == []


def test_users_come_before_the_roles_that_they_are_given() -> None:
    found = opening(MADE)
    first_role = next(number for number, batch in enumerate(found) if "CREATE ROLE" in batch)
    assert [batch for batch in found[first_role:] if "CREATE USER" in batch] == []
    assert [batch for batch in found[first_role:] if "ADD MEMBER [caleta-app]" in batch]
    assert [batch for batch in found if batch.upper() == "GO" or not batch] == []


def test_microsofts_parser_takes_every_statement() -> None:
    assert syntax_errors("\nGO\n".join(opening(MADE))) == ""


class Recording:
    """A database that notes what is run in it, and when the transaction has ended."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @contextmanager
    def system_transaction(self) -> Iterator[Any]:
        yield self
        self.ran.append("commit")

    def exec_driver_sql(self, text: str) -> None:
        self.ran.append(text)


def test_all_of_it_is_one_transaction(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    database = Recording()
    asked: list[str] = []

    def connect(url: str, _identity: object) -> Recording:
        asked.append(url)
        return database

    monkeypatch.setattr("shared.sql.roles.Database.connect", connect)
    monkeypatch.setenv("SQL_URL", "mssql+pyodbc://caleta.database.windows.net/costreview")
    roles.main(["open", "--app", str(APP), "--purge", str(UUID(int=2)), "--deployers", str(UUID(int=3))])
    assert len(asked) == 1
    assert database.ran == [*opening(MADE), "commit"]
    assert "statements about users and rights were run" in capsys.readouterr().out


def test_what_is_missing_or_no_id_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SQL_URL", raising=False)
    with pytest.raises(ConfigurationError, match="SQL_URL"):
        roles.main(["open", "--app", str(APP), "--purge", str(APP), "--deployers", str(APP)])
    with pytest.raises(SystemExit):
        roles.main(["open", "--app", "x'; DROP TABLE costs; --", "--purge", str(APP), "--deployers", str(APP)])
