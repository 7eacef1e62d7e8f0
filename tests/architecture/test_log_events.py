"""Every log line is an event of one table, and the documentation is made of it."""

import ast
import re

from shared.observability.event_texts import LOG_EVENTS
from shared.observability.events import Event
from tests.architecture.tree import Module, shipped
from tools.log_events import TARGET, document

LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
COMPOSED = re.compile(r'Event\(f"(\w+)-\{[\w.]+\}"\)')


def _logs_past_the_table(module: Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_METHODS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "logger", "logging")
    ]


def test_only_one_function_writes_to_the_log() -> None:
    found = {module.name: lines for module in shipped() if (lines := _logs_past_the_table(module))}
    assert set(found) == {"shared.observability.work_log"}


def test_every_event_has_a_meaning_and_an_action() -> None:
    assert [event.name for event in LOG_EVENTS] == [event.value for event in Event]
    assert all(event.meaning and event.action.endswith(".") for event in LOG_EVENTS)


def test_every_event_is_logged_somewhere() -> None:
    callers = [module for module in shipped() if not module.name.startswith("shared.observability.event")]
    source = "\n".join(module.path.read_text(encoding="utf-8") for module in callers)
    composed = set(COMPOSED.findall(source))
    never = [e for e in Event if f"Event.{e.name}" not in source and e.value.partition("-")[0] not in composed]
    assert never == []


def test_a_name_is_a_noun_and_a_verb() -> None:
    assert [event for event in Event if not re.fullmatch(r"[a-z]+(-[a-z]+)+", event.value)] == []


def test_the_documentation_is_made_of_the_table() -> None:
    assert TARGET.read_text(encoding="utf-8") == document(), "run: python -m tools.log_events"
