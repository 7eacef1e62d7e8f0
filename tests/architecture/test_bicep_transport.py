"""What bicep/ deploys speaks TLS 1.2 or later, takes no key in place of an identity, and has no door for debugging."""

from typing import Any

import pytest

from tests.architecture.bicep_snapshot import deployed, the_one

OLDEST_TLS = {
    "Microsoft.Storage/storageAccounts": ("minimumTlsVersion", "TLS1_2"),
    "Microsoft.ServiceBus/namespaces": ("minimumTlsVersion", "1.2"),
    "Microsoft.Sql/servers": ("minimalTlsVersion", "1.2"),
}
"""By type: the property with the oldest version of TLS, and its value. Key Vault and Azure Monitor have no choice."""

KEYS_OFF: dict[str, tuple[str, ...]] = {
    "Microsoft.Storage/storageAccounts": ("allowSharedKeyAccess",),
    "Microsoft.Sql/servers": ("administrators", "azureADOnlyAuthentication"),
    "Microsoft.ServiceBus/namespaces": ("disableLocalAuth",),
    "Microsoft.Insights/components": ("DisableLocalAuth",),
    "Microsoft.OperationalInsights/workspaces": ("features", "disableLocalAuth"),
}


def app() -> dict[str, Any]:
    return the_one("Microsoft.Web/sites").properties


@pytest.mark.parametrize("kind", OLDEST_TLS)
def test_a_service_takes_tls_1_2_or_later(kind: str) -> None:
    name, version = OLDEST_TLS[kind]
    assert [one.properties[name] for one in deployed(kind)] == [version]


def test_pages_are_served_by_tls_1_2_or_later_only() -> None:
    assert app()["httpsOnly"] is True
    assert app()["siteConfig"]["minTlsVersion"] == "1.2"


def test_files_are_served_by_https_only() -> None:
    assert the_one("Microsoft.Storage/storageAccounts").properties["supportsHttpsTrafficOnly"] is True


def test_no_other_origin_may_read_an_answer_and_no_debugger_may_attach() -> None:
    assert app()["siteConfig"]["cors"] == {"allowedOrigins": [], "supportCredentials": False}
    assert app()["siteConfig"]["remoteDebuggingEnabled"] is False


def test_no_password_publishes_code() -> None:
    policies = deployed("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert {one.name.split("/")[-1]: one.properties["allow"] for one in policies} == {"ftp": False, "scm": False}


@pytest.mark.parametrize("kind", KEYS_OFF)
def test_a_service_takes_identities_and_no_keys(kind: str) -> None:
    value: Any = the_one(kind).properties
    for name in KEYS_OFF[kind]:
        value = value[name]
    assert value is (kind != "Microsoft.Storage/storageAccounts")
