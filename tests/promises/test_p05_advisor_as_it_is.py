"""P05: of Advisor, the cost recommendations that it has already made; it is never asked to compute, and nothing else
of it is read."""

import copy
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.advisor import COLLECTOR
from shared.arm.allow_list import check
from shared.arm.catalogue import ADVISOR
from shared.arm.endpoints import ENDPOINTS, LIST_RECOMMENDATIONS
from shared.arm.kql.query import rejection_reason
from shared.arm.request import ArmPage
from shared.core.errors import CallNotAllowed
from tests.architecture.tree import shipped
from tests.conformance.collector_samples import SAMPLES
from tests.support.arm_replay import ARM, CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.browsing import Visit
from web.privacy.permissions import permissions

PROVIDER = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Advisor"
OTHERS = (
    f"{PROVIDER}/generateRecommendations",
    f"{PROVIDER}/generateRecommendations/{SUBSCRIPTION}",
    f"{PROVIDER}/suppressions",
    f"{PROVIDER}/configurations",
    f"{PROVIDER}/metadata",
    f"{PROVIDER}/advisorScore",
    f"{PROVIDER}/recommendations/{SUBSCRIPTION}/suppressions/later",
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Advisor/recommendations",
    "/providers/Microsoft.Advisor/metadata",
)
VERSIONS = ("2020-01-01", "2023-01-01", "2025-01-01")


def other_category(category: str) -> dict[str, Any]:
    """A recommendation that is none of costs, with a text that must not be kept."""
    item: dict[str, Any] = copy.deepcopy(SAMPLES["advisor"]["value"][0])
    item["properties"] |= {"category": category, "shortDescription": {"problem": "An open port", "solution": "Close"}}
    return item


def test_a_scan_sends_one_get_of_what_there_is_narrowed_to_costs() -> None:
    wire = Wire(Reply(body={"value": []}))
    for request in COLLECTOR.requests(CONTEXT):
        client(wire).send(request, Tokens())
    (sent,) = wire.sent
    url = urlsplit(sent.url or "")
    assert (sent.method, sent.body) == ("GET", None)
    assert url.path == f"{PROVIDER}/recommendations"
    assert parse_qs(url.query)["$filter"] == ["Category eq 'Cost'"]


def test_the_next_pages_are_gets_of_the_same_list_too() -> None:
    link = f"{ARM}{PROVIDER}/recommendations?api-version=2023-01-01&$skiptoken=x"
    wire = Wire(Reply(body={"value": [], "nextLink": link}), Reply(body={"value": []}))
    (request,) = COLLECTOR.requests(CONTEXT)
    page = client(wire).send(request, Tokens())
    client(wire).send(request, Tokens(), page.next_cursor)
    assert [sent.method for sent in wire.sent] == ["GET", "GET"]
    assert wire.sent[1].url == link


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nothing_else_of_advisor_can_be_called(path: str, method: str) -> None:
    for version in VERSIONS:
        with pytest.raises(CallNotAllowed):
            check(ARM, method, f"{ARM}{path}?api-version={version}", SUBSCRIPTION)


def test_the_one_endpoint_of_advisor_is_the_list_and_no_code_knows_another() -> None:
    assert [one for one in ENDPOINTS if "Advisor" in one.path] == [LIST_RECOMMENDATIONS]
    assert LIST_RECOMMENDATIONS.method == "GET"
    naming = [
        module.name for module in shipped() if "generaterecommendations" in module.path.read_text("utf-8").lower()
    ]
    assert naming == []


@pytest.mark.parametrize("category", ["Security", "HighAvailability", "Performance", "OperationalExcellence"])
def test_a_recommendation_of_another_category_is_kept_neither_as_a_row_nor_in_the_page(category: str) -> None:
    payload = copy.deepcopy(SAMPLES["advisor"])
    ours = list(COLLECTOR.rows(CONTEXT, payload, True))
    payload["value"].append(other_category(category))
    assert list(COLLECTOR.rows(CONTEXT, payload, True)) == ours
    page = COLLECTOR.storable(ArmPage(200, json.dumps(payload).encode(), payload, None))
    assert b"An open port" not in page.body
    assert json.loads(page.body) == SAMPLES["advisor"]


def test_a_reviewers_query_reads_of_advisors_table_what_is_of_costs_and_no_more() -> None:
    of_costs = "advisorresources | where properties.category =~ 'Cost'"
    assert rejection_reason(f"{of_costs} | project id, properties.impact") is None
    for query in (
        "advisorresources | project id",
        "advisorresources | where properties.category == 'Security' | project id",
        "advisorresources | where properties.category in ('Cost', 'Security') | project id",
        "advisorresources | where properties.category != 'Security' | project id",
        f"{of_costs} or properties.category == 'Security' | project id",
        f"{of_costs} | project properties.remediation",
    ):
        assert rejection_reason(query) is not None


def test_the_page_says_so(visit_of_a_customer: Visit) -> None:
    assert "We never ask Advisor to compute new ones." in ADVISOR.reads
    assert ADVISOR.reads in visit_of_a_customer.ask(permissions).body.decode()
