"""Settings are read once, checked, and wrong ones are named with their remedy."""

import traceback

import pytest

from shared.core.errors import ConfigurationError
from shared.core.settings import MICROSOFT_HOSTS, SETTINGS, Environment, Setting, read_settings
from tests.support.entra_double import KEY, OTHER_KEY

AZURE = {
    "APP_BASE_URL": "https://review.caleta.example",
    "MANAGED_IDENTITY_CLIENT_ID": "55555555-5555-4555-8555-555555555555",
    "PURGE_IDENTITY_CLIENT_ID": "66666666-6666-4666-8666-666666666666",
    "KEY_VAULT_URL": "https://caleta-kv.vault.azure.net",
    "ENTRA_CLIENT_ID": "44444444-4444-4444-8444-444444444444",
    "SQL_URL": "mssql+pyodbc://caleta.database.windows.net/costreview",
    "SERVICE_BUS_NAMESPACE": "caleta.servicebus.windows.net",
    "BLOBS_ENDPOINT": "https://caleta.blob.core.windows.net",
    "TABLES_ENDPOINT": "https://caleta.table.core.windows.net",
    "MAIL_SENDER": "reviews@caleta.example",
    "FRONT_DOOR_SECRETS": "f" * 43,
}
LOCAL = {
    "APP_ENVIRONMENT": "local",
    "APP_BASE_URL": "http://127.0.0.1:7071",
    "ARM_ENDPOINT": "http://127.0.0.1:7072",
    "ENTRA_CLIENT_ID": "44444444-4444-4444-8444-444444444444",
    "ENTRA_CLIENT_SECRET": "hunter2",
    "TOKEN_ENCRYPTION_KEYS": KEY,
    "SQL_URL": "sqlite:///caleta.db",
}
CONTRADICTIONS = [
    ({"ENTRA_CLIENT_SECRET": "hunter2", "ENTRA_CLIENT_CERTIFICATE_NAME": "proof"}, "keep one"),
    ({"TOKEN_ENCRYPTION_KEYS": KEY}, "TOKEN_ENCRYPTION_KEYS and KEY_VAULT_URL contradict each other"),
    ({"ServiceBus__fullyQualifiedNamespace": "other.servicebus.windows.net"}, "SERVICE_BUS_NAMESPACE and ServiceBus__"),
    (
        {"PURGE_IDENTITY_CLIENT_ID": AZURE["MANAGED_IDENTITY_CLIENT_ID"]},
        "PURGE_IDENTITY_CLIENT_ID must be another identity than MANAGED_IDENTITY_CLIENT_ID",
    ),
    (
        {"ENTRA_CLIENT_CERTIFICATE_NAME": "proof", "KEY_VAULT_URL": "", "TOKEN_ENCRYPTION_KEYS": KEY},
        "ENTRA_CLIENT_CERTIFICATE_NAME needs KEY_VAULT_URL",
    ),
]
MALFORMED = [
    ("MANAGED_IDENTITY_CLIENT_ID", "hunter2"),
    ("PURGE_IDENTITY_CLIENT_ID", "hunter2"),
    ("ENTRA_CLIENT_ID", "hunter2"),
    ("KEY_VAULT_URL", "https://hunter2.example"),
    ("KEY_VAULT_URL", "http://caleta-kv.vault.azure.net"),
    ("KEY_VAULT_URL", "https://caleta-kv.vault.azure.net.hunter2.example"),
    ("KEY_VAULT_URL", "https://caleta-kv.vault.azure.net/secrets/hunter2"),
    ("ENTRA_CLIENT_CERTIFICATE_NAME", "../hunter2"),
    ("SERVICE_BUS_NAMESPACE", "hunter2"),
    ("SERVICE_BUS_NAMESPACE", "Endpoint=sb://caleta.servicebus.windows.net/;SharedAccessKey=hunter2"),
    ("TABLES_ENDPOINT", "https://caleta.table.core.windows.net?sig=hunter2"),
    ("TABLES_ENDPOINT", "https://hunter2.example"),
    ("BLOBS_ENDPOINT", "https://hunter2.example"),
    ("GRAPH_ENDPOINT", "https://graph.microsoft.com:hunter2"),
    ("GRAPH_ENDPOINT", "https://[hunter2"),
    ("MAIL_SENDER", "hunter2"),
    ("MAIL_SENDER", "a@b.example, hunter2@b.example"),
    ("REVIEWERS_EMAIL", "hunter2@"),
    ("FRONT_DOOR_SECRETS", "hunter2"),
    ("FRONT_DOOR_SECRETS", f"{'n' * 43},hunter2"),
    ("FRONT_DOOR_SECRETS", f"hunter2{'n' * 43},{'o' * 43},{'p' * 43}"),
    ("FRONT_DOOR_SECRETS", "@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/secrets/front-door)"),
]


def test_a_deployed_app_needs_nothing_that_has_a_default() -> None:
    settings = read_settings(AZURE)
    assert settings.environment is Environment.AZURE
    assert settings.arm_endpoint == "https://management.azure.com"
    assert settings.authority_host == "https://login.microsoftonline.com"
    assert settings.graph_endpoint == "https://graph.microsoft.com"
    assert (settings.client_secret, settings.token_encryption_keys) == ("", ())
    assert settings.speed_up == 1


def test_encryption_keys_may_be_given_newest_first_where_there_is_no_key_vault() -> None:
    values = {**AZURE, "KEY_VAULT_URL": "", "TOKEN_ENCRYPTION_KEYS": f"{KEY}, {OTHER_KEY},"}
    assert read_settings(values).token_encryption_keys == (KEY, OTHER_KEY)


def test_two_secrets_of_the_front_door_are_valid_during_a_rotation() -> None:
    values = {**AZURE, "FRONT_DOOR_SECRETS": f"{'n' * 43}, {'o' * 43}"}
    assert read_settings(values).front_door_secrets == ("n" * 43, "o" * 43)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.default is None])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_setting_that_is_missing_is_named_with_its_meaning(name: str, value: str | None) -> None:
    values = {key: text for key, text in AZURE.items() if key != name}
    if value is not None:
        values[name] = value
    with pytest.raises(ConfigurationError, match=f"{name} is not set. It is: "):
        read_settings(values)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.needed_in_azure])
def test_what_only_azure_needs_is_missed_only_there(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is not set. It is: "):
        read_settings({**AZURE, name: ""})
    assert read_settings({**LOCAL, name: ""}).is_local


def test_keys_have_to_come_from_somewhere() -> None:
    with pytest.raises(ConfigurationError, match="set KEY_VAULT_URL"):
        read_settings({**AZURE, "KEY_VAULT_URL": ""})
    with pytest.raises(ConfigurationError, match=r"TOKEN_ENCRYPTION_KEYS is not set.*make one with"):
        read_settings({**LOCAL, "TOKEN_ENCRYPTION_KEYS": ""})


def test_a_developers_machine_has_no_managed_identity_to_prove_the_app() -> None:
    with pytest.raises(ConfigurationError, match=r"ENTRA_CLIENT_SECRET is not set.*set one"):
        read_settings({**LOCAL, "ENTRA_CLIENT_SECRET": ""})


@pytest.mark.parametrize(("changes", "reason"), CONTRADICTIONS)
def test_settings_that_contradict_each_other_are_named(changes: dict[str, str], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        read_settings({**AZURE, **changes})
    assert_shows_no_secret(caught.value)


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_malformed_value_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as caught:
        read_settings({**AZURE, name: value})
    assert_shows_no_secret(caught.value)


@pytest.mark.parametrize("keys", ["hunter2", f"{KEY},hunter2", f"{KEY}hunter2", "hunter2é", KEY[:-4]])
def test_keys_that_are_none_are_refused_with_a_way_to_make_one(keys: str) -> None:
    with pytest.raises(ConfigurationError, match="TOKEN_ENCRYPTION_KEYS holds what is no Fernet key: make") as caught:
        read_settings({**LOCAL, "TOKEN_ENCRYPTION_KEYS": keys})
    assert_shows_no_secret(caught.value)


@pytest.mark.parametrize("setting", [setting for setting in SETTINGS if setting.local_only or setting.azure_only])
def test_a_setting_in_the_wrong_place_is_to_be_removed(setting: Setting) -> None:
    place, values = ("local", AZURE) if setting.local_only else ("azure", LOCAL)
    with pytest.raises(ConfigurationError, match=f"{setting.name} is for APP_ENVIRONMENT={place} only: remove it"):
        read_settings({**values, setting.name: "2"})


@pytest.mark.parametrize("name", MICROSOFT_HOSTS)
@pytest.mark.parametrize(
    "host",
    ["https://evil.example", "https://management.azure.com.evil.example", "https://login.microsoftonline.com.evil"],
)
def test_a_deployed_app_talks_to_no_host_but_microsofts(name: str, host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be one of Microsoft's hosts"):
        read_settings({**AZURE, name: host})


@pytest.mark.parametrize(
    "url",
    ["http://management.azure.com", "https://management.azure.com:8443", "https://user@management.azure.com"],
)
def test_a_deployed_app_talks_https_on_the_default_port_only(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ARM_ENDPOINT must be https on the default port"):
        read_settings({**AZURE, "ARM_ENDPOINT": url})


@pytest.mark.parametrize(
    "url", ["review.example", "ftp://x.example", "https://", "https://x.example/app", "//x.example"]
)
def test_an_address_is_scheme_and_host_only(url: str) -> None:
    with pytest.raises(ConfigurationError, match="APP_BASE_URL must be a URL of scheme and host only"):
        read_settings({**AZURE, "APP_BASE_URL": url})


def test_a_trailing_slash_of_an_address_does_no_harm() -> None:
    assert read_settings({**AZURE, "APP_BASE_URL": "https://x.example/"}).base_url == "https://x.example"


def test_sovereign_clouds_are_microsofts_hosts_too() -> None:
    settings = read_settings({**AZURE, "ARM_ENDPOINT": "https://management.usgovcloudapi.net"})
    assert settings.arm_endpoint == "https://management.usgovcloudapi.net"


def test_a_developers_machine_may_use_a_simulated_azure_and_a_file() -> None:
    settings = read_settings({**LOCAL, "LOCAL_SPEED_UP": "60"})
    assert (settings.arm_endpoint, settings.speed_up) == ("http://127.0.0.1:7072", 60)


def test_a_deployed_app_keeps_no_data_in_a_file() -> None:
    with pytest.raises(ConfigurationError, match="SQLite is for APP_ENVIRONMENT=local only"):
        read_settings({**AZURE, "SQL_URL": "sqlite:///caleta.db"})


@pytest.mark.parametrize("factor", ["fast", "0", "0.5", "-1", "nan", "inf", "1e9"])
def test_a_speed_up_is_a_sensible_number(factor: str) -> None:
    with pytest.raises(ConfigurationError, match="LOCAL_SPEED_UP"):
        read_settings({**LOCAL, "LOCAL_SPEED_UP": factor})


@pytest.mark.parametrize(("name", "value"), [("APP_ENVIRONMENT", "production"), ("SQL_URL", "postgresql://x/y")])
def test_an_unknown_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_settings({**LOCAL, name: value})


def assert_shows_no_secret(error: ConfigurationError) -> None:
    """Nothing that a log could make of the error repeats a value."""
    shown = f"{error} {error!r} {error.args} {''.join(traceback.format_exception(error))}"
    assert [secret for secret in ("hunter2", KEY, OTHER_KEY) if secret in shown] == []


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = read_settings({**LOCAL, "SQL_URL": "mssql+pyodbc://user:hunter2@server/caleta"})
    assert not any(secret in f"{settings!r} {settings}" for secret in ("hunter2", KEY))


def test_no_secret_shows_in_a_validation_error() -> None:
    values = {**AZURE, "SQL_URL": "oracle://user:hunter2@server"}
    with pytest.raises(ConfigurationError, match="SQL_URL") as caught:
        read_settings(values)
    assert_shows_no_secret(caught.value)
