"""The allow-list: every call to Azure Resource Manager that the app can make.

The client refuses any other call before a byte is sent, and the permissions page is
rendered from the same table.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ARM_SCOPE = "https://management.azure.com/user_impersonation"
"""The only delegated permission that the app requests."""


class Paging(StrEnum):
    """How the next page is requested."""

    NONE = "none"
    NEXT_LINK_GET = "next_link_get"
    NEXT_LINK_POST = "next_link_post"
    SKIP_TOKEN_BODY = "skip_token_body"  # noqa: S105 - a way of paging, no secret


class QuotaClass(StrEnum):
    """The quota that a call uses."""

    ARM_READS = "Azure Resource Manager"
    COST_MANAGEMENT = "Cost Management"
    RESOURCE_GRAPH = "Resource Graph"


@dataclass(frozen=True)
class Endpoint:
    """One kind of call. `path` contains {subscription_id} in place of the subscription.

    `role` is the Azure role that allows it, shown if Azure refuses. An `on_demand` endpoint is
    never called by a scan, only by a reviewer's request within the review window.
    """

    name: str
    method: str
    path: str
    api_version: str
    paging: Paging
    quota: QuotaClass
    role: str
    purpose: str
    documentation: str
    on_demand: bool = False

    def path_pattern(self) -> re.Pattern[str]:
        """Return a pattern of this endpoint's paths in any casing: Azure changes it in next links."""
        parts = re.split(r"\{[a-z_]+\}", self.path)
        return re.compile("[0-9a-f-]{36}".join(map(re.escape, parts)), re.IGNORECASE)


LIST_SUBSCRIPTIONS = Endpoint(
    "list_subscriptions",
    "GET",
    "/subscriptions",
    "2022-12-01",
    Paging.NEXT_LINK_GET,
    QuotaClass.ARM_READS,
    "Reader",
    "Which subscriptions of your tenant the signed-in user can see",
    "https://learn.microsoft.com/rest/api/resources/subscriptions/list",
)
QUERY_COSTS = Endpoint(
    "query_costs",
    "POST",
    "/subscriptions/{subscription_id}/providers/Microsoft.CostManagement/query",
    "2025-03-01",
    Paging.NEXT_LINK_POST,
    QuotaClass.COST_MANAGEMENT,
    "Cost Management Reader",
    "Cost by resource, service, meter and month",
    "https://learn.microsoft.com/rest/api/cost-management/query/usage",
)
QUERY_RESOURCES = Endpoint(
    "query_resources",
    "POST",
    "/providers/Microsoft.ResourceGraph/resources",
    "2024-04-01",
    Paging.SKIP_TOKEN_BODY,
    QuotaClass.RESOURCE_GRAPH,
    "Reader",
    "Inventory: names, types, locations, tags, SKUs and listed properties",
    "https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources",
)
LIST_RECOMMENDATIONS = Endpoint(
    "list_recommendations",
    "GET",
    "/subscriptions/{subscription_id}/providers/Microsoft.Advisor/recommendations",
    "2023-01-01",
    Paging.NEXT_LINK_GET,
    QuotaClass.ARM_READS,
    "Reader",
    "Cost recommendations that Advisor has already made",
    "https://learn.microsoft.com/rest/api/advisor/recommendations/list",
)
LIST_RESERVATION_RECOMMENDATIONS = Endpoint(
    "list_reservation_recommendations",
    "GET",
    "/subscriptions/{subscription_id}/providers/Microsoft.Consumption/reservationRecommendations",
    "2024-08-01",
    Paging.NEXT_LINK_GET,
    QuotaClass.ARM_READS,
    "Cost Management Reader",
    "Where Azure estimates that reservations would save money",
    "https://learn.microsoft.com/rest/api/consumption/reservation-recommendations/list",
)
LIST_BENEFIT_RECOMMENDATIONS = Endpoint(
    "list_benefit_recommendations",
    "GET",
    "/subscriptions/{subscription_id}/providers/Microsoft.CostManagement/benefitRecommendations",
    "2025-03-01",
    Paging.NEXT_LINK_GET,
    QuotaClass.ARM_READS,
    "Cost Management Reader",
    "Where Azure estimates that savings plans would save money",
    "https://learn.microsoft.com/rest/api/cost-management/benefit-recommendations/list",
)

QUERY_METRICS = Endpoint(
    "query_metrics",
    "POST",
    "/subscriptions/{subscription_id}/providers/Microsoft.Insights/metrics",
    "2024-02-01",
    Paging.NONE,
    QuotaClass.ARM_READS,
    "Reader",
    "CPU, memory, network and storage metrics of single resources, only when a reviewer asks for them while the "
    "review window is open",
    "https://learn.microsoft.com/rest/api/monitor/metrics/list-at-subscription-scope-post",
    on_demand=True,
)

ENDPOINTS = (
    LIST_SUBSCRIPTIONS,
    QUERY_COSTS,
    QUERY_RESOURCES,
    LIST_RECOMMENDATIONS,
    LIST_RESERVATION_RECOMMENDATIONS,
    LIST_BENEFIT_RECOMMENDATIONS,
    QUERY_METRICS,
)
