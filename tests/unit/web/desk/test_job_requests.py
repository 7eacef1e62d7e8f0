from collections.abc import Mapping

import pytest

from shared.core.audit import Action, Outcome, customer
from shared.core.cost_query import CostQuery
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.messaging.queues import OPERATOR_JOBS
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.scans.connections import Connections
from tests.support.browsing import store
from tests.support.collecting import FIRST, SECOND, TENANT, USER, collecting_scan, steps_of
from tests.support.desk import Desk, text_of
from web.desk.jobs import desk_job, desk_jobs, desk_repull
from web.desk.metrics import desk_metrics, desk_metrics_fetch
from web.desk.queries import desk_query, desk_query_costs, desk_query_resources
from web.error_pages import Handler
from web.http.messages import Response

MACHINE = f"/subscriptions/{FIRST}/resourcegroups/rg/providers/microsoft.compute/virtualmachines/one"
KQL = {"query": "resources | project id", "reason": "a look"}
COSTS = {"first_by": "ServiceName", "from": "2026-01", "to": "2026-03", "reason": "why so much"}
METRICS = {"resource_1": MACHINE, "days": "7", "reason": "right-sizing"}
INVENTORY_COLUMNS = ("sub_account_id", "resource_id", "resource_name", "resource_type", "resource_group", "region_id")


def with_a_machine(desk: Desk) -> Scan:
    """A finished scan that has found one virtual machine."""
    parts = desk.parts
    parts.connections.save(TENANT, USER, "owner@contoso.example", b"token", parts.clock.now())
    scan = collecting_scan(parts, [("inventory", FIRST)])
    row = (FIRST, MACHINE, "one", "microsoft.compute/virtualmachines", "rg", "uksouth")
    store(parts, steps_of(parts, scan)[0], "inventory", INVENTORY_COLUMNS, [row])
    from shared.core.models import ScanStatus

    parts.scans.finish(scan.key, ScanStatus.COLLECTED, None, parts.clock.now())
    return scan


def jobs(desk: Desk, scan: Scan) -> list[OperatorJob]:
    return OperatorJobs(desk.parts.database).list(scan.key)


def newest(desk: Desk) -> AuditEntry:
    return AuditLog(desk.parts.database).of_customer(TENANT)[0]


def ask(desk: Desk, handler: Handler, form: Mapping[str, str], scan: Scan) -> Response:
    desk.sign_in()
    return desk.post(handler, form, scan_id=scan.scan_id)


def test_a_re_pull_is_logged_before_its_message_is_sent(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.parts.outbox.refuses = OSError("no queue")
    assert ask(desk, desk_repull, {"target": "everything", "reason": "odd"}, scan).status == 500
    entry = newest(desk)
    assert (entry.action, entry.outcome, entry.reason) == (Action.REPULL, Outcome.REQUESTED, "odd")
    assert entry.details["steps"] == f"costs of {FIRST}"
    (job,) = jobs(desk, scan)
    assert (job.kind, job.state, job.parts) == (JobKind.REPULL, JobState.QUEUED, 1)


@pytest.mark.parametrize("what", ["everything", "costs", "step"])
def test_a_step_a_collector_or_the_whole_scan_can_be_re_pulled(desk: Desk, what: str) -> None:
    scan = desk.consented_scan()
    (step,) = steps_of(desk.parts, scan)
    form = {"target": str(step.step_id) if what == "step" else what, "reason": "odd"}
    response = ask(desk, desk_repull, form, scan)
    (job,) = jobs(desk, scan)
    assert response.headers["Location"] == f"/desk/scans/{scan.scan_id}/jobs/{job.job_id}"
    assert job.parameters == {"steps": [step.step_id]}
    assert len(desk.parts.outbox.of(OPERATOR_JOBS.name)) == 1


@pytest.mark.parametrize("form", [{"target": "everything"}, {"target": "nothing", "reason": "x"}, {"reason": "x"}])
def test_a_re_pull_without_a_reason_or_a_target_is_refused(desk: Desk, form: dict[str, str]) -> None:
    scan = desk.consented_scan()
    assert ask(desk, desk_repull, form, scan).status == 400
    assert jobs(desk, scan) == []


def test_a_query_is_logged_with_its_text(desk: Desk) -> None:
    scan = desk.consented_scan()
    assert ask(desk, desk_query_resources, KQL, scan).status == 303
    entry = newest(desk)
    assert (entry.action, entry.details["query"]) == (Action.QUERY, "resources | project id")
    (job,) = jobs(desk, scan)
    assert job.parameters == {"query": "resources | project id", "subscriptions": [FIRST], "cap": 100}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"query": "authorizationresources | project id"}, "“authorizationresources” is not a readable table"),
        ({"query": "resources | wher x"}, "wher"),
        ({"reason": ""}, "Enter a reason"),
        ({"cap": "1000000"}, "Unknown row limit"),
        ({"subscription": "aaaaaaaa-0000-4000-8000-00000000000f"}, "The subscription is not in this scan"),
    ],
)
def test_a_rejected_query_is_shown_again_with_the_reason(desk: Desk, change: dict[str, str], words: str) -> None:
    scan = desk.consented_scan()
    form = {**KQL, **change}
    response = ask(desk, desk_query_resources, form, scan)
    assert response.status == 400
    assert words in text_of(response)
    assert form["query"].replace("'", "&#39;") in text_of(response)
    assert jobs(desk, scan) == []


def test_a_cost_query_is_logged(desk: Desk) -> None:
    scan = desk.consented_scan()
    assert ask(desk, desk_query_costs, COSTS, scan).status == 303
    assert newest(desk).action is Action.QUERY
    (job,) = jobs(desk, scan)
    assert (job.parameters["first"], job.parameters["last"]) == ("2026-01-01", "2026-03-01")
    assert job.parameters["group_by"] == ["ServiceName"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_by": "Secret"}, "Choose the groupings"),
        ({"second_by": "ServiceName"}, "at most once"),
        ({"from": "2026-04"}, "before the first"),
        ({"to": "2030-01"}, "The months are not in this scan"),
        ({"granularity": "Hourly"}, "from the lists"),
        ({"cost_type": "Forecast"}, "from the lists"),
        ({"granularity": "Daily", "from": "2025-11"}, "by day can cover at most 3 months"),
        ({"only": "Meter"}, "leave both empty"),
        ({"values": "P30"}, "leave both empty"),
        ({"only": "ResourceId", "values": f"/subscriptions/{SECOND}/resourcegroups/x"}, "not in this scan"),
    ],
)
def test_a_cost_query_with_invalid_values_is_refused_with_a_reason(
    desk: Desk, change: dict[str, str], words: str
) -> None:
    scan = desk.consented_scan()
    response = ask(desk, desk_query_costs, {**COSTS, **change}, scan)
    assert response.status == 400
    assert words in text_of(response)
    assert jobs(desk, scan) == []


def test_a_cost_query_is_stored_and_logged_with_all_its_parameters(desk: Desk) -> None:
    scan = desk.consented_scan()
    asked = {
        "cost_type": "AmortizedCost",
        "granularity": "Daily",
        "only": "ResourceGroupName",
        "values": "rg-a\r\n rg-b\n",
    }
    assert ask(desk, desk_query_costs, {**COSTS, **asked}, scan).status == 303
    (job,) = jobs(desk, scan)
    assert CostQuery.from_parameters(job.parameters).values == ("rg-a", "rg-b")
    details = newest(desk).details
    assert (details["type"], details["granularity"]) == ("AmortizedCost", "Daily")
    assert details["only"] == "ResourceGroupName: rg-a, rg-b"


def test_a_metrics_request_is_logged_with_the_resources(desk: Desk) -> None:
    scan = with_a_machine(desk)
    assert ask(desk, desk_metrics_fetch, METRICS, scan).status == 303
    entry = newest(desk)
    assert (entry.action, entry.details["resources"], entry.details["days"]) == (Action.METRICS_FETCHED, MACHINE, "7")
    (job,) = jobs(desk, scan)
    (call,) = job.parameters["calls"]
    assert (call["subscription"], call["region"], call["resources"]) == (FIRST, "uksouth", [MACHINE])
    assert call["type"] == "microsoft.compute/virtualmachines"


@pytest.mark.parametrize("change", [{"resource_1": MACHINE.replace("one", "two")}, {"resource_1": ""}, {"days": "900"}])
def test_metrics_of_a_resource_outside_the_scan_are_refused(desk: Desk, change: dict[str, str]) -> None:
    scan = with_a_machine(desk)
    form = {name: value for name, value in {**METRICS, **change}.items() if value}
    assert ask(desk, desk_metrics_fetch, form, scan).status == 400
    assert jobs(desk, scan) == []


ASKING = [
    (desk_repull, {"target": "everything", "reason": "x"}),
    (desk_query_resources, KQL),
    (desk_query_costs, COSTS),
    (desk_metrics_fetch, METRICS),
]


@pytest.mark.parametrize(("handler", "form"), ASKING)
def test_after_24_hours_every_request_is_refused_with_a_reason(
    desk: Desk, handler: Handler, form: dict[str, str]
) -> None:
    scan = with_a_machine(desk)
    desk.parts.time.sleep(24 * 3600)
    response = ask(desk, handler, form, scan)
    assert response.status == 409
    assert "closed 24 hours after the scan" in text_of(response)
    assert (jobs(desk, scan), desk.parts.outbox.of(OPERATOR_JOBS.name)) == ([], [])


@pytest.mark.parametrize(("handler", "form"), ASKING)
def test_before_the_scan_has_finished_every_request_is_refused(
    desk: Desk, handler: Handler, form: dict[str, str]
) -> None:
    Connections(desk.parts.database).save(TENANT, USER, "o", b"token", desk.parts.clock.now())
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    response = ask(desk, handler, form, scan)
    assert response.status == 409
    assert "has not finished" in text_of(response)
    assert jobs(desk, scan) == []


@pytest.mark.parametrize(("handler", "form"), ASKING)
def test_without_consent_every_request_is_refused(desk: Desk, handler: Handler, form: dict[str, str]) -> None:
    scan = with_a_machine(desk)
    Connections(desk.parts.database).disconnect(TENANT, USER, by=customer(USER), at=desk.parts.clock.now())
    response = ask(desk, handler, form, scan)
    assert response.status == 409
    assert "consent has ended" in text_of(response)
    assert jobs(desk, scan) == []


def test_a_query_sent_after_the_window_closed_is_shown_again(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.parts.time.sleep(25 * 3600)
    assert "resources | project id" in text_of(ask(desk, desk_query_resources, KQL, scan))


def test_forms_and_jobs_are_shown_and_explain_when_no_data_can_be_read(desk: Desk) -> None:
    scan = with_a_machine(desk)
    ask(desk, desk_repull, {"target": "everything", "reason": "<script>"}, scan)
    (job,) = jobs(desk, scan)
    for handler in (desk_jobs, desk_query, desk_metrics):
        page = text_of(desk.get(handler, scan_id=scan.scan_id))
        assert "No data can be read for this scan now" not in page
        assert 'name="reason"' in page
    page = text_of(desk.get(desk_job, scan_id=scan.scan_id, job_id=job.job_id))
    assert 'data-finished="no"' in page
    assert "&lt;script&gt;" in page
    desk.parts.time.sleep(25 * 3600)
    desk.sign_in()
    for handler in (desk_jobs, desk_query, desk_metrics):
        assert "No data can be read for this scan now" in text_of(desk.get(handler, scan_id=scan.scan_id))


def test_a_job_of_another_scan_is_not_shown_under_this_one(desk: Desk) -> None:
    scan, other = desk.consented_scan(), desk.consented_scan()
    ask(desk, desk_query_resources, KQL, scan)
    (job,) = jobs(desk, scan)
    assert desk.get(desk_job, scan_id=scan.scan_id, job_id=job.job_id).status == 200
    assert desk.get(desk_job, scan_id=other.scan_id, job_id=job.job_id).status == 404
