"""Collect Azure's savings plan recommendations for one subscription.

https://learn.microsoft.com/rest/api/cost-management/benefit-recommendations/list

One and three years, Single and Shared are alternatives, and they overlap with
reservations: nothing is summed here.
"""

from collections.abc import Iterator, Mapping

from collectors.base import Collector, Row, StepContext
from collectors.payloads import currency, days, items, lenient_amount, member, text
from shared.arm.catalogue import SAVINGS_PLANS
from shared.arm.request import ArmRequest, Json
from shared.core.errors import UnexpectedPayload

TERMS = {"P1Y": "one year", "P3Y": "three years"}
SCOPES = ("Single", "Shared")
LOOK_BACK = "Last30Days"
LOOK_BACK_WORDS = "last 30 days"
KIND = "savingsplan"

COLUMNS = (
    "sub_account_id",
    "benefit_scope",
    "term",
    "look_back_days",
    "sku_name",
    "hourly_commitment",
    "cost_without_benefit",
    "cost_with_benefit",
    "net_savings",
    "average_utilization_percent",
    "coverage_percent",
    "currency",
)


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return one request per term and scope."""
    return tuple(_request(context, term, scope) for term in TERMS for scope in SCOPES)


def _request(context: StepContext, term: str, scope: str) -> ArmRequest:
    wanted = (
        f"properties/scope eq '{scope}' and properties/term eq '{term}' and properties/lookBackPeriod eq '{LOOK_BACK}'"
    )
    title = f"{TERMS[term]}, {scope.lower()} scope, {LOOK_BACK_WORDS}"
    return ArmRequest(SAVINGS_PLANS.endpoint, context.subscription_id, {"$filter": wanted}, title=title)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterator[Row]:
    """Yield one row per savings plan; other kinds of benefit are skipped, and None (204) gives no rows."""
    for item in items(payload, "benefit recommendations"):
        kind, properties = item.get("kind"), member(item, "properties")
        if not isinstance(kind, str) or not properties:
            raise UnexpectedPayload("a benefit recommendation has no kind or no properties")
        if kind.lower() == KIND:
            yield _row(context, properties)


def _row(context: StepContext, properties: Mapping[str, Json]) -> Row:
    details = member(properties, "recommendationDetails")
    if not details:
        raise UnexpectedPayload("a savings plan recommendation has no details")
    return (
        context.subscription_id,
        text(properties.get("scope"), 40),
        text(properties.get("term"), 10),
        days(properties.get("lookBackPeriod")),
        text(properties.get("armSkuName"), 120),
        lenient_amount(details.get("commitmentAmount")),
        lenient_amount(properties.get("costWithoutBenefit")),
        lenient_amount(details.get("totalCost")),
        lenient_amount(details.get("savingsAmount")),
        lenient_amount(details.get("averageUtilizationPercentage")),
        lenient_amount(details.get("coveragePercentage")),
        currency(properties.get("currencyCode")),
    )


COLLECTOR = Collector(
    kind=SAVINGS_PLANS,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
)
