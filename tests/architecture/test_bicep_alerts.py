"""Alerts look for what the code writes, and every alert that the code writes is looked for."""

import re

import pytest

from shared import telemetry
from tests.architecture.bicep_tree import deployed, parsed, text
from tests.architecture.tree import shipped

WRITTEN = re.compile(r"""(?:"alert=|alert=")([a-z][a-z-]+)""")
SOURCE = {module.name: module.path.read_text(encoding="utf-8") for module in shipped()}
RULES = {rule["name"]: rule for rule in parsed("alerts.bicep")["variables"]["logAlerts"]["value"]}
KINDS = sorted({kind for source in SOURCE.values() for kind in WRITTEN.findall(source)})


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_code_calls_an_alert_wakes_somebody(kind: str) -> None:
    assert [name for name, rule in RULES.items() if f'"alert={kind}"' in rule["query"]] != []


def test_every_text_that_a_rule_looks_for_is_written_by_the_code() -> None:
    looked_for = re.findall(r'(?:contains|startswith) "([^"]+)"', text("alerts.bicep"))
    assert len(looked_for) >= len(KINDS)
    for wanted in looked_for:
        kind = wanted.removeprefix("alert=")
        assert kind in KINDS or any(f'"{wanted} ' in source for source in SOURCE.values()), wanted


def test_metrics_that_a_rule_looks_for_are_measured_with_that_dimension() -> None:
    names = set(re.findall(r'customMetrics \| where name == "([^"]+)"', text("alerts.bicep")))
    assert names == {telemetry.QUEUE_AGE}
    assert '["caleta.queue"]' in RULES["queue-age"]["query"]
    assert any(re.search(r"record\(\s*(telemetry\.)?QUEUE_AGE,.*queue=", source) for source in SOURCE.values())


def test_an_alert_is_written_as_text_and_never_as_an_exception() -> None:
    """A record with an exception goes to the table `exceptions`, where no rule looks."""
    assert [name for name, source in SOURCE.items() if re.search(r"exception\(\s*f?\"alert=", source)] == []


def test_every_rule_wakes_the_one_on_call_and_says_what_to_look_at() -> None:
    for kind in ("Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts"):
        for rule in deployed(kind):
            assert "onCall" in str(rule.properties["actions"]), rule
            assert rule.properties["description"], rule
    assert all(len(rule["description"]) > 40 for rule in RULES.values())


def test_a_purge_that_never_starts_is_noticed() -> None:
    (missing,) = [one for one in deployed("Microsoft.Insights/scheduledQueryRules") if one.name == "purgeMissing"]
    (criterion,) = missing.properties["criteria"]["allOf"]
    assert (criterion["operator"], criterion["threshold"]) == ("LessThan", 1)


def test_rules_have_names_of_their_own() -> None:
    assert len(RULES) == len(parsed("alerts.bicep")["variables"]["logAlerts"]["value"])
