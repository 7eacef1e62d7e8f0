"""Microsoft's own driver takes our connection string and token, and its errors are what the table of faults says."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from azure.core.credentials import AccessToken
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from shared.sql.engine import sql_server
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import ATTEMPTS
from shared.sql.engine.sql_faults import error_numbers, passing_fault, sql_state
from shared.sql.engine.sql_server import SQL_COPT_SS_ACCESS_TOKEN, connection_string, token_attributes
from tests.peers.tds import OPTION_ENCRYPTION, OPTION_FED_AUTH, listening
from tests.support.clock import START, FakeClock
from tests.support.odbc import driver_path

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

TOKEN = "eyJ0eXAiOiJKV1QifQ.not-a-real-token"


class OwnIdentity:
    """Gives one token for one scope."""

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        assert scopes == ("https://database.windows.net/.default",)
        return AccessToken(TOKEN, 0)


def identity() -> "TokenCredential":
    return OwnIdentity()


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sql_server, "LOGIN_SECONDS", 1)
    return driver_path()


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def url(driver: Path, port: int, **options: str) -> URL:
    return make_url(f"mssql+pyodbc://127.0.0.1:{port}/caleta").update_query_dict({"driver": str(driver), **options})


def refusal(connect: Callable[[], object]) -> BaseException:
    import pyodbc

    with pytest.raises(pyodbc.Error) as raised:
        connect()
    error: BaseException = raised.value
    return error


def attempt(driver: Path, port: int, login: str = "", **options: str) -> BaseException:
    """The driver's own error for our string, with the token."""
    import pyodbc

    text = connection_string(url(driver, port, **options)) + login
    return refusal(lambda: pyodbc.connect(text, timeout=1, attrs_before=token_attributes(identity)))


def test_the_driver_gets_the_token_as_length_and_utf_16() -> None:
    packed = token_attributes(identity)[SQL_COPT_SS_ACCESS_TOKEN]
    assert int.from_bytes(packed[:4], "little") == len(packed) - 4 == 2 * len(TOKEN)
    assert packed[4:].decode("utf-16-le") == TOKEN


def test_the_driver_greets_the_server_encrypted_and_with_a_token_in_its_hand(driver: Path) -> None:
    with listening() as server:
        error = attempt(driver, server.port)
        options = server.prelogin()
    assert options[OPTION_ENCRYPTION][0] in (0x01, 0x03), "encryption on, or required"
    assert options[OPTION_FED_AUTH] == b"\x01", "federated authentication: the token"
    assert (sql_state(error), error_numbers(error)) == ("08001", [26])
    assert passing_fault(error) == "the server hung up before the login"


def test_a_server_that_keeps_silent_is_a_fault_that_may_pass(driver: Path) -> None:
    with listening(hangs_up=False) as server:
        error = attempt(driver, server.port)
    assert sql_state(error) == "HYT00"
    assert passing_fault(error) == "the login or a statement took too long"


def test_a_closed_port_is_a_fault_that_may_pass(driver: Path, closed_port: int) -> None:
    assert passing_fault(attempt(driver, closed_port)) == "the login or a statement took too long"


@pytest.mark.parametrize("login", [";UID=sa;PWD=x", ";Authentication=ActiveDirectoryMsi", ";Trusted_Connection=yes"])
def test_the_driver_refuses_a_login_beside_the_token_and_that_is_not_tried_again(
    driver: Path, closed_port: int, login: str
) -> None:
    error = attempt(driver, closed_port, login)
    assert "Cannot use Access Token" in str(error)
    assert passing_fault(error) is None


def test_an_option_that_the_driver_does_not_know_is_no_passing_fault(driver: Path, closed_port: int) -> None:
    error = attempt(driver, closed_port, Encrypt="perhaps")
    assert sql_state(error) == "08001"
    assert passing_fault(error) is None


def test_a_database_that_does_not_answer_is_asked_again_and_then_no_more(driver: Path) -> None:
    clock = FakeClock()
    with listening() as server:
        text = url(driver, server.port).render_as_string(hide_password=False)
        database = Database.connect(text, identity, clock)

        def read() -> None:
            with database.reading("a tenant"):
                raise AssertionError

        with pytest.raises(DBAPIError) as raised:
            database.repeat(read)
    assert passing_fault(raised.value)
    assert len(server.packets) == ATTEMPTS
    assert (clock.now() - START).total_seconds() == 5 + 10 + 20 + 40 + 60
    database.dispose()


def test_connecting_opens_nothing(driver: Path, closed_port: int) -> None:
    database = Database.connect(str(url(driver, closed_port)), identity)
    assert database.dialect.name == "mssql"
    database.dispose()
