"""What bicep/ deploys speaks TLS 1.2 or later, and has no door for debugging."""

from typing import Any

import pytest

from tests.architecture.bicep_snapshot import deployed, the_one

OLDEST_TLS = {
    "Microsoft.Storage/storageAccounts": ("minimumTlsVersion", "TLS1_2"),
    "Microsoft.ServiceBus/namespaces": ("minimumTlsVersion", "1.2"),
    "Microsoft.Sql/servers": ("minimalTlsVersion", "1.2"),
}
"""By type: the property with the oldest version of TLS, and its value. Key Vault and Azure Monitor have no choice."""


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
