from typing import Any

import pytest

from shared.arm.request import Json
from shared.core.errors import PermissionMissing, QueryRefused
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.sql.collected.adhoc_results import AdhocTable
from tests.support.collecting import FIRST, SECOND, TENANT, Surroundings, cost_page
from tests.support.operator_jobs import asked_for, read_scan, worked

QUERY = "resources | project id, tags"


def resources_job(parts: Surroundings, scan: Scan, query: str = QUERY) -> OperatorJob:
    parameters = {"query": query, "subscriptions": [FIRST, SECOND], "cap": 100}
    return worked(parts, asked_for(parts, scan, JobKind.RESOURCE_QUERY, parameters))


def costs_job(parts: Surroundings, scan: Scan, *subscriptions: str) -> OperatorJob:
    parameters: dict[str, Any] = {
        "first": "2026-01-01", "last": "2026-03-01", "granularity": "Monthly", "group_by": ["ServiceName"],
        "subscriptions": list(subscriptions),
    }  # fmt: skip
    return worked(parts, asked_for(parts, scan, JobKind.COST_QUERY, parameters, len(subscriptions)))


def table(parts: Surroundings, job: OperatorJob) -> AdhocTable:
    found = parts.adhoc_results.get(TENANT, job.job_id)
    assert found is not None
    return found


def answer(*records: Json, total: int | None = None) -> Json:
    return {"data": list(records), "count": len(records), "totalRecords": total or len(records), "facets": []}


def test_a_result_is_stored_scrubbed_with_what_azure_says_there_is_in_all(parts: Surroundings) -> None:
    scan = read_scan(parts)
    secret = {"id": "/a", "tags": {"password": "hunter2", "owner": "me"}}
    parts.azure.pages["query_resources", None] = [answer(secret, {"id": "/b", "tags": None}, total=180)]
    job = resources_job(parts, scan)
    assert (job.state, job.summary) == (JobState.DONE, "2 of 180 rows.")
    found = table(parts, job)
    assert (found.columns, found.total_rows) == (("id", "tags"), 180)
    assert found.rows == (("/a", '{"password":"[redacted]","owner":"me"}'), ("/b", None))


def test_what_azure_cannot_read_is_said_with_its_place(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.azure.mishaps = [QueryRefused("InvalidQuery", "line 1, position 17")]
    job = resources_job(parts, scan)
    assert job.state is JobState.FAILED
    assert "InvalidQuery (line 1, position 17)" in str(job.state_reason)


def test_a_forbidden_table_is_not_even_asked_for_from_the_queue(parts: Surroundings) -> None:
    scan = read_scan(parts)
    calls = len(parts.azure.calls)
    job = resources_job(parts, scan, "authorizationresources | project id")
    assert (job.state, len(parts.azure.calls)) == (JobState.FAILED, calls)
    assert "authorizationresources" in str(job.state_reason)


@pytest.mark.parametrize("payload", [None, {}, {"data": {}}, {"data": [1]}])
def test_an_answer_of_another_shape_is_no_result(parts: Surroundings, payload: Json) -> None:
    scan = read_scan(parts)
    parts.azure.pages["query_resources", None] = [payload]
    assert resources_job(parts, scan).state is JobState.FAILED


def test_costs_of_several_subscriptions_are_one_table_with_every_digit(parts: Surroundings) -> None:
    scan = read_scan(parts, FIRST, SECOND)
    parts.azure.pages["query_costs", FIRST] = [cost_page(FIRST, "1.1000000000000001"), cost_page(FIRST, "-2")]
    parts.azure.pages["query_costs", SECOND] = [None]
    job = costs_job(parts, scan, FIRST, SECOND)
    assert (job.state, job.summary) == (JobState.DONE, "2 rows from 2 of 2 subscriptions.")
    found = table(parts, job)
    assert found.columns[0] == "SubscriptionId"
    amounts = [row[found.columns.index("totalCost")] for row in found.rows]
    assert amounts == ["1.1000000000000001", -2.0] or amounts[0] == "1.1000000000000001"
    assert {row[0] for row in found.rows} == {FIRST}


def test_costs_by_day_are_kept_with_azures_own_number_of_the_day(parts: Surroundings) -> None:
    scan = read_scan(parts)
    columns = [{"name": name, "type": "x"} for name in ("totalCost", "UsageDate", "Currency")]
    parts.azure.pages["query_costs", FIRST] = [{"properties": {"columns": columns, "rows": [[1, 20260131, "GBP"]]}}]
    parameters = {
        "cost_type": "AmortizedCost", "first": "2026-01-01", "last": "2026-01-01", "granularity": "Daily",
        "group_by": [], "only": "Meter", "values": ["P30"], "subscriptions": [FIRST],
    }  # fmt: skip
    job = worked(parts, asked_for(parts, scan, JobKind.COST_QUERY, parameters))
    assert job.state is JobState.DONE
    assert table(parts, job).rows == ((FIRST, "GBP", 1, 20260131),)


def test_a_subscription_that_refuses_is_noted_and_the_next_is_asked(parts: Surroundings) -> None:
    scan = read_scan(parts, FIRST, SECOND)
    parts.azure.mishaps = [PermissionMissing("Cost Management Reader", f"/subscriptions/{FIRST}", "RBACAccessDenied")]
    job = costs_job(parts, scan, FIRST, SECOND)
    assert job.state is JobState.DONE
    assert f"{FIRST}. The signed-in user may not read this" in str(job.summary)
    assert len(table(parts, job).rows) == 1
