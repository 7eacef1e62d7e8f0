"""Collect the cost recommendations that Advisor already has for one subscription.

https://learn.microsoft.com/rest/api/advisor/recommendations/list

Several items are alternatives for one saving (look-back of 7, 30 or 60 days; one or three
years): they are stored as they are and never summed here.
"""

from collections.abc import Iterator, Mapping

from collectors.base import Collector, Row, StepContext
from collectors.payloads import compact, currency, days, items, lenient_amount, member, text
from collectors.scrubbing import scrub, scrubbed_page
from shared.arm.catalogue import ADVISOR
from shared.arm.request import ArmPage, ArmRequest, Json
from shared.core.errors import UnexpectedPayload

CLOSED = ("completed", "dismissed", "postponed")
"""The values of recommendationStatus, in lower case, of advice that is not open; New and InProgress are."""

COLUMNS = (
    "sub_account_id",
    "recommendation_id",
    "recommendation_type_id",
    "resource_id",
    "impact",
    "impacted_field",
    "impacted_value",
    "problem",
    "solution",
    "monthly_savings",
    "annual_savings",
    "savings_currency",
    "term",
    "look_back_days",
    "benefit_scope",
    "is_suppressed",
    "last_updated",
    "extended_properties_json",
)


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return one request: the recommendations of category Cost."""
    return (ArmRequest(ADVISOR.endpoint, context.subscription_id, {"$filter": "Category eq 'Cost'", "$top": "1000"}),)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterator[Row]:
    """Yield one row per cost recommendation; other categories are skipped, and None (204) gives no rows.

    Those done, dismissed or postponed are stored and marked. Advice for a service group is skipped: it
    repeats that for the group's resources. Missing or unreadable amounts are None.
    """
    for item in items(payload, "recommendations"):
        properties = member(item, "properties")
        category = properties.get("category")
        if not isinstance(category, str):
            raise UnexpectedPayload("a recommendation has no category")
        if category.lower() == "cost" and not (properties.get("serviceGroupId") or item.get("serviceGroupId")):
            yield _row(context, item, properties)


def _row(context: StepContext, item: Mapping[str, Json], properties: Mapping[str, Json]) -> Row:
    recommendation_id = text(item.get("id"), 1024)
    if recommendation_id is None:
        raise UnexpectedPayload("a recommendation has no id")
    extended, description = member(properties, "extendedProperties"), member(properties, "shortDescription")
    resource_id = text(member(properties, "resourceMetadata").get("resourceId"), 1024)
    return (
        context.subscription_id,
        recommendation_id.lower(),
        text(properties.get("recommendationTypeId"), 60),
        resource_id.lower() if resource_id else _impacted(recommendation_id),
        text(properties.get("impact"), 20),
        text(properties.get("impactedField"), 200),
        text(properties.get("impactedValue"), 260),
        text(description.get("problem"), 1000),
        text(description.get("solution"), 1000),
        lenient_amount(extended.get("savingsAmount")),
        lenient_amount(extended.get("annualSavingsAmount")),
        currency(extended.get("savingsCurrency")),
        text(extended.get("term"), 40),
        days(extended.get("lookbackPeriod")),
        text(extended.get("scope"), 40),
        _is_closed(item, properties),
        text(properties.get("lastUpdated"), 40),
        compact(scrub(extended)) if extended else None,
    )


def _is_closed(item: Mapping[str, Json], properties: Mapping[str, Json]) -> bool:
    """Return whether it was done, dismissed or postponed. The status decides; older answers have suppressions only."""
    status = properties.get("recommendationStatus") or item.get("recommendationStatus")
    if isinstance(status, str):
        return status.lower() in CLOSED
    return bool(properties.get("suppressionIds"))


def _impacted(recommendation_id: str) -> str | None:
    """Return the resource from the recommendation's id, for metadata that names none."""
    resource, found, _ = recommendation_id.lower().rpartition("/providers/microsoft.advisor/recommendations/")
    return resource or None if found else None


def storable(page: ArmPage) -> ArmPage:
    """Return the page with its texts scrubbed and without recommendations of other categories."""
    return scrubbed_page(page, lambda payload: scrub(_of_costs(payload)))


def _of_costs(payload: Json) -> Json:
    found = payload.get("value") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(found, list):
        return payload
    return {**payload, "value": [item for item in found if not _is_of_another_category(item)]}


def _is_of_another_category(item: Json) -> bool:
    properties = item.get("properties") if isinstance(item, dict) else None
    category = properties.get("category") if isinstance(properties, dict) else None
    return isinstance(category, str) and category.lower() != "cost"


COLLECTOR = Collector(
    kind=ADVISOR,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
    storable=storable,
)
