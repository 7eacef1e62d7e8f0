"""Settings are read once, checked, and wrong ones are named with their remedy."""

import pytest

from shared.core.errors import ConfigurationError
from shared.core.settings import MICROSOFT_HOSTS, SETTINGS, Environment, read_settings

AZURE = {
    "APP_BASE_URL": "https://review.caleta.example",
    "ENTRA_CLIENT_ID": "44444444-4444-4444-8444-444444444444",
    "ENTRA_CLIENT_SECRET": "hunter2",
    "TOKEN_ENCRYPTION_KEYS": "newest, older",
    "SQL_URL": "mssql+pyodbc://server/caleta",
    "SERVICE_BUS_NAMESPACE": "caleta.servicebus.windows.net",
    "TABLES_ENDPOINT": "https://caleta.table.core.windows.net",
}
LOCAL = {
    **AZURE,
    "APP_ENVIRONMENT": "local",
    "APP_BASE_URL": "http://127.0.0.1:7071",
    "ARM_ENDPOINT": "http://127.0.0.1:7072",
    "SQL_URL": "sqlite:///caleta.db",
}


def test_a_deployed_app_needs_nothing_that_has_a_default() -> None:
    settings = read_settings(AZURE)
    assert settings.environment is Environment.AZURE
    assert settings.arm_endpoint == "https://management.azure.com"
    assert settings.authority_host == "https://login.microsoftonline.com"
    assert settings.token_encryption_keys == ("newest", "older")
    assert settings.speed_up == 1


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.default is None])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_setting_that_is_missing_is_named_with_its_meaning(name: str, value: str | None) -> None:
    values = {key: text for key, text in AZURE.items() if key != name}
    if value is not None:
        values[name] = value
    with pytest.raises(ConfigurationError, match=f"{name} is not set. It is: "):
        read_settings(values)


@pytest.mark.parametrize("name", ["SERVICE_BUS_NAMESPACE", "TABLES_ENDPOINT"])
def test_what_only_azure_needs_is_missed_only_there(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_settings({**AZURE, name: ""})
    assert read_settings({**LOCAL, name: ""}).is_local


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


def test_a_deployed_app_refuses_a_local_setting() -> None:
    with pytest.raises(ConfigurationError, match="LOCAL_SPEED_UP is for APP_ENVIRONMENT=local only"):
        read_settings({**AZURE, "LOCAL_SPEED_UP": "60"})


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


def test_no_secret_shows_when_settings_are_printed() -> None:
    shown = repr(read_settings({**AZURE, "SQL_URL": "mssql+pyodbc://user:hunter2@server/caleta"}))
    assert not any(secret in shown for secret in ("hunter2", "newest", "older"))


def test_no_secret_shows_in_a_complaint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({**AZURE, "SQL_URL": "oracle://user:hunter2@server"})
    assert "hunter2" not in str(caught.value)
