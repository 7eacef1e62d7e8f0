"""Draw metrics as charts: hourly averages and maxima and the 95th percentile, with gaps where there is no data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from shared.sql.collected.metric_series import MetricSeries

BYTE_UNITS = ("", "k", "M", "G", "T", "P")
COUNT_UNITS = ("", "k", "M", "bn")
HEIGHT = 100.0
"""Height of the drawing. Its width is the number of points; the page stretches it."""


@dataclass(frozen=True)
class MetricChart:
    """One series. Lines are points of SVG polylines; `top` is the value at the upper edge."""

    series: MetricSeries
    width: int
    averages: tuple[str, ...]
    maxima: tuple[str, ...]
    p95_height: float | None
    top: str
    average: str
    p95: str
    maximum: str
    label: str


@dataclass(frozen=True)
class ResourceCharts:
    """All charts of one resource."""

    resource_id: str
    charts: tuple[MetricChart, ...]

    @property
    def name(self) -> str:
        return self.resource_id.rsplit("/", 1)[-1]

    @property
    def subscription_id(self) -> str:
        return self.resource_id.split("/")[2]


def charts(series: Iterable[MetricSeries]) -> list[ResourceCharts]:
    """Group the charts by resource, in the given order."""
    return [
        ResourceCharts(resource_id, tuple(_chart(one) for one in own))
        for resource_id, own in groupby(series, lambda one: one.resource_id)
    ]


def _chart(series: MetricSeries) -> MetricChart:
    maximum = series.maximum
    top = 100.0 if series.unit == "Percent" and (maximum or 0) <= 100 else (maximum or 0) * 1.05 or 1.0
    values = [value for value, _ in series.points]
    tops = [highest for _, highest in series.points]
    shows_maxima = all(value is None or highest is None or highest >= value for value, highest in series.points)
    return MetricChart(
        series=series,
        width=max(1, len(series.points) - 1),
        averages=tuple(lines(values, top)),
        maxima=tuple(lines(tops, top)) if shows_maxima else (),
        p95_height=None if series.p95 is None else _y(series.p95, top),
        top=amount(top, series.unit),
        average=amount(series.average, series.unit),
        p95=amount(series.p95, series.unit),
        maximum=amount(maximum, series.unit),
        label=_label(series),
    )


def lines(values: Sequence[float | None], top: float) -> Iterator[str]:
    """Yield one polyline for each stretch without a gap; a single point becomes a short dash."""
    indexed = list(enumerate(values))
    for has_data, stretch in groupby(indexed, lambda pair: pair[1] is not None):
        if has_data:
            points = [f"{index},{_y(value or 0.0, top)}" for index, value in stretch]
            yield " ".join(points if len(points) > 1 else [*points, _dash(points[0])])


def amount(value: float | None, unit: str) -> str:
    """Return `12.3%` or `1.5 GB`; `no data` for None."""
    if value is None:
        return "no data"
    if unit == "Percent":
        return f"{value:.1f}%"
    base, names, suffix = (1024.0, BYTE_UNITS, "B") if unit == "Bytes" else (1000.0, COUNT_UNITS, "")
    power = 0
    while abs(value) >= base and power < len(names) - 1:
        value, power = value / base, power + 1
    return f"{value:.3g}\N{NO-BREAK SPACE}{names[power]}{suffix}".strip()


def _label(series: MetricSeries) -> str:
    if series.average is None:
        return f"{series.metric_name}: no data in {len(series.points)} hours. This does not mean zero."
    gap = f"; {series.missing} of {len(series.points)} hours have no data" if series.missing else ""
    return (
        f"{series.metric_name}: average {amount(series.average, series.unit)}, 95th percentile "
        f"{amount(series.p95, series.unit)}, maximum {amount(series.maximum, series.unit)}{gap}"
    )


def _y(value: float, top: float) -> float:
    return round(HEIGHT * (1 - min(1.0, max(0.0, value / top))), 2)


def _dash(point: str) -> str:
    x, y = point.split(",")
    return f"{float(x) + 0.5:g},{y}"
