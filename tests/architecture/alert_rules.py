"""The alerts of bicep/ as Azure Monitor evaluates them: rows in, whether it fires and notifies out.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.architecture.alert_queries import Query, Row
from tests.architecture.bicep_snapshot import Resource, deployed, the_one

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
OPERATORS: dict[str, Callable[[float, float], bool]] = {"GreaterThan": operator.gt, "LessThan": operator.lt}


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours and minutes."""
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


@dataclass(frozen=True)
class LogAlert:
    """A rule over logs."""

    resource: Resource

    @property
    def name(self) -> str:
        return str(self.resource.properties["displayName"])

    @property
    def query(self) -> str:
        return str(self._criterion["query"])

    @property
    def _criterion(self) -> dict[str, Any]:
        (only,) = self.resource.properties["criteria"]["allOf"]
        found: dict[str, Any] = only
        return found

    @property
    def frequency(self) -> timedelta:
        return duration(self.resource.properties["evaluationFrequency"])

    def fires(self, tables: dict[str, list[Row]], now: datetime) -> bool:
        """Whether it fires at this moment; `tables` has rows with a `timestamp`, by table."""
        assert self._criterion["timeAggregation"] == "Count"
        assert self._criterion["failingPeriods"] == {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1}
        query = Query(self.query, now)
        since = now - duration(self.resource.properties["windowSize"])
        seen = [row for row in tables.get(query.table, []) if since < row["timestamp"] <= now]
        return bool(OPERATORS[self._criterion["operator"]](len(query.run(seen)), self._criterion["threshold"]))

    def notifications(self, tables: dict[str, list[Row]], moments: Sequence[datetime]) -> list[datetime]:
        """When it notifies: of what resolves by itself only when it was not already firing."""
        sent, is_open = [], False
        for now in moments:
            fires = self.fires(tables, now)
            if fires and not (is_open and self.resource.properties["autoMitigate"]):
                sent.append(now)
            is_open = fires
        return sent


def log_alerts() -> dict[str, LogAlert]:
    """Every rule over logs, by its name."""
    rules = (LogAlert(one) for one in deployed("Microsoft.Insights/scheduledQueryRules"))
    return {rule.name: rule for rule in rules}


def backlog_fires(active: Mapping[str, Sequence[int]]) -> bool:
    """Whether the rule over Service Bus fires; `active`: messages waiting minute by minute, by queue."""
    (criterion,) = the_one("Microsoft.Insights/metricAlerts").properties["criteria"]["allOf"]
    assert (criterion["metricName"], criterion["timeAggregation"]) == ("ActiveMessages", "Minimum")
    names = [one["name"] for one in criterion.get("dimensions", []) if one["values"] == ["*"]]
    series = (
        list(active.values()) if names == ["EntityName"] else [[min(at) for at in zip(*active.values(), strict=True)]]
    )
    return any(OPERATORS[criterion["operator"]](min(values), criterion["threshold"]) for values in series)
