"""Every setting, once: docs/settings.md and local.settings.example.json are tested against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.core import setting_checks as check
from shared.core.errors import ConfigurationError
from shared.core.setting_checks import MICROSOFT_HOSTS
from shared.core.sql_urls import sql_url

__all__ = ["MICROSOFT_HOSTS", "SETTINGS", "Environment", "Setting", "Settings", "read_settings"]


class Environment(StrEnum):
    """Where the app runs; only LOCAL may talk to anything but Microsoft's hosts."""

    LOCAL = "local"
    AZURE = "azure"


@dataclass(frozen=True)
class Setting:
    """One application setting. `default` None means that it must be given everywhere."""

    name: str
    default: str | None
    meaning: str
    is_secret: bool = False
    local_only: bool = False
    azure_only: bool = False
    needed_in_azure: bool = False


SETTINGS = (
    Setting("APP_ENVIRONMENT", "azure", "`azure`, or `local` on a developer's machine."),
    Setting("APP_BASE_URL", None, "The address customers see, without a trailing slash; redirects are built from it."),
    Setting("ENTRA_AUTHORITY_HOST", "https://login.microsoftonline.com", "Where customers sign in."),
    Setting("ARM_ENDPOINT", "https://management.azure.com", "Azure Resource Manager."),
    Setting(
        "MANAGED_IDENTITY_CLIENT_ID",
        "",
        "Client id of the app's user-assigned managed identity.",
        azure_only=True,
        needed_in_azure=True,
    ),
    Setting(
        "PURGE_IDENTITY_CLIENT_ID",
        "",
        "Client id of the identity that deletes old entries of the activity log.",
        azure_only=True,
        needed_in_azure=True,
    ),
    Setting(
        "KEY_VAULT_URL",
        "",
        "`https://<name>.vault.azure.net`; required in Azure unless TOKEN_ENCRYPTION_KEYS is set.",
        azure_only=True,
    ),
    Setting("ENTRA_CLIENT_ID", None, "Application (client) id of the multi-tenant app registration."),
    Setting(
        "ENTRA_CLIENT_CERTIFICATE_NAME",
        "",
        "Where the managed identity cannot authenticate the app: a certificate in the Key Vault, kept as PEM.",
        azure_only=True,
    ),
    Setting(
        "ENTRA_CLIENT_CERTIFICATE_PATH",
        "",
        "The same on a developer's machine: a PEM file with the certificate and its private key.",
        local_only=True,
    ),
    Setting(
        "ENTRA_CLIENT_SECRET",
        "",
        "A client secret, where neither an identity nor a certificate is available.",
        is_secret=True,
    ),
    Setting(
        "TOKEN_ENCRYPTION_KEYS",
        "",
        "Fernet keys for refresh tokens, comma-separated, newest first, where there is no Key Vault.",
        is_secret=True,
    ),
    Setting("OPERATOR_TENANT_ID", "", "Our own tenant, where reviewers sign in. Empty: the review desk is closed."),
    Setting("OPERATOR_CLIENT_ID", "", "Application (client) id of the reviewers' app registration, in that tenant."),
    Setting(
        "OPERATOR_CLIENT_SECRET",
        "",
        "Its client secret, where the managed identity cannot authenticate it.",
        is_secret=True,
    ),
    Setting(
        "SQL_URL",
        None,
        "`mssql+pyodbc://<server>.database.windows.net/<database>` in Azure; else SQLite, or SQL Server with a login.",
        is_secret=True,
    ),
    Setting("SERVICE_BUS_NAMESPACE", "", "`<name>.servicebus.windows.net`.", needed_in_azure=True),
    Setting("TABLES_ENDPOINT", "", "`https://<account>.table.core.windows.net`.", needed_in_azure=True),
    Setting("GRAPH_ENDPOINT", "https://graph.microsoft.com", "Microsoft Graph, used to send mail."),
    Setting("MAIL_SENDER", "", "The mailbox that sends mail.", needed_in_azure=True),
    Setting(
        "REVIEWERS_EMAIL",
        "",
        "Mailbox notified of scans ready for review and of unassigned reviews about to expire. Empty: no mail.",
    ),
    Setting(
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "",
        "Where logs, traces and metrics are sent. Empty: they are not sent.",
        is_secret=True,
        azure_only=True,
    ),
    Setting("LOCAL_SPEED_UP", "1", "Shortens waits on a developer's machine by this factor.", local_only=True),
)

PROOFS_OF_THE_APP = ("ENTRA_CLIENT_CERTIFICATE_NAME", "ENTRA_CLIENT_CERTIFICATE_PATH", "ENTRA_CLIENT_SECRET")
"""At most one; in Azure none is best: the managed identity is a federated credential of the app."""

HOSTS_NAMESPACE = "ServiceBus__fullyQualifiedNamespace"
"""The Functions host's own setting for what SERVICE_BUS_NAMESPACE says."""


@dataclass(frozen=True)
class Settings:
    """The settings, read and checked once. `repr` shows no secret. Texts that were not given are empty."""

    environment: Environment
    base_url: str
    authority_host: str
    arm_endpoint: str
    managed_identity_client_id: str
    key_vault_url: str
    client_id: str
    client_certificate_name: str
    client_certificate_path: str
    client_secret: str
    token_encryption_keys: tuple[str, ...]
    sql_url: str
    service_bus_namespace: str
    tables_endpoint: str
    graph_endpoint: str
    mail_sender: str
    reviewers_email: str
    speed_up: float
    operator_tenant_id: str = ""
    operator_client_id: str = ""
    operator_client_secret: str = ""
    insights_connection_string: str = ""
    purge_identity_client_id: str = ""

    def __repr__(self) -> str:
        return f"Settings(environment={self.environment}, base_url={self.base_url})"

    @property
    def is_local(self) -> bool:
        return self.environment is Environment.LOCAL

    @property
    def has_desk(self) -> bool:
        """Whether there is an app registration for reviewers to sign in to."""
        return bool(self.operator_tenant_id and self.operator_client_id)


def read_settings(values: Mapping[str, str]) -> Settings:
    """Settings from environment variables; raises ConfigurationError naming the setting and the fix."""
    given = {setting.name: _value(setting, values) for setting in SETTINGS}
    environment = _environment(given["APP_ENVIRONMENT"])
    is_local = environment is Environment.LOCAL
    _check_places(given, is_local)
    _check_together(given, values, is_local)
    return Settings(
        environment=environment,
        base_url=check.url("APP_BASE_URL", given["APP_BASE_URL"], is_local=is_local),
        authority_host=check.url("ENTRA_AUTHORITY_HOST", given["ENTRA_AUTHORITY_HOST"], is_local=is_local),
        arm_endpoint=check.url("ARM_ENDPOINT", given["ARM_ENDPOINT"], is_local=is_local),
        managed_identity_client_id=_matching("MANAGED_IDENTITY_CLIENT_ID", given, check.GUID),
        key_vault_url=check.resource_url("KEY_VAULT_URL", given["KEY_VAULT_URL"], is_local=is_local),
        client_id=_matching("ENTRA_CLIENT_ID", given, check.GUID),
        client_certificate_name=_matching("ENTRA_CLIENT_CERTIFICATE_NAME", given, check.SECRET_NAME),
        client_certificate_path=given["ENTRA_CLIENT_CERTIFICATE_PATH"],
        client_secret=given["ENTRA_CLIENT_SECRET"],
        token_encryption_keys=check.fernet_keys("TOKEN_ENCRYPTION_KEYS", given["TOKEN_ENCRYPTION_KEYS"]),
        sql_url=sql_url(given["SQL_URL"], is_local=is_local),
        service_bus_namespace=check.namespace(
            "SERVICE_BUS_NAMESPACE", given["SERVICE_BUS_NAMESPACE"], is_local=is_local
        ),
        tables_endpoint=check.resource_url("TABLES_ENDPOINT", given["TABLES_ENDPOINT"], is_local=is_local),
        graph_endpoint=check.url("GRAPH_ENDPOINT", given["GRAPH_ENDPOINT"], is_local=is_local),
        mail_sender=_matching("MAIL_SENDER", given, check.ADDRESS),
        reviewers_email=_matching("REVIEWERS_EMAIL", given, check.ADDRESS),
        speed_up=check.number("LOCAL_SPEED_UP", given["LOCAL_SPEED_UP"], 1, 100_000),
        operator_tenant_id=_matching("OPERATOR_TENANT_ID", given, check.GUID).lower(),
        operator_client_id=_matching("OPERATOR_CLIENT_ID", given, check.GUID).lower(),
        operator_client_secret=given["OPERATOR_CLIENT_SECRET"],
        insights_connection_string=given["APPLICATIONINSIGHTS_CONNECTION_STRING"],
        purge_identity_client_id=_matching("PURGE_IDENTITY_CLIENT_ID", given, check.GUID),
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


def _matching(name: str, given: Mapping[str, str], form: check.Form) -> str:
    return check.matching(name, given[name], form)
