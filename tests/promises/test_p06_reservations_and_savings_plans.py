"""P06: Azure's own estimates of where reservations and savings plans would save money: read, told apart, never added
up, and nothing is ever bought."""

import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors import reservations, savings_plans
from collectors.base import Collector
from shared.arm.allow_list import check
from shared.arm.catalogue import RESERVATIONS, SAVINGS_PLANS
from shared.arm.endpoints import ENDPOINTS, LIST_BENEFIT_RECOMMENDATIONS, LIST_RESERVATION_RECOMMENDATIONS
from shared.core.errors import CallNotAllowed
from tests.conformance.collector_samples import SAMPLES
from tests.support.arm_replay import ARM, CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.browsing import Visit
from web.privacy.permissions import permissions

DOCUMENTED_TYPES = {
    *("VirtualMachines", "SQLDatabases", "PostgreSQL", "ManagedDisk", "MySQL", "RedHat", "MariaDB", "RedisCache"),
    *("CosmosDB", "SqlDataWarehouse", "SUSELinux", "AppService", "BlockBlob", "AzureDataExplorer"),
    "VMwareCloudSimple",
}
"""https://learn.microsoft.com/rest/api/consumption/reservation-recommendations/list"""

NEVER = (
    "/providers/Microsoft.Capacity/calculatePrice",
    "/providers/Microsoft.Capacity/reservationOrders",
    f"/providers/Microsoft.Capacity/reservationOrders/{SUBSCRIPTION}",
    f"/providers/Microsoft.Capacity/reservationOrders/{SUBSCRIPTION}/return",
    "/providers/Microsoft.BillingBenefits/savingsPlanOrders",
    f"/providers/Microsoft.BillingBenefits/savingsPlanOrderAliases/{SUBSCRIPTION}",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Consumption/reservationDetails",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Consumption/reservationSummaries",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CostManagement/benefitUtilizationSummaries",
)
BOTH = (reservations.COLLECTOR, savings_plans.COLLECTOR)


def filters(collector: Collector) -> list[dict[str, str]]:
    """What each call that leaves is narrowed to."""
    calls = collector.requests(CONTEXT)
    wire = Wire(*[Reply(204) for _ in calls])
    for call in calls:
        client(wire).send(call, Tokens())
    assert {(sent.method, sent.body) for sent in wire.sent} == {("GET", None)}
    texts = [parse_qs(urlsplit(sent.url or "").query)["$filter"][0] for sent in wire.sent]
    return [dict(re.findall(r"properties/(\w+) eq '(\w+)'", text)) for text in texts]


def test_reservations_are_read_of_every_type_for_one_subscription_and_shared() -> None:
    asked = [(each["resourceType"], each["scope"]) for each in filters(reservations.COLLECTOR)]
    assert Counter(asked) == Counter((kind, scope) for kind in DOCUMENTED_TYPES for scope in ("Single", "Shared"))
    assert {each["lookBackPeriod"] for each in filters(reservations.COLLECTOR)} == {"Last30Days"}


def test_savings_plans_are_read_for_both_terms_for_one_subscription_and_shared() -> None:
    asked = [(each["term"], each["scope"]) for each in filters(savings_plans.COLLECTOR)]
    assert Counter(asked) == Counter((term, scope) for term in ("P1Y", "P3Y") for scope in ("Single", "Shared"))
    assert {each["lookBackPeriod"] for each in filters(savings_plans.COLLECTOR)} == {"Last30Days"}


@pytest.mark.parametrize("collector", BOTH, ids=lambda each: each.name)
def test_no_usage_detail_of_the_customer_is_asked_for_besides(collector: Collector) -> None:
    assert not [call for call in collector.requests(CONTEXT) if "$expand" in (call.query or {})]


@pytest.mark.parametrize("collector", BOTH, ids=lambda each: each.name)
def test_each_alternative_is_kept_by_its_term_and_scope_and_none_is_added_up(collector: Collector) -> None:
    payload = SAMPLES[collector.name]
    rows = [dict(zip(collector.columns, row, strict=True)) for row in collector.rows(CONTEXT, payload, True)]
    given = [item["properties"] for item in payload["value"]]
    assert [(row["term"], row["benefit_scope"]) for row in rows] == [(each["term"], each["scope"]) for each in given]
    assert all(row["net_savings"] is not None for row in rows)


@pytest.mark.parametrize("collector", BOTH, ids=lambda each: each.name)
def test_nothing_to_recommend_is_no_row_and_no_error(collector: Collector) -> None:
    assert list(collector.rows(CONTEXT, {"value": []}, True)) == []


@pytest.mark.parametrize("path", NEVER)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_bought_returned_or_read_of_what_was(path: str, method: str) -> None:
    for version in ("2022-11-01", "2024-08-01", "2025-03-01"):
        with pytest.raises(CallNotAllowed):
            check(ARM, method, f"{ARM}{path}?api-version={version}", SUBSCRIPTION)


def test_both_endpoints_are_lists_that_need_no_more_than_a_readers_role() -> None:
    found = [one for one in ENDPOINTS if re.search(r"(?i)reservation|benefit|savings", one.path)]
    assert found == [LIST_RESERVATION_RECOMMENDATIONS, LIST_BENEFIT_RECOMMENDATIONS]
    assert {(one.method, one.role) for one in found} == {("GET", "Cost Management Reader")}


def test_the_page_says_so(visit_of_a_customer: Visit) -> None:
    page = visit_of_a_customer.ask(permissions).body.decode().replace("&#39;", "'")
    assert RESERVATIONS.reads in page
    assert SAVINGS_PLANS.reads in page
