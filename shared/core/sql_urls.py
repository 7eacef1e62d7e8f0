"""Validate SQL_URL: outside a developer's machine, the server is Azure's and the login is a token."""

from urllib.parse import parse_qsl, urlsplit

from shared.core.errors import ConfigurationError

SERVER_SUFFIX = ".database.windows.net"
EXAMPLE = "mssql+pyodbc://<server>.database.windows.net/<database>"

LOGINS = ("uid", "user", "pwd", "password", "authentication", "trusted_connection", "accesstoken", "odbc_connect")
"""Options that the driver refuses together with a token, or that could hide one of them."""

OPTIONS_IN_AZURE = {
    "driver": None,
    "encrypt": ("yes", "mandatory", "strict"),
    "trustservercertificate": ("no",),
    "applicationintent": ("readwrite",),
}
"""The allowed values by option; None: any."""


def sql_url(value: str, *, is_local: bool) -> str:
    """Return the URL if it is valid for the environment. Errors never quote it: it may hold a password."""
    if not value.startswith(("sqlite:///", "mssql+pyodbc://")):
        raise ConfigurationError("SQL_URL must begin with mssql+pyodbc:// (or sqlite:/// when local)")
    if not is_local:
        _check_azure(value)
    return value


def _check_azure(value: str) -> None:
    if value.startswith("sqlite"):
        raise ConfigurationError("SQL_URL: SQLite is for APP_ENVIRONMENT=local only")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError(f"SQL_URL must look like {EXAMPLE}") from None
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(f"SQL_URL: a login is for APP_ENVIRONMENT=local only; in Azure it is {EXAMPLE}")
    if not host.endswith(SERVER_SUFFIX) or port not in (None, 1433) or not parts.path.strip("/"):
        raise ConfigurationError(f"SQL_URL must look like {EXAMPLE}; other servers are for APP_ENVIRONMENT=local")
    for name, given in parse_qsl(parts.query, keep_blank_values=True):
        _check_option(name.lower(), given.lower())


def _check_option(name: str, given: str) -> None:
    if name in LOGINS:
        raise ConfigurationError(f"SQL_URL: {name} is for APP_ENVIRONMENT=local only: the app logs in by its identity")
    if name not in OPTIONS_IN_AZURE:
        raise ConfigurationError(f"SQL_URL: only these options are for Azure: {', '.join(OPTIONS_IN_AZURE)}")
    allowed = OPTIONS_IN_AZURE[name]
    if allowed is not None and given not in allowed:
        raise ConfigurationError(f"SQL_URL: {name} must be {' or '.join(allowed)} in Azure")
