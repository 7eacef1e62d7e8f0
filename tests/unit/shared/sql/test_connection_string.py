"""What the driver gets of a URL."""

import pytest
from sqlalchemy import make_url

from shared.core.errors import ConfigurationError
from shared.sql.engine.engine import Database
from shared.sql.engine.sql_server import connection_string

AZURE = "mssql+pyodbc://caleta.database.windows.net/costreview"
ELSEWHERE = "mssql+pyodbc://sa:p%40ss%3Bword%7D@127.0.0.1:1444/caleta"


def words(url: str) -> list[str]:
    return connection_string(make_url(url)).split(";")


def test_azures_server_is_reached_encrypted_and_without_any_login() -> None:
    assert words(AZURE) == [
        "DRIVER={ODBC Driver 18 for SQL Server}",
        "SERVER=tcp:caleta.database.windows.net",
        "DATABASE=costreview",
        "Encrypt=yes",
        "TrustServerCertificate=no",
        "ConnectRetryCount=0",
        "APP=CaletaCostReview",
    ]


def test_a_login_and_a_port_are_for_another_server() -> None:
    text = connection_string(make_url(ELSEWHERE))
    assert "SERVER=tcp:127.0.0.1,1444;" in text
    assert "UID=sa;PWD={p@ss;word}}};" in text


def test_an_option_of_the_url_comes_before_ours() -> None:
    assert "Encrypt=yes" not in words(f"{ELSEWHERE}?encrypt=optional&TrustServerCertificate=yes")
    assert {"encrypt=optional", "TrustServerCertificate=yes"} <= set(
        words(f"{ELSEWHERE}?encrypt=optional&TrustServerCertificate=yes")
    )


def test_a_driver_may_be_a_file() -> None:
    assert words(f"{AZURE}?driver=/opt/libmsodbcsql-18.so")[0] == "DRIVER=/opt/libmsodbcsql-18.so"


def test_a_whole_connection_string_is_taken_as_it_is() -> None:
    assert connection_string(make_url("mssql+pyodbc:///?odbc_connect=DSN%3Dmine%3BUID%3Dsa")) == "DSN=mine;UID=sa"


def test_without_login_and_identity_nothing_is_tried() -> None:
    pytest.importorskip("pyodbc", reason="pyodbc finds no ODBC driver manager here", exc_type=ImportError)
    with pytest.raises(ConfigurationError, match="SQL_URL names no login"):
        Database.connect(AZURE)
