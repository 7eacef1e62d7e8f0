"""P03: twelve months of cost by resource, service, meter and month; and the permissions page against the constants and
tables that the program runs on, and they against the promise."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from collectors.amortized_costs import COLLECTOR as AMORTIZED_COLLECTOR
from collectors.costs import COLLECTOR as COSTS_COLLECTOR
from collectors.registry import COLLECTORS
from shared.arm.catalogue import AMORTIZED_COSTS, COLLECTED, COSTS
from shared.arm.endpoints import ARM_SCOPE, ENDPOINTS, Endpoint
from shared.core.periods import (
    COST_MONTHS,
    RETENTION_MONTHS,
    REVIEW_WINDOW_HOURS,
    add_months,
    last_complete_months,
)
from shared.identity.sessions import SESSION_HOURS
from tests.support.arm_replay import CONTEXT
from tests.support.browsing import Visit
from tests.support.clock import START
from web.privacy.permissions import permissions


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's text, without tags."""
    visit = Visit(Path(tmp_path_factory.mktemp("page")))
    body = visit.ask(permissions).body.decode()
    visit.close()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_twelve_months_by_resource_service_meter_and_month() -> None:
    assert COST_MONTHS == 12
    assert COSTS.reads == "12 complete calendar months of cost line items by resource, service, meter and month."


def test_what_a_scan_asks_of_cost_management_is_that_and_the_page_says_when_azure_gives_less(page: str) -> None:
    (request,) = COSTS_COLLECTOR.requests(CONTEXT)
    assert request.body is not None
    dataset = request.body["dataset"]
    assert (request.body["type"], dataset["granularity"]) == ("ActualCost", "Monthly")
    grouped = {each["name"] for each in dataset["grouping"]}
    assert {"ResourceId", "ServiceName", "Meter"} <= grouped
    first, last = (date.fromisoformat(request.body["timePeriod"][end][:10]) for end in ("from", "to"))
    assert (first, last + timedelta(days=1)) == (add_months(last + timedelta(days=1), -COST_MONTHS), CONTEXT.period.end)
    (simpler,) = COSTS_COLLECTOR.requests(replace(CONTEXT, simplified=len(COSTS_COLLECTOR.simplified_notices)))
    assert simpler.body is not None
    assert {each["name"] for each in simpler.body["dataset"]["grouping"]} == {"ResourceId", "ServiceName"}
    assert "costs come without meters then, and your report says so" in page


def test_amortized_costs_are_the_same_question_and_the_page_says_when_it_is_asked(page: str) -> None:
    (actual,), (amortized,) = COSTS_COLLECTOR.requests(CONTEXT), AMORTIZED_COLLECTOR.requests(CONTEXT)
    assert amortized.body == {**(actual.body or {}), "type": "AmortizedCost"}
    assert amortized.endpoint is actual.endpoint
    assert AMORTIZED_COSTS.reads in page
    assert "Read only for subscriptions whose cost line items show a commitment or a purchase" in page


def test_a_scan_reads_as_many_months_as_the_page_says(page: str) -> None:
    assert COSTS.reads in page
    assert len(last_complete_months(START.date()).months) == COST_MONTHS


def test_the_page_says_of_each_collector_what_the_registry_says_and_of_no_other(page: str) -> None:
    assert [collector.kind for collector in COLLECTORS] == [*COLLECTED]
    section = page.split("What data we read")[1].split("Every call the", maxsplit=1)[0]
    for kind in COLLECTED:
        assert f"{kind.title} {kind.reads}" in section


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_the_page_lists_each_allowed_call_with_its_reason_and_role(page: str, endpoint: Endpoint) -> None:
    assert f"{endpoint.method} {endpoint.path} api-version {endpoint.api_version} {endpoint.purpose}" in page
    assert endpoint.role in page


def test_the_page_lists_no_call_that_is_not_allowed(page: str) -> None:
    section = page.split("Every call the")[1].split("What we do not read", maxsplit=1)[0]
    assert section.count("api-version") == len(ENDPOINTS)


def test_the_page_names_the_one_scope_and_no_other(page: str) -> None:
    assert re.findall(r"https://management\.azure\.com/\S+", page) == [ARM_SCOPE]


@pytest.mark.parametrize(
    "sentence",
    [
        f"Scan data is kept for {RETENTION_MONTHS} months after your organisation's most recent scan that read data",
        f"within {REVIEW_WINDOW_HOURS} hours after a scan",
        f"One session cookie, for {SESSION_HOURS} hours at most",
        "Azure SQL Database in the UK South region",
        "Fernet (AES-128 in CBC mode)",
    ],
)
def test_the_page_states_the_times_and_places_that_the_code_has(page: str, sentence: str) -> None:
    assert sentence in page


@pytest.mark.parametrize(
    "thing",
    [
        "Secrets",
        "Key Vault contents",
        "Storage blob contents",
        "Database rows",
        "Customer-facing application data",
        "Identity and RBAC assignments",
        "Anything in Microsoft 365",
    ],
)
def test_the_page_names_what_is_never_read(page: str, thing: str) -> None:
    assert thing in page.split("What we do not read")[1].split("What we store", maxsplit=1)[0]


def test_every_call_to_azure_is_for_what_is_collected_or_listed_or_for_a_reviewer_on_demand() -> None:
    used = {kind.endpoint.name for kind in COLLECTED} | {"list_subscriptions"}
    assert {endpoint.name for endpoint in ENDPOINTS if not endpoint.on_demand} == used
    assert {endpoint.name for endpoint in ENDPOINTS if endpoint.on_demand} == {"query_metrics"}
