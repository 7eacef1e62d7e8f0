"""One table of settings; the documents follow it."""

import json

import pytest

from shared.core.settings import SETTINGS, Setting
from tests.architecture.tree import ROOT


def readme_row(setting: Setting) -> str:
    default = "must be given" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    return f"| `{setting.name}` | {default} | {setting.meaning} |"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_readme_with_its_default_and_meaning(setting: Setting) -> None:
    assert readme_row(setting) in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_for_core_tools_names_exactly_the_settings_and_the_hosts_own() -> None:
    values = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    hosts_own = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "ServiceBus__fullyQualifiedNamespace"}
    assert set(values) - hosts_own == {setting.name for setting in SETTINGS}


def test_the_example_holds_no_secret() -> None:
    values = json.loads((ROOT / "local.settings.example.json").read_text(encoding="utf-8"))["Values"]
    secrets = {setting.name for setting in SETTINGS if setting.is_secret}
    assert {name for name in secrets if values[name] and not values[name].startswith(("<", "sqlite:///"))} == set()
