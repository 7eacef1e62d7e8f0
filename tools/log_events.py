"""`python -m tools.log_events`: writes docs/log-events.md from the table of events."""

from pathlib import Path

from shared.observability.event_texts import LOG_EVENTS

TARGET = Path(__file__).resolve().parents[1] / "docs" / "log-events.md"
INTRODUCTION = """# Log events

Made from `shared/observability/event_texts.py` by `python -m tools.log_events`; do not edit.

Each line is `event=<noun-verb> key=value …`. Lines about a scan's work also have `scan`, `step`, `collector` and
`attempt`, with `-` where one is unknown. A line that begins with `alert=` has a rule in `bicep/alerts.bicep`.

| event | logged when | what to do |
| --- | --- | --- |
"""


def document() -> str:
    """Return the page: one row for each event."""
    rows = (f"| `{event.name}` | {event.meaning} | {event.action} |" for event in LOG_EVENTS)
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
