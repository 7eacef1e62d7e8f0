"""One table of settings; the documents follow it."""

import json

from shared.core.settings import SETTINGS
from tests.architecture.tree import ROOT
from tools.settings_document import TARGET, generated, row


def test_the_document_is_what_the_command_writes() -> None:
    """When this fails: python -m tools.settings_document."""
    assert TARGET.read_text(encoding="utf-8") == generated()


def test_every_setting_has_its_row_and_a_meaning() -> None:
    lines = TARGET.read_text(encoding="utf-8").splitlines()
    assert [setting.name for setting in SETTINGS if row(setting) not in lines or not setting.meaning] == []


def test_a_secret_is_marked_and_has_no_default() -> None:
    secrets = [setting for setting in SETTINGS if setting.is_secret]
    assert secrets
    assert [setting.name for setting in secrets if "🔒" not in row(setting) or setting.default] == []


def test_the_example_for_core_tools_names_exactly_the_settings_and_the_hosts_own() -> None:
    values = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    hosts_own = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "ServiceBus__fullyQualifiedNamespace"}
    assert set(values) - hosts_own == {setting.name for setting in SETTINGS}


def test_the_example_holds_no_secret() -> None:
    values = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    secrets = {setting.name for setting in SETTINGS if setting.is_secret}
    assert {name for name in secrets if values[name] and not values[name].startswith(("<", "sqlite:///"))} == set()
