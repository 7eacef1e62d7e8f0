"""What the runbooks tell an engineer to type is there."""

import re

from tests.architecture.alert_rules import log_alerts
from tests.architecture.bicep_snapshot import outputs, the_one
from tests.architecture.tree import ROOT

PLACEHOLDERS_OF_THE_READER = {"group", "who", "your address", "tag", "UTC", "key", "id", "who deploys"}


def text(name: str = "docs/runbooks.md") -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_name_in_angle_brackets_is_an_output_of_the_deployment() -> None:
    named = set(re.findall(r"<([A-Za-z ]+)>", text()))
    assert named - PLACEHOLDERS_OF_THE_READER <= outputs()


def test_every_alert_says_where_to_look_first() -> None:
    table = text().partition("## An alert came")[2]
    assert [name for name in (*log_alerts(), "queue-backlog") if name not in table] == []


def test_the_restored_database_has_the_name_that_the_template_gives() -> None:
    assert "--new-name costreview`" in text()
    assert the_one("Microsoft.Sql/servers/databases").name.endswith("/costreview")
