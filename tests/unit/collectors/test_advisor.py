"""Advisor: amounts where they can be read, marks where a recommendation was dismissed."""

from decimal import Decimal
from typing import Any

import pytest

from collectors.advisor import COLLECTOR, COLUMNS
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from tests.support.arm_replay import CONTEXT, SUBSCRIPTION

RESOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG/providers/Microsoft.Compute/disks/D"
EXTENDED = {
    "savingsAmount": "47",
    "annualSavingsAmount": "575",
    "savingsCurrency": "USD",
    "term": "P1Y",
    "lookbackPeriod": "60",
    "scope": "Single",
}
PROPERTIES: dict[str, Json] = {
    "category": "Cost",
    "impact": "High",
    "impactedField": "MICROSOFT.COMPUTE/DISKS",
    "impactedValue": "D",
    "lastUpdated": "2023-07-27T07:49:17.918645Z",
    "recommendationTypeId": "84b1a508-fc21-49da-979e-96894f1665df",
    "shortDescription": {"problem": "p", "solution": "s"},
    "extendedProperties": EXTENDED,
    "resourceMetadata": {"resourceId": RESOURCE},
}


def _read(*changes: dict[str, Json]) -> list[dict[str, Any]]:
    value = [
        {"id": f"{RESOURCE}/providers/Microsoft.Advisor/recommendations/1", "properties": {**PROPERTIES, **changed}}
        for changed in changes
    ]
    return [dict(zip(COLUMNS, row, strict=True)) for row in COLLECTOR.rows(CONTEXT, {"value": value}, True)]


def test_a_recommendation_becomes_a_row() -> None:
    (row,) = _read({})
    assert row["resource_id"] == RESOURCE.lower()
    assert (row["monthly_savings"], row["annual_savings"]) == (Decimal(47), Decimal(575))
    assert (row["savings_currency"], row["term"], row["look_back_days"]) == ("USD", "P1Y", 60)
    assert (row["benefit_scope"], row["is_suppressed"]) == ("Single", False)


@pytest.mark.parametrize("written", [None, "", "n/a", "1,234.5", "NaN", "Infinity", "1e99", [], True])
def test_an_amount_that_cannot_be_read_is_none(written: Json) -> None:
    (row,) = _read({"extendedProperties": {**EXTENDED, "savingsAmount": written}})
    assert row["monthly_savings"] is None
    assert row["annual_savings"] == Decimal(575)


@pytest.mark.parametrize("extended", [None, {}, "x", {"_skuToken": "ManagedDiskS4", "_meterIdToken": ""}])
def test_extended_properties_may_be_absent_or_hold_internal_keys_only(extended: Json) -> None:
    (row,) = _read({"extendedProperties": extended})
    assert row["monthly_savings"] is None
    assert row["savings_currency"] is None


@pytest.mark.parametrize(("suppressed", "expected"), [([], False), (None, False), (["id"], True)])
def test_a_dismissed_recommendation_is_marked(suppressed: Json, expected: bool) -> None:
    (row,) = _read({"suppressionIds": suppressed})
    assert row["is_suppressed"] is expected


@pytest.mark.parametrize(
    ("status", "is_closed"),
    [("New", False), ("InProgress", False), ("Completed", True), ("Postponed", True), ("Dismissed", True)],
)
@pytest.mark.parametrize("suppressed", [None, ["id"]])
def test_the_status_decides_whether_advice_is_open(status: str, is_closed: bool, suppressed: Json) -> None:
    (row,) = _read({"recommendationStatus": status, "suppressionIds": suppressed})
    assert row["is_suppressed"] is is_closed


def test_advice_for_a_service_group_repeats_that_for_its_resources() -> None:
    assert _read({"serviceGroupId": "/providers/Microsoft.Management/serviceGroups/shop"}) == []


def test_other_categories_are_passed_over() -> None:
    rows = _read({"category": "Security"}, {"category": "cost"}, {"category": "HighAvailability"})
    assert len(rows) == 1


def test_without_metadata_the_resource_is_read_from_the_recommendations_own_id() -> None:
    (row,) = _read({"resourceMetadata": None})
    assert row["resource_id"] == RESOURCE.lower()


@pytest.mark.parametrize("category", [None, 3, {}])
def test_a_recommendation_without_a_category_is_refused(category: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _read({"category": category})


def test_only_cost_is_asked_for() -> None:
    (request,) = COLLECTOR.requests(CONTEXT)
    assert request.query["$filter"] == "Category eq 'Cost'"
