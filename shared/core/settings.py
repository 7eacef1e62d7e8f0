"""Every setting, once: docs/settings.md and local.settings.example.json are tested against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

from shared.core import setting_checks as check
from shared.core.errors import ConfigurationError
from shared.core.setting_checks import MICROSOFT_HOSTS
from shared.core.sql_urls import sql_url

__all__ = ["MICROSOFT_HOSTS", "SETTINGS", "Environment", "Setting", "Settings", "read_settings"]


class Environment(StrEnum):
    """Where the app runs; only LOCAL may talk to anything but Microsoft's hosts."""

    LOCAL = "local"
    AZURE = "azure"


Reader = Callable[[str, str, bool], Any]
"""From name, value and whether the app is local to the checked value; raises ConfigurationError."""


def _text(_name: str, value: str, _is_local: bool) -> str:
    return value


@dataclass(frozen=True)
class Setting:
    """One application setting. `default` None means that it must be set everywhere."""

    name: str
    default: str | None
    meaning: str
    read: Reader = _text
    is_secret: bool = False
    local_only: bool = False
    azure_only: bool = False
    needed_in_azure: bool = False


def _form(form: check.ValueFormat) -> Reader:
    return lambda name, value, _is_local: check.matching(name, value, form)


def _environment(_name: str, value: str, _is_local: bool) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        raise ConfigurationError("APP_ENVIRONMENT must be `azure` or `local`") from None


def _speed_up(name: str, value: str, _is_local: bool) -> float:
    return check.number(name, value, 1, 100_000)


def _sql_url(_name: str, value: str, is_local: bool) -> str:
    return sql_url(value, is_local=is_local)


def _lower_guid(name: str, value: str, _is_local: bool) -> str:
    return check.matching(name, value, check.GUID).lower()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings, read and checked once. `repr` shows no secret. A text that is not set is empty."""

    environment: Annotated[
        Environment,
        Setting("APP_ENVIRONMENT", "azure", "`azure`, or `local` on a developer's machine.", read=_environment),
    ]
    base_url: Annotated[
        str,
        Setting(
            "APP_BASE_URL",
            None,
            "The address customers see, without a trailing slash; redirects are built from it.",
            read=check.url,
        ),
    ]
    authority_host: Annotated[
        str,
        Setting(
            "ENTRA_AUTHORITY_HOST", "https://login.microsoftonline.com", "Where customers sign in.", read=check.url
        ),
    ]
    arm_endpoint: Annotated[
        str, Setting("ARM_ENDPOINT", "https://management.azure.com", "Azure Resource Manager.", read=check.url)
    ]
    managed_identity_client_id: Annotated[
        str,
        Setting(
            "MANAGED_IDENTITY_CLIENT_ID",
            "",
            "Client id of the app's user-assigned managed identity.",
            read=_form(check.GUID),
            azure_only=True,
            needed_in_azure=True,
        ),
    ]
    purge_identity_client_id: Annotated[
        str,
        Setting(
            "PURGE_IDENTITY_CLIENT_ID",
            "",
            "Client id of the identity that deletes old entries of the activity log.",
            read=_form(check.GUID),
            azure_only=True,
            needed_in_azure=True,
        ),
    ] = ""
    key_vault_url: Annotated[
        str,
        Setting(
            "KEY_VAULT_URL",
            "",
            "`https://<name>.vault.azure.net`; required in Azure unless TOKEN_ENCRYPTION_KEYS is set.",
            read=check.resource_url,
            azure_only=True,
        ),
    ]
    client_id: Annotated[
        str,
        Setting(
            "ENTRA_CLIENT_ID",
            None,
            "Application (client) id of the multi-tenant app registration.",
            read=_form(check.GUID),
        ),
    ]
    client_certificate_name: Annotated[
        str,
        Setting(
            "ENTRA_CLIENT_CERTIFICATE_NAME",
            "",
            "Where the managed identity cannot authenticate the app: a certificate in the Key Vault, kept as PEM.",
            read=_form(check.SECRET_NAME),
            azure_only=True,
        ),
    ]
    client_certificate_path: Annotated[
        str,
        Setting(
            "ENTRA_CLIENT_CERTIFICATE_PATH",
            "",
            "The same on a developer's machine: a PEM file with the certificate and its private key.",
            local_only=True,
        ),
    ]
    client_secret: Annotated[
        str,
        Setting(
            "ENTRA_CLIENT_SECRET",
            "",
            "A client secret, where neither an identity nor a certificate is available.",
            is_secret=True,
        ),
    ]
    token_encryption_keys: Annotated[
        tuple[str, ...],
        Setting(
            "TOKEN_ENCRYPTION_KEYS",
            "",
            "Fernet keys for refresh tokens, comma-separated, newest first, where there is no Key Vault.",
            read=check.fernet_keys,
            is_secret=True,
        ),
    ]
    operator_tenant_id: Annotated[
        str,
        Setting(
            "OPERATOR_TENANT_ID",
            "",
            "Our own tenant, where reviewers sign in. Empty: the review desk is closed.",
            read=_lower_guid,
        ),
    ] = ""
    operator_client_id: Annotated[
        str,
        Setting(
            "OPERATOR_CLIENT_ID",
            "",
            "Application (client) id of the reviewers' app registration, in that tenant.",
            read=_lower_guid,
        ),
    ] = ""
    operator_client_secret: Annotated[
        str,
        Setting(
            "OPERATOR_CLIENT_SECRET",
            "",
            "Its client secret, where the managed identity cannot authenticate it.",
            is_secret=True,
        ),
    ] = ""
    sql_url: Annotated[
        str,
        Setting(
            "SQL_URL",
            None,
            "`mssql+pyodbc://<server>.database.windows.net/<database>` in Azure; else SQLite, or SQL Server by login.",
            read=_sql_url,
            is_secret=True,
        ),
    ]
    service_bus_namespace: Annotated[
        str,
        Setting(
            "SERVICE_BUS_NAMESPACE", "", "`<name>.servicebus.windows.net`.", read=check.namespace, needed_in_azure=True
        ),
    ]
    tables_endpoint: Annotated[
        str,
        Setting(
            "TABLES_ENDPOINT",
            "",
            "`https://<account>.table.core.windows.net`.",
            read=check.resource_url,
            needed_in_azure=True,
        ),
    ]
    blobs_endpoint: Annotated[
        str,
        Setting(
            "BLOBS_ENDPOINT",
            "",
            "`https://<account>.blob.core.windows.net`.",
            read=check.resource_url,
            needed_in_azure=True,
        ),
    ]
    graph_endpoint: Annotated[
        str,
        Setting("GRAPH_ENDPOINT", "https://graph.microsoft.com", "Microsoft Graph, used to send mail.", read=check.url),
    ]
    mail_sender: Annotated[
        str, Setting("MAIL_SENDER", "", "The mailbox that sends mail.", read=_form(check.ADDRESS), needed_in_azure=True)
    ]
    reviewers_email: Annotated[
        str,
        Setting(
            "REVIEWERS_EMAIL",
            "",
            "Mailbox notified of scans ready for review and of unassigned reviews about to expire. Empty: no mail.",
            read=_form(check.ADDRESS),
        ),
    ]
    insights_connection_string: Annotated[
        str,
        Setting(
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "",
            "Where logs, traces and metrics are sent. Empty: they are not sent.",
            is_secret=True,
            azure_only=True,
        ),
    ] = ""
    front_door_secrets: Annotated[
        tuple[str, ...],
        Setting(
            "FRONT_DOOR_SECRETS",
            "",
            "What Cloudflare sends with each request, newest first, comma-separated; two during a rotation. "
            "Without one of them the app answers its health checks only.",
            read=check.front_door_secrets,
            is_secret=True,
            needed_in_azure=True,
        ),
    ] = ()
    speed_up: Annotated[
        float,
        Setting(
            "LOCAL_SPEED_UP",
            "1",
            "Shortens waits on a developer's machine by this factor.",
            read=_speed_up,
            local_only=True,
        ),
    ]

    def __repr__(self) -> str:
        return f"Settings(environment={self.environment}, base_url={self.base_url})"

    @property
    def is_local(self) -> bool:
        return self.environment is Environment.LOCAL

    @property
    def has_desk(self) -> bool:
        """Whether there is an app registration for reviewers to sign in to."""
        return bool(self.operator_tenant_id and self.operator_client_id)


_BY_FIELD: Mapping[str, Setting] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()
}

SETTINGS: tuple[Setting, ...] = tuple(_BY_FIELD.values())
"""Every setting, in the order of the documentation."""

PROOFS_OF_THE_APP = ("ENTRA_CLIENT_CERTIFICATE_NAME", "ENTRA_CLIENT_CERTIFICATE_PATH", "ENTRA_CLIENT_SECRET")
"""At most one; in Azure none is best: the managed identity is a federated credential of the app."""

HOSTS_NAMESPACE = "ServiceBus__fullyQualifiedNamespace"
"""The Functions host's own setting for what SERVICE_BUS_NAMESPACE says."""


def read_settings(values: Mapping[str, str]) -> Settings:
    """Return the settings of these environment variables; raises ConfigurationError naming the setting and the fix."""
    given = {setting.name: _value(setting, values) for setting in SETTINGS}
    is_local = _environment("APP_ENVIRONMENT", given["APP_ENVIRONMENT"], False) is Environment.LOCAL
    _check_places(given, is_local)
    _check_together(given, values, is_local)
    read = {field: each.read(each.name, given[each.name], is_local) for field, each in _BY_FIELD.items()}
    return Settings(**read)


def _value(setting: Setting, values: Mapping[str, str]) -> str:
    value = values.get(setting.name, "").strip() or setting.default
    if value is None:
        raise ConfigurationError(f"{setting.name} is not set. It is: {setting.meaning}")
    return value


def _check_places(given: Mapping[str, str], is_local: bool) -> None:
    """Each setting is where it belongs. Raises ConfigurationError."""
    for setting in SETTINGS:
        is_given = given[setting.name] != setting.default
        if is_given and setting.local_only and not is_local:
            raise ConfigurationError(f"{setting.name} is for APP_ENVIRONMENT=local only: remove it")
        if is_given and setting.azure_only and is_local:
            raise ConfigurationError(f"{setting.name} is for APP_ENVIRONMENT=azure only: remove it")
        if not is_given and setting.needed_in_azure and not is_local:
            raise ConfigurationError(f"{setting.name} is not set. It is: {setting.meaning}")


def _check_together(given: Mapping[str, str], values: Mapping[str, str], is_local: bool) -> None:
    """What one setting says about another. Raises ConfigurationError."""
    check.only_one(given, *PROOFS_OF_THE_APP)
    check.only_one(given, "TOKEN_ENCRYPTION_KEYS", "KEY_VAULT_URL")
    if not (given["TOKEN_ENCRYPTION_KEYS"] or given["KEY_VAULT_URL"]):
        remedy = check.NEW_KEY if is_local else "set KEY_VAULT_URL"
        raise ConfigurationError(f"TOKEN_ENCRYPTION_KEYS is not set, and nor is KEY_VAULT_URL: {remedy}")
    if is_local and not any(given[name] for name in PROOFS_OF_THE_APP):
        raise ConfigurationError("ENTRA_CLIENT_SECRET is not set, and nor is ENTRA_CLIENT_CERTIFICATE_PATH: set one")
    if given["ENTRA_CLIENT_CERTIFICATE_NAME"] and not given["KEY_VAULT_URL"]:
        raise ConfigurationError("ENTRA_CLIENT_CERTIFICATE_NAME needs KEY_VAULT_URL: set it")
    if bool(given["OPERATOR_TENANT_ID"]) != bool(given["OPERATOR_CLIENT_ID"]):
        raise ConfigurationError("OPERATOR_TENANT_ID and OPERATOR_CLIENT_ID belong together: set both, or neither")
    if not is_local and given["PURGE_IDENTITY_CLIENT_ID"].lower() == given["MANAGED_IDENTITY_CLIENT_ID"].lower():
        raise ConfigurationError("PURGE_IDENTITY_CLIENT_ID must be another identity than MANAGED_IDENTITY_CLIENT_ID")
    hosts_namespace = values.get(HOSTS_NAMESPACE, "").strip()
    if given["SERVICE_BUS_NAMESPACE"] and hosts_namespace not in ("", given["SERVICE_BUS_NAMESPACE"]):
        raise ConfigurationError(f"SERVICE_BUS_NAMESPACE and {HOSTS_NAMESPACE} contradict each other: make them equal")
