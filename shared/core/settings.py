"""Every setting, once: README's table and local.settings.example.json are proven against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from shared.core.errors import ConfigurationError


class Environment(StrEnum):
    """Where the app runs; only LOCAL may talk to anything but Microsoft's hosts."""

    LOCAL = "local"
    AZURE = "azure"


@dataclass(frozen=True)
class Setting:
    """One application setting. `default` None means that it must be given."""

    name: str
    default: str | None
    meaning: str
    is_secret: bool = False
    local_only: bool = False


SETTINGS = (
    Setting("APP_ENVIRONMENT", "azure", "`azure`, or `local` on a developer's machine."),
    Setting("APP_BASE_URL", None, "The address customers see, without a trailing slash; redirects are built from it."),
    Setting("ENTRA_AUTHORITY_HOST", "https://login.microsoftonline.com", "Where customers sign in."),
    Setting("ARM_ENDPOINT", "https://management.azure.com", "Azure Resource Manager."),
    Setting("ENTRA_CLIENT_ID", None, "Application (client) id of the multi-tenant app registration."),
    Setting("ENTRA_CLIENT_SECRET", None, "Its client secret.", is_secret=True),
    Setting(
        "TOKEN_ENCRYPTION_KEYS",
        None,
        "Fernet keys for refresh tokens, comma-separated, newest first.",
        is_secret=True,
    ),
    Setting("SQL_URL", None, "SQLAlchemy URL: `mssql+pyodbc://…` in Azure, `sqlite:///…` locally.", is_secret=True),
    Setting("SERVICE_BUS_NAMESPACE", "", "`<name>.servicebus.windows.net`; needed in Azure."),
    Setting("TABLES_ENDPOINT", "", "`https://<account>.table.core.windows.net`; needed in Azure."),
    Setting("LOCAL_SPEED_UP", "1", "Shortens waits on a developer's machine by this factor.", local_only=True),
)

MICROSOFT_HOSTS = {
    "ENTRA_AUTHORITY_HOST": ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"),
    "ARM_ENDPOINT": ("management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"),
}


@dataclass(frozen=True)
class Settings:
    """The settings, read and checked once. `repr` shows no secret."""

    environment: Environment
    base_url: str
    authority_host: str
    arm_endpoint: str
    client_id: str
    client_secret: str
    token_encryption_keys: tuple[str, ...]
    sql_url: str
    service_bus_namespace: str
    tables_endpoint: str
    speed_up: float

    def __repr__(self) -> str:
        return f"Settings(environment={self.environment}, base_url={self.base_url})"

    @property
    def is_local(self) -> bool:
        return self.environment is Environment.LOCAL


def read_settings(values: Mapping[str, str]) -> Settings:
    """Settings from environment variables; raises ConfigurationError naming what to mend."""
    given = {setting.name: _value(setting, values) for setting in SETTINGS}
    environment = _environment(given["APP_ENVIRONMENT"])
    is_local = environment is Environment.LOCAL
    for setting in SETTINGS:
        if setting.local_only and not is_local and given[setting.name] != setting.default:
            raise ConfigurationError(f"{setting.name} is for APP_ENVIRONMENT=local only: remove it")
    return Settings(
        environment=environment,
        base_url=_url("APP_BASE_URL", given, is_local),
        authority_host=_url("ENTRA_AUTHORITY_HOST", given, is_local),
        arm_endpoint=_url("ARM_ENDPOINT", given, is_local),
        client_id=given["ENTRA_CLIENT_ID"],
        client_secret=given["ENTRA_CLIENT_SECRET"],
        token_encryption_keys=tuple(key.strip() for key in given["TOKEN_ENCRYPTION_KEYS"].split(",") if key.strip()),
        sql_url=_sql_url(given["SQL_URL"], is_local),
        service_bus_namespace=_needed_in_azure("SERVICE_BUS_NAMESPACE", given, is_local),
        tables_endpoint=_needed_in_azure("TABLES_ENDPOINT", given, is_local),
        speed_up=_speed_up(given["LOCAL_SPEED_UP"]),
    )


def _value(setting: Setting, values: Mapping[str, str]) -> str:
    value = values.get(setting.name, "").strip() or setting.default
    if value is None:
        raise ConfigurationError(f"{setting.name} is not set. It is: {setting.meaning}")
    return value


def _environment(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        raise ConfigurationError("APP_ENVIRONMENT must be `azure` or `local`") from None


def _url(name: str, given: Mapping[str, str], is_local: bool) -> str:
    url = urlsplit(given[name])
    if url.scheme not in ("http", "https") or not url.hostname or url.path not in ("", "/") or url.query:
        raise ConfigurationError(f"{name} must be a URL of scheme and host only, such as https://example.com")
    if not is_local and (url.scheme != "https" or url.username or url.port not in (None, 443)):
        raise ConfigurationError(f"{name} must be https on the default port outside APP_ENVIRONMENT=local")
    if not is_local and name in MICROSOFT_HOSTS and url.hostname not in MICROSOFT_HOSTS[name]:
        raise ConfigurationError(f"{name} must be one of Microsoft's hosts: {', '.join(MICROSOFT_HOSTS[name])}")
    return f"{url.scheme}://{url.netloc}"


def _sql_url(value: str, is_local: bool) -> str:
    if not value.startswith(("sqlite:///", "mssql+pyodbc://")):
        raise ConfigurationError("SQL_URL must begin with mssql+pyodbc:// (or sqlite:/// when local)")
    if value.startswith("sqlite") and not is_local:
        raise ConfigurationError("SQL_URL: SQLite is for APP_ENVIRONMENT=local only")
    return value


def _needed_in_azure(name: str, given: Mapping[str, str], is_local: bool) -> str:
    if not given[name] and not is_local:
        raise ConfigurationError(f"{name} is not set")
    return given[name]


def _speed_up(value: str) -> float:
    try:
        factor = float(value)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= 100_000:
        raise ConfigurationError("LOCAL_SPEED_UP must be a number from 1 to 100000")
    return factor
