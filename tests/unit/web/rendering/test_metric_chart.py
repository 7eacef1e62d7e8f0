from datetime import UTC, datetime

import pytest

from shared.sql.collected.metric_series import MetricSeries, Point
from web.rendering.metric_chart import amount, charts, lines

START = datetime(2026, 11, 22, tzinfo=UTC)


def series(*points: Point, unit: str = "Percent") -> MetricSeries:
    resource_id = "/subscriptions/s/resourcegroups/g/providers/p/t/one"
    return MetricSeries(resource_id, "Percentage CPU", unit, START, 3600, points)


def test_a_gap_breaks_the_line_and_a_lonely_point_is_a_dash() -> None:
    assert [*lines([0.0, 50.0, None, None, 100.0, None], 100)] == ["0,100.0 1,50.0", "4,0.0 4.5,0.0"]


def test_a_series_without_values_has_no_line_and_says_that_it_is_no_zero() -> None:
    ((chart,),) = [one.charts for one in charts([series((None, None), (None, None))])]
    assert (chart.averages, chart.p95_height, chart.average) == ((), None, "no data")
    assert "does not mean zero" in chart.label


def test_a_series_of_zeros_is_drawn_at_the_bottom() -> None:
    ((chart,),) = [one.charts for one in charts([series((0.0, 0.0), (0.0, 0.0))])]
    assert chart.averages == ("0,100.0 1,100.0",)
    assert chart.average == "0.0%"


def test_charts_are_by_resource_with_what_they_say_in_words() -> None:
    (resource,) = charts([series((10.0, 20.0), (None, None)), series((1.0, 2.0))])
    assert (resource.name, resource.subscription_id, len(resource.charts)) == ("one", "s", 2)
    assert "1 of 2 hours have no data" in resource.charts[0].label


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "Bytes", "no data"),
        (0.0, "Bytes", "0\N{NO-BREAK SPACE}B"),
        (1536.0, "Bytes", "1.5\N{NO-BREAK SPACE}kB"),
        (3 * 1024.0**3, "Bytes", "3\N{NO-BREAK SPACE}GB"),
        (1500.0, "Count", "1.5\N{NO-BREAK SPACE}k"),
        (12.34, "Percent", "12.3%"),
    ],
)
def test_amounts_are_written_with_their_unit(value: float | None, unit: str, words: str) -> None:
    assert amount(value, unit) == words
