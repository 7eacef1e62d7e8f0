"""Alerts look for what the code writes, fire when their text says so, and stay silent otherwise."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from shared.observability import telemetry
from shared.observability.events import Event
from tests.architecture.alert_queries import NotUnderstood, Query, Row
from tests.architecture.alert_rules import LogAlert, backlog_fires, log_alerts
from tests.architecture.bicep_snapshot import deployed, text
from tests.architecture.tree import shipped

WRITTEN = re.compile(r"""(?:"alert=|alert=f?")([a-z][a-z-]+)""")
SOURCE = {module.name: module.path.read_text(encoding="utf-8") for module in shipped()}
RULES = log_alerts()
KINDS = sorted({kind for source in SOURCE.values() for kind in WRITTEN.findall(source)})
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def traces(message: str, *ages: timedelta) -> dict[str, list[Row]]:
    return {"traces": [{"timestamp": NOW - age, "message": message} for age in ages]}


def requests(failed: int, answered: int) -> dict[str, list[Row]]:
    codes = ["500"] * failed + ["200"] * answered
    return {"requests": [{"timestamp": NOW - MINUTE, "resultCode": code} for code in codes]}


def queue_age(queue: str, seconds: float) -> dict[str, list[Row]]:
    return {
        "customMetrics": [
            {
                "timestamp": NOW - MINUTE,
                "name": telemetry.QUEUE_AGE,
                "valueMax": seconds,
                "customDimensions": {"caleta.queue": queue},
            }
        ]
    }


def app(started: timedelta, *purges: timedelta) -> dict[str, list[Row]]:
    """An app that has logged since then, and whose purges ended then."""
    return {
        "traces": [*traces("event=started", started)["traces"], *traces("event=purge-ended rows=7", *purges)["traces"]]
    }


FIRES: list[tuple[str, dict[str, list[Row]]]] = [
    *((name, traces(f"event=x {text} step=1", MINUTE)) for name, text in {
        "dead-letters": "alert=dead-letter",
        "unexpected-payload": "alert=unexpected-payload",
        "rows-set-aside": "alert=rows-set-aside",
        "query-refused": "alert=query-refused",
        "azure-unavailable": "alert=unavailable",
        "configuration": "alert=configuration",
        "call-not-allowed": "alert=call-not-allowed",
        "token-unreadable": "alert=token-unreadable",
        "own-identity": "alert=own-identity",
        "purge-failed": "alert=purge-failed",
        "purge-unfinished": "alert=purge-unfinished",
    }.items()),
    ("mail-not-sent", traces("alert=mail-failed", MINUTE)),
    ("mail-not-sent", traces("alert=mail-uncertain", MINUTE)),
    ("purge-missing", app(40 * HOUR, 27 * HOUR)),
    ("purge-missing", app(27 * HOUR)),
    ("purge-missing", {}),
    ("error-rate", requests(6, 100)),
    ("queue-age", queue_age("collect-inventory", 901)),
    ("queue-age", queue_age("collect-costs", 86_401)),
]  # fmt: skip
SILENT: list[tuple[str, dict[str, list[Row]]]] = [
    *((name, traces("event=step-done", MINUTE)) for name in RULES if name != "purge-missing"),
    ("dead-letters", traces("alert=dead-letter", 16 * MINUTE)),
    ("purge-missing", app(40 * HOUR, 25 * HOUR)),
    ("purge-missing", app(40 * HOUR, 47 * HOUR, 23 * HOUR)),
    ("purge-missing", app(2 * HOUR)),
    ("error-rate", requests(6, 114)),
    ("error-rate", requests(5, 1)),
    ("queue-age", queue_age("collect-inventory", 900)),
    ("queue-age", queue_age("collect-costs", 86_000)),
]


@pytest.mark.parametrize(("name", "rows"), FIRES, ids=str)
def test_an_alert_fires_when_its_text_says_so(name: str, rows: dict[str, list[Row]]) -> None:
    assert RULES[name].fires(rows, NOW)


@pytest.mark.parametrize(("name", "rows"), SILENT, ids=str)
def test_an_alert_is_silent_otherwise(name: str, rows: dict[str, list[Row]]) -> None:
    assert not RULES[name].fires(rows, NOW)


def test_every_alert_is_shown_to_fire_and_to_stay_silent() -> None:
    assert {name for name, _ in FIRES} == set(RULES)
    assert {name for name, _ in SILENT} == set(RULES)


EVENTS = sorted(name for name, rule in RULES.items() if not rule.resource.properties["autoMitigate"])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_notifies_again_in_the_next_quarter_of_an_hour(name: str) -> None:
    (rows,) = [rows for alert, rows in FIRES if alert == name][:1]
    (row,) = rows["traces"]
    later = {**row, "timestamp": row["timestamp"] + 15 * MINUTE}
    moments = [NOW, NOW + 15 * MINUTE, NOW + 30 * MINUTE]
    assert RULES[name].notifications({"traces": [row, later]}, moments) == moments[:2]


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_seen_by_exactly_one_evaluation(name: str) -> None:
    properties = RULES[name].resource.properties
    assert properties["windowSize"] == properties["evaluationFrequency"]


def test_what_is_lost_for_good_is_an_event() -> None:
    assert {"dead-letters", "call-not-allowed", "token-unreadable", "mail-not-sent", "unexpected-payload"} <= set(
        EVENTS
    )


def test_a_state_notifies_once_while_it_lasts() -> None:
    moments = [NOW, NOW + 15 * MINUTE, NOW + 30 * MINUTE]
    assert RULES["purge-missing"].notifications(app(40 * HOUR, 27 * HOUR), moments) == moments[:1]


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ({"collect-costs": [600] * 30, "send-mail": [0] * 30}, True),
        ({"collect-costs": [600] * 29 + [500], "send-mail": [0] * 30}, False),
        ({"collect-costs": [400] * 30, "send-mail": [400] * 30}, False),
    ],
)
def test_a_backlog_in_one_queue_is_noticed_although_others_are_empty(
    active: dict[str, list[int]], *, expected: bool
) -> None:
    assert backlog_fires(active) is expected


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_code_calls_an_alert_has_a_rule(kind: str) -> None:
    assert [name for name, rule in RULES.items() if f'"alert={kind}"' in rule.query] != []


def test_every_text_that_a_rule_looks_for_is_written_by_the_code() -> None:
    looked_for = [
        found for rule in RULES.values() for found in re.findall(r'(?:contains|startswith) "([^"]+)"', rule.query)
    ]
    assert len(looked_for) >= len(KINDS)
    for wanted in looked_for:
        if wanted.startswith("event="):
            assert wanted.removeprefix("event=") in set(Event)
            continue
        kind = wanted.removeprefix("alert=")
        assert kind in KINDS or any(f'"{wanted} ' in source for source in SOURCE.values()), wanted


def test_metrics_that_a_rule_looks_for_are_measured_with_that_dimension() -> None:
    names = {
        found
        for rule in RULES.values()
        for found in re.findall(r'customMetrics \| where name == "([^"]+)"', rule.query)
    }
    assert names == {telemetry.QUEUE_AGE}
    assert '["caleta.queue"]' in RULES["queue-age"].query
    assert any(re.search(r"record\(\s*(telemetry\.)?QUEUE_AGE,.*queue=", source) for source in SOURCE.values())


def test_an_alert_is_written_as_text_and_never_as_an_exception() -> None:
    """A record with an exception is in the table `exceptions`, where no rule looks."""
    assert [name for name, source in SOURCE.items() if re.search(r"exception\(\s*f?\"alert=", source)] == []


@pytest.mark.parametrize("rule", [*RULES.values()], ids=lambda rule: rule.name)
def test_a_rule_notifies_the_engineer_on_call_and_says_what_to_look_at(rule: LogAlert) -> None:
    properties = rule.resource.properties
    assert [one.rpartition("/")[2] for one in properties["actions"]["actionGroups"]] == ["caleta-on-call"]
    assert len(properties["description"]) > 40
    assert properties["skipQueryValidation"] is True, "the component is seconds old when the rule is made"


def test_the_rule_over_the_queues_notifies_the_engineer_on_call() -> None:
    (rule,) = deployed("Microsoft.Insights/metricAlerts")
    assert [one["actionGroupId"].rpartition("/")[2] for one in rule.properties["actions"]] == ["caleta-on-call"]


def test_rules_have_names_of_their_own() -> None:
    assert (
        len(RULES) == len(deployed("Microsoft.Insights/scheduledQueryRules")) == text("alerts.bicep").count("query: '")
    )


def test_a_query_that_is_not_understood_is_refused() -> None:
    for query in ("traces | top 5 by timestamp", "traces | where parse_json(message)", "traces | where a ~ b"):
        with pytest.raises(NotUnderstood):
            Query(query, NOW).run([{"message": ""}])
