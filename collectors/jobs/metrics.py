"""Read metrics of resources that a reviewer chose: one call per subscription, type and region.

https://learn.microsoft.com/rest/api/monitor/metrics/list-at-subscription-scope-post
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from collectors.jobs.lease import LEASE_SECONDS, JobLease, after_part
from shared.arm.endpoints import QUERY_METRICS
from shared.arm.metric_catalogue import METRICS, Metric, Statistic
from shared.arm.request import ArmRequest, Json
from shared.core.errors import CallNotAllowed, UnexpectedPayload
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.sql.collected.metric_series import MetricSeries, Point
from shared.wiring import Services

STEP = timedelta(hours=1)
RESOURCE_DIMENSION = "microsoft.resourceid"


class MetricsWork:
    """The parts are calls: {subscription, region, type, resources}."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:
        self.services = services
        self.scan = scan
        self.calls: list[dict[str, Any]] = job.parameters["calls"]
        self.starts_at = datetime.fromisoformat(job.parameters["from"])
        self.ends_at = datetime.fromisoformat(job.parameters["until"])
        self.store = services.metric_series

    def simpler_queries(self, part: int) -> int:  # noqa: ARG002 - none of its parts has one
        return 0

    def name_of(self, part: int) -> str:
        call = self.calls[part]
        return f"{call['type']} in {call['region']}"

    def read(self, lease: JobLease, position: JobCursor) -> None:
        """Make one call. Raises CallNotAllowed for a resource that the scan has not found."""
        call = self.calls[position.part]
        self._check_found(call["resources"])
        request = request_of(call, self.starts_at, self.ends_at)
        page = self.services.paced_arm.send(request, lease.caller, through=self.services.on_demand_arm)
        series = [*series_of(call, page.payload, self.starts_at, self.ends_at)]
        following = after_part(position, len(series))
        lease.job = self.store.add(lease.job, following, series, lease.now(), LEASE_SECONDS)
        lease.faults = 0

    def _check_found(self, resource_ids: list[str]) -> None:
        inventory = self.services.inventory_pages
        found = inventory.named(self.scan.key, resource_ids)
        if {resource.resource_id for resource in found} != set(resource_ids):
            raise CallNotAllowed("metrics were requested for a resource that is not in this scan")

    def end(self, lease: JobLease, position: JobCursor) -> str:  # noqa: ARG002 - the protocol's signature
        resources = sum(len(call["resources"]) for call in self.calls)
        noun = "resource" if resources == 1 else "resources"
        failed = len(self.calls) - position.good
        summary = f"{position.rows:,} series of {resources:,} {noun}."
        return f"{summary} {failed} of {len(self.calls)} requests failed." if failed else summary


def request_of(call: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> ArmRequest:
    """Return the request; `filter` names each resource, so that no other is read."""
    metrics = METRICS[call["type"]]
    body = {
        "metricNamespace": call["type"],
        "metricNames": ",".join(metric.name for metric in metrics),
        "aggregation": "average,total,maximum",
        "interval": "PT1H",
        "timespan": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}/{ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "filter": " or ".join(f"Microsoft.ResourceId eq '{resource}'" for resource in call["resources"]),
        "top": len(call["resources"]),
        "autoAdjustTimegrain": False,
        "validateDimensions": False,
    }
    return ArmRequest(QUERY_METRICS, call["subscription"], {"region": call["region"]}, body)


def series_of(call: Mapping[str, Any], payload: Json, starts_at: datetime, ends_at: datetime) -> Iterator[MetricSeries]:
    """Yield a series for each chosen resource and metric; without values where Azure returned none."""
    answered = _answered(payload)
    steps = int((ends_at - starts_at) / STEP)
    for resource in call["resources"]:
        for metric in METRICS[call["type"]]:
            unit, by_resource = answered.get(metric.name.lower(), ("", {}))
            points = _points(by_resource.get(resource, ()), metric, starts_at, steps)
            yield MetricSeries(resource, metric.name, unit, starts_at, int(STEP.total_seconds()), points)
    strangers = {each for _, by_resource in answered.values() for each in by_resource} - set(call["resources"])
    if strangers:
        raise UnexpectedPayload("the response holds metrics of a resource that was not requested")


def _answered(payload: Json) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return unit and data by resource, for each metric name."""
    values = payload.get("value") if isinstance(payload, dict) else None
    if not isinstance(values, list):
        raise UnexpectedPayload("the metrics response has no values")
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for value in values:
        name = value.get("name", {}).get("value") if isinstance(value, dict) else None
        series = value.get("timeseries") if isinstance(value, dict) else None
        if not isinstance(name, str) or not isinstance(series, list):
            raise UnexpectedPayload("a metric has no name or no series")
        found[name.lower()] = (str(value.get("unit") or ""), dict(map(_one_series, series)))
    return found


def _one_series(series: Json) -> tuple[str, Any]:
    named = series.get("metadatavalues") if isinstance(series, dict) else None
    data = series.get("data") if isinstance(series, dict) else None
    for each in named if isinstance(named, list) else ():
        if str(each.get("name", {}).get("value")).lower() == RESOURCE_DIMENSION and isinstance(data, list):
            return str(each.get("value")).lower(), data
    raise UnexpectedPayload("a metric series names no resource")


def _points(data: Iterable[Json], metric: Metric, starts_at: datetime, steps: int) -> tuple[Point, ...]:
    points: list[Point] = [(None, None)] * steps
    for point in data:
        at = _moment(point.get("timeStamp") if isinstance(point, dict) else None)
        step = (at - starts_at) // STEP
        if 0 <= step < steps:
            top = _number(point.get("maximum")) if metric.statistic is Statistic.AVERAGE else None
            points[step] = (_number(point.get(metric.statistic.value)), top)
    return tuple(points)


def _moment(text: Json) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise UnexpectedPayload("a metric's time cannot be read") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(value: Json) -> float | None:
    """Return the value, or None if there is none. A missing value never becomes zero."""
    if value is None:
        return None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return float(value)
    raise UnexpectedPayload("a metric's value is no number")
