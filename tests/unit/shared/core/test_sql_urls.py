"""Where the database is: in Azure by identity only; an error never quotes the URL."""

import pytest

from shared.core.errors import ConfigurationError
from shared.core.sql_urls import sql_url

IN_AZURE = "mssql+pyodbc://caleta.database.windows.net/costreview"


@pytest.mark.parametrize(
    "value",
    [
        IN_AZURE,
        IN_AZURE.replace(".net/", ".net:1433/"),
        f"{IN_AZURE}?driver=ODBC+Driver+18+for+SQL+Server&Encrypt=strict",
        f"{IN_AZURE}?TrustServerCertificate=no",
    ],
)
def test_azures_own_server_without_a_login_is_right_anywhere(value: str) -> None:
    assert sql_url(value, is_local=False) == value
    assert sql_url(value, is_local=True) == value


@pytest.mark.parametrize(
    "value",
    ["sqlite:///caleta.db", "mssql+pyodbc://sa:hunter2@127.0.0.1:1433/caleta?TrustServerCertificate=yes"],
)
def test_a_login_another_server_and_sqlite_are_for_a_developers_machine(value: str) -> None:
    assert sql_url(value, is_local=True) == value
    with pytest.raises(ConfigurationError, match=r"SQL_URL.*APP_ENVIRONMENT=local") as raised:
        sql_url(value, is_local=False)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "value",
    [
        IN_AZURE.replace("//", "//sa:hunter2@"),
        IN_AZURE.replace("//", "//hunter2@"),
        IN_AZURE.replace("//", "//@"),
        f"{IN_AZURE}?UID=hunter2",
        f"{IN_AZURE}?pwd=hunter2",
        f"{IN_AZURE}?Authentication=ActiveDirectoryPassword",
        f"{IN_AZURE}?Trusted_Connection=yes",
        f"{IN_AZURE}?odbc_connect=PWD%3Dhunter2",
        f"{IN_AZURE}?Encrypt=no",
        f"{IN_AZURE}?TrustServerCertificate=yes",
        f"{IN_AZURE}?LongAsMax=hunter2",
        "mssql+pyodbc://caleta.database.windows.net",
        "mssql+pyodbc://caleta.database.windows.net:1434/costreview",
        "mssql+pyodbc://caleta.database.windows.net:hunter2/costreview",
        "mssql+pyodbc://caleta.database.windows.net.hunter2.example/costreview",
        "mssql+pyodbc://[hunter2/costreview",
        "mssql+pyodbc:///costreview",
    ],
)
def test_what_is_not_azures_server_by_identity_is_refused_in_azure(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^SQL_URL") as raised:
        sql_url(value, is_local=False)
    assert "hunter2" not in str(raised.value)


def test_another_database_is_refused_anywhere() -> None:
    for is_local in (True, False):
        with pytest.raises(ConfigurationError, match="SQL_URL must begin with"):
            sql_url("postgresql://x/y", is_local=is_local)
