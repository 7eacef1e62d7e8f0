"""What an operator may ask Cost Management, and what is refused before Azure would refuse it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from shared.core.cost_query import MAX_VALUES, CostQuery

QUESTION = CostQuery("AmortizedCost", "Daily", date(2026, 1, 1), date(2026, 2, 1), ("ServiceName",))


def test_it_is_asked_in_azures_form() -> None:
    narrowed = replace(QUESTION, only="ResourceGroupName", values=("rg-a", "rg-b"))
    assert narrowed.validation_error() is None
    assert narrowed.body() == {
        "type": "AmortizedCost",
        "timeframe": "Custom",
        "timePeriod": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-28T23:59:59Z"},
        "dataset": {
            "granularity": "Daily",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": "ServiceName"}],
            "filter": {"dimensions": {"name": "ResourceGroupName", "operator": "In", "values": ["rg-a", "rg-b"]}},
        },
    }


def test_without_a_filter_none_is_sent() -> None:
    assert "filter" not in QUESTION.body()["dataset"]


def test_a_job_keeps_it_whole() -> None:
    narrowed = replace(QUESTION, only="Meter", values=("a",))
    assert CostQuery.from_parameters(json.loads(json.dumps(narrowed.to_parameters()))) == narrowed


def test_a_job_of_before_there_was_a_choice_had_actual_costs_of_everything() -> None:
    kept = {"first": "2026-01-01", "last": "2026-03-01", "granularity": "Monthly", "group_by": ["Meter"]}
    assert CostQuery.from_parameters(kept) == CostQuery(
        "ActualCost", "Monthly", date(2026, 1, 1), date(2026, 3, 1), ("Meter",)
    )


def test_its_title_says_all_of_it() -> None:
    narrowed = replace(QUESTION, only="Meter", values=("P30", "P40"))
    assert narrowed.title == "Costs by service, amortized, by day, Jan 2026 to Feb 2026, only meter P30 or P40"
    plain = CostQuery("ActualCost", "None", date(2026, 1, 1), date(2026, 1, 1))
    assert plain.title == "Costs by no dimension, the whole period, Jan 2026"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(QUESTION, cost_type="Forecast"), "from the lists"),
        (replace(QUESTION, granularity="Hourly"), "from the lists"),
        (replace(QUESTION, group_by=("Secret",)), "Choose the groupings"),
        (replace(QUESTION, group_by=("Meter", "Meter")), "at most once"),
        (replace(QUESTION, group_by=("Meter", "ServiceName", "ChargeType")), "at most 2 dimensions"),
        (replace(QUESTION, last=date(2025, 12, 1)), "before the first"),
        (replace(QUESTION, last=date(2026, 4, 1)), "by day can cover at most 3 months"),
        (replace(QUESTION, granularity="Monthly", last=date(2027, 1, 1)), "at most 12 months"),
        (replace(QUESTION, only="Secret", values=("a",)), "Choose the filter dimension"),
        (replace(QUESTION, only="Meter"), "leave both empty"),
        (replace(QUESTION, values=("a",)), "leave both empty"),
        (replace(QUESTION, only="Meter", values=tuple(map(str, range(MAX_VALUES + 1)))), "at most 20 values"),
        (replace(QUESTION, only="Meter", values=("x" * 501,)), "500 characters"),
    ],
)
def test_what_azure_would_refuse_is_refused_in_a_sentence(wrong: CostQuery, words: str) -> None:
    validation_error = wrong.validation_error()
    assert validation_error is not None
    assert words in validation_error
    assert validation_error.endswith(".")


def test_a_year_by_month_and_a_quarter_by_day_may_be_asked_for() -> None:
    assert replace(QUESTION, last=date(2026, 3, 1)).validation_error() is None
    assert replace(QUESTION, granularity="Monthly", last=date(2026, 12, 1)).validation_error() is None
