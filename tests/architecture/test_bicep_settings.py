"""What the templates set is what the app reads."""

import re
from datetime import timedelta

from collectors.blueprint import SERVICE_BUS
from retention.purge import SHORT_LIVED_TABLES
from shared.core.periods import BACKUP_RETENTION_DAYS
from shared.core.settings import SETTINGS, read_settings
from shared.deletion.log import DELETIONS_TABLE
from shared.identity.rotate_keys import FRONT_DOOR
from tests.architecture.bicep_snapshot import deployed, snapshot, the_one
from tools.python_version import DEPLOYED

HOSTS_OWN = re.compile(
    r"AzureWebJobs\w+|ServiceBus__\w+|PYTHON_ENABLE_OPENTELEMETRY|APPLICATIONINSIGHTS_[A-Z_]+|FUNCTIONS_\w+"
)
OURS = {setting.name for setting in SETTINGS}
VALUES = {
    "APP_ENVIRONMENT": "azure",
    "APP_BASE_URL": "https://review.example.com",
    "SQL_URL": "mssql+pyodbc://caleta.database.windows.net/costreview",
    "SERVICE_BUS_NAMESPACE": "caleta.servicebus.windows.net",
    "BLOBS_ENDPOINT": "https://caleta.blob.core.windows.net",
    "TABLES_ENDPOINT": "https://caleta.table.core.windows.net",
    "KEY_VAULT_URL": "https://caleta.vault.azure.net/",
    "MAIL_SENDER": "review@example.com",
    "REVIEWERS_EMAIL": "reviewers@example.com",
    "PURGE_IDENTITY_CLIENT_ID": "00000000-0000-4000-8000-000000000001",
    "FRONT_DOOR_SECRETS": "f" * 43,
}
"""What a deployment makes of the templates, where the form counts."""


def all_settings() -> dict[str, str]:
    app = the_one("Microsoft.Web/sites").properties["siteConfig"]["appSettings"]
    return {setting["name"]: setting["value"] for setting in app}


def app_settings() -> dict[str, str]:
    return {name: value for name, value in all_settings().items() if not HOSTS_OWN.fullmatch(name) or name in OURS}


def host_settings() -> set[str]:
    return set(all_settings()) - set(app_settings())


def test_every_setting_that_is_passed_exists() -> None:
    assert set(app_settings()) <= {setting.name for setting in SETTINGS if not setting.local_only}
    assert len(all_settings()) == len(the_one("Microsoft.Web/sites").properties["siteConfig"]["appSettings"])


def test_every_setting_that_azure_needs_is_passed() -> None:
    needed = {setting.name for setting in SETTINGS if setting.default is None or setting.needed_in_azure}
    assert needed <= set(app_settings())


def test_no_secret_is_passed() -> None:
    secrets = {setting.name for setting in SETTINGS if setting.is_secret}
    passed = set(app_settings()) & secrets
    assert passed == {"SQL_URL", "APPLICATIONINSIGHTS_CONNECTION_STRING", "FRONT_DOOR_SECRETS"}
    assert "@Microsoft.KeyVault(SecretUri=" in app_settings()["FRONT_DOOR_SECRETS"], "a reference, not the secret"
    assert f"secrets/{FRONT_DOOR})" in app_settings()["FRONT_DOOR_SECRETS"], "the secret that the deployment makes"
    assert "@" not in app_settings()["SQL_URL"], "no login: the identity's token"


def test_the_app_starts_with_what_is_passed() -> None:
    identifier = "00000000-0000-4000-8000-000000000000"
    settings = read_settings({name: VALUES.get(name, identifier) for name in app_settings()})
    assert not settings.is_local


def test_the_queues_connection_has_the_name_that_the_triggers_use() -> None:
    assert {
        f"{SERVICE_BUS}__{part}" for part in ("fullyQualifiedNamespace", "credential", "clientId")
    } <= host_settings()


def test_the_tables_are_those_that_the_app_uses() -> None:
    used = {*SHORT_LIVED_TABLES, DELETIONS_TABLE}
    tables = deployed("Microsoft.Storage/storageAccounts/tableServices/tables")
    assert {one.name.rpartition("/")[2] for one in tables} == used


def test_backups_live_as_long_as_the_pages_say() -> None:
    policy = the_one("Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies")
    assert policy.properties == {"retentionDays": BACKUP_RETENTION_DAYS}
    assert snapshot()["outputs"]["backupRetentionDays"] == BACKUP_RETENTION_DAYS
    assert timedelta(days=BACKUP_RETENTION_DAYS) <= timedelta(days=35)


def test_the_app_runs_on_the_python_that_the_worker_tests_run_on() -> None:
    app = the_one("Microsoft.Web/sites")
    assert app.properties["functionAppConfig"]["runtime"] == {"name": "python", "version": DEPLOYED}
