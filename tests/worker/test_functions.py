import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.version_info < (3, 13) or importlib.util.find_spec("azure_functions_runtime") is None:
    pytest.skip("Microsoft's worker library needs Python 3.13 and azure-functions-runtime", allow_module_level=True)

from azure_functions_runtime.bindings.datumdef import Datum

from collectors.registry import COLLECTORS
from local.services import all_queues, local_settings
from shared import wiring
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import last_complete_months
from shared.sql.migrate import migrate
from tests.support.consented import consented_scan
from tests.worker.parts import SUBSCRIPTION, TENANT, USER, WorkerServices
from tests.worker.worker import Worker, http_request, message_metadata, timer

BASE_URL, TENANT_URL = "http://127.0.0.1:7071", "http://127.0.0.1:7072"

ROUTES = {
    "consent_admin": ("consent/admin", ["GET"]),
    "consent_admin_start": ("consent/admin", ["POST"]),
    "consent_admin_callback": ("consent/admin/callback", ["GET"]),
    "consent_callback": ("consent/callback", ["GET"]),
    "consent_start": ("consent/start", ["POST"]),
    "desk_callback": ("desk/callback", ["GET"]),
    "desk_customer": ("desk/customers/{tenant_id}", ["GET"]),
    "desk_customer_audit": ("desk/customers/{tenant_id}/audit", ["POST"]),
    "desk_customer_data": ("desk/customers/{tenant_id}/data", ["POST"]),
    "desk_customer_delete": ("desk/customers/{tenant_id}/delete", ["POST"]),
    "desk_customer_deletion": ("desk/customers/{tenant_id}/delete", ["GET"]),
    "desk_customer_sign_out": ("desk/customers/{tenant_id}/sign-out", ["POST"]),
    "desk_customer_receipt": ("desk/customers/{tenant_id}/receipts/{receipt_id}", ["GET"]),
    "desk_customers": ("desk/customers", ["GET"]),
    "desk_retention": ("desk/retention", ["GET"]),
    "desk_costs": ("desk/scans/{scan_id}/costs", ["GET"]),
    "desk_assign": ("desk/scans/{scan_id}/assign", ["POST"]),
    "desk_inventory": ("desk/scans/{scan_id}/inventory", ["GET"]),
    "desk_raw_page": ("desk/scans/{scan_id}/raw-pages/{step_id}/{page}", ["GET"]),
    "desk_job": ("desk/scans/{scan_id}/jobs/{job_id}", ["GET"]),
    "desk_jobs": ("desk/scans/{scan_id}/jobs", ["GET"]),
    "desk_metrics": ("desk/scans/{scan_id}/metrics", ["GET"]),
    "desk_metrics_fetch": ("desk/scans/{scan_id}/metrics", ["POST"]),
    "desk_query": ("desk/scans/{scan_id}/query", ["GET"]),
    "desk_query_costs": ("desk/scans/{scan_id}/query/costs", ["POST"]),
    "desk_query_resources": ("desk/scans/{scan_id}/query/resources", ["POST"]),
    "desk_repull": ("desk/scans/{scan_id}/repull", ["POST"]),
    "desk_dead_letter_replay": ("desk/dead-letters/{letter_id}/replay", ["POST"]),
    "desk_dead_letters": ("desk/dead-letters", ["GET"]),
    "desk_queue": ("desk", ["GET"]),
    "desk_recommendations": ("desk/scans/{scan_id}/recommendations", ["GET"]),
    "desk_scan": ("desk/scans/{scan_id}", ["GET"]),
    "desk_session_end": ("desk/sessions", ["POST"]),
    "desk_sessions": ("desk/sessions", ["GET"]),
    "session_end": ("sessions", ["POST"]),
    "session_list": ("sessions", ["GET"]),
    "desk_sign_in": ("desk/sign-in", ["POST"]),
    "desk_sign_in_page": ("desk/sign-in", ["GET"]),
    "desk_sign_out": ("desk/sign-out", ["POST"]),
    "desk_claim": ("desk/scans/{scan_id}/claim", ["POST"]),
    "desk_finding": ("desk/scans/{scan_id}/findings/{finding_id}", ["GET"]),
    "desk_finding_create": ("desk/scans/{scan_id}/findings", ["POST"]),
    "desk_finding_history": ("desk/scans/{scan_id}/findings/{finding_id}/history", ["GET"]),
    "desk_finding_status": ("desk/scans/{scan_id}/findings/{finding_id}/status", ["POST"]),
    "desk_finding_save": ("desk/scans/{scan_id}/findings/{finding_id}", ["POST"]),
    "desk_findings": ("desk/scans/{scan_id}/findings", ["GET"]),
    "desk_publish": ("desk/scans/{scan_id}/publish", ["POST"]),
    "desk_publish_preview": ("desk/scans/{scan_id}/publish", ["GET"]),
    "disconnect": ("disconnect", ["POST"]),
    "disconnect_confirm": ("disconnect", ["GET"]),
    "api_tokens": ("api-tokens", ["GET"]),
    "api_token_create": ("api-tokens", ["POST"]),
    "api_token_revoke": ("api-tokens/revoke", ["POST"]),
    "api_openapi": ("api/v1/openapi.json", ["GET"]),
    "api_scans": ("api/v1/scans", ["GET"]),
    "api_overview": ("api/v1/scans/{scan_id}/overview", ["GET"]),
    "api_costs": ("api/v1/scans/{scan_id}/costs", ["GET"]),
    "api_findings": ("api/v1/scans/{scan_id}/findings", ["GET"]),
    "api_resources": ("api/v1/scans/{scan_id}/resources", ["GET"]),
    "api_coverage": ("api/v1/scans/{scan_id}/coverage", ["GET"]),
    "api_activity": ("api/v1/activity", ["GET"]),
    "audit_csv": ("audit.csv", ["GET"]),
    "audit_json": ("audit.json", ["GET"]),
    "audit_page": ("audit", ["GET"]),
    "data_delete": ("data/delete", ["POST"]),
    "data_delete_confirm": ("data/delete", ["GET"]),
    "data_download": ("data/download", ["GET"]),
    "data_page": ("data", ["GET"]),
    "data_receipt": ("data/receipts/{receipt_id}", ["GET"]),
    "health": ("healthz", ["GET"]),
    "landing": ("/", ["GET"]),
    "permissions": ("permissions", ["GET"]),
    "permissions_json": ("permissions.json", ["GET"]),
    "checks_page": ("checks", ["GET"]),
    "permissions_schema": ("permissions.schema.json", ["GET"]),
    "readiness": ("readyz", ["GET"]),
    "security_page": ("security", ["GET"]),
    "security_txt": (".well-known/security.txt", ["GET"]),
    "finding_decision": ("scans/{scan_id}/findings/{finding_id}/decision", ["POST"]),
    "mail_address_link": ("mail-address/{code}", ["GET"]),
    "mail_address_confirm": ("mail-address/{code}", ["POST"]),
    "finding_plan": ("scans/{scan_id}/findings/{finding_id}/plan", ["POST"]),
    "scan_coverage_csv": ("scans/{scan_id}/export/coverage.csv", ["GET"]),
    "scan_downloads": ("scans/{scan_id}/downloads", ["GET"]),
    "scan_export": ("scans/{scan_id}/downloads", ["POST"]),
    "data_export": ("data/download", ["POST"]),
    "export_file": ("exports/{export_id}", ["GET"]),
    "scan_board": ("scans/{scan_id}/board", ["GET"]),
    "scan_costs_csv": ("scans/{scan_id}/export/costs.csv", ["GET"]),
    "scan_costs_focus_csv": ("scans/{scan_id}/export/costs-focus.csv", ["GET"]),
    "scan_findings_csv": ("scans/{scan_id}/export/findings.csv", ["GET"]),
    "scan_workbook": ("scans/{scan_id}/export/report.xlsx", ["GET"]),
    "scan_findings": ("scans/{scan_id}/findings", ["GET"]),
    "scan_savings": ("scans/{scan_id}/savings", ["GET"]),
    "savings_history": ("savings-history", ["GET"]),
    "scan_list": ("scans", ["GET"]),
    "scan_overview": ("scans/{scan_id}", ["GET"]),
    "scan_changes": ("scans/{scan_id}/changes", ["GET"]),
    "scan_costs": ("scans/{scan_id}/costs", ["GET"]),
    "scan_inventory": ("scans/{scan_id}/inventory", ["GET"]),
    "scan_recommendations": ("scans/{scan_id}/recommendations", ["GET"]),
    "scan_coverage": ("scans/{scan_id}/coverage", ["GET"]),
    "scan_report": ("scans/{scan_id}/report", ["GET"]),
    "scan_start": ("scans", ["POST"]),
    "sign_in_callback": ("sign-in/callback", ["GET"]),
    "sign_in_page": ("sign-in", ["GET"]),
    "sign_in_start": ("sign-in", ["POST"]),
    "mail_address_enter": ("mail-address", ["POST"]),
    "signout": ("signout", ["POST"]),
    "static": ("static/{name}", ["GET"]),
    "zz_not_found": ("{*path}", None),
}
FOR_OPERATORS = {"readiness"}
"""The Functions host asks for a key."""

QUEUES = {
    "plan_scan": "scan-requests",
    "finish_scan": "scan-finishes",
    "draft_findings": "draft-findings",
    "continue_deletion": "deletions",
    "record_dead_letter": "dead-letters",
    "run_operator_job": "operator-jobs",
    "send_mail": "send-mail",
    "build_export": "exports",
    **{f"collect_{one.name}": f"collect-{one.name.replace('_', '-')}" for one in COLLECTORS},
}
TIMERS = {
    "purge_expired": "0 17 2 * * *",
    "reencrypt_tokens": "0 47 3 * * *",
    "delete_expired_exports": "0 7 * * * *",
    "sweep_mails": "30 */5 * * * *",
    "sweep_steps": "0 */5 * * * *",
}


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[WorkerServices]:
    made = WorkerServices(local_settings(tmp_path, BASE_URL, TENANT_URL, 1.0), tmp_path)
    migrate(made.database)
    wiring.use(made)
    yield made
    wiring.use(None)
    made.close()


@pytest.fixture
def scan(services: WorkerServices) -> Scan:
    now = services.clock.now()
    return consented_scan(services.database, TENANT, USER, last_complete_months(now.date()), now)


def test_exactly_the_expected_functions_are_indexed(worker: Worker) -> None:
    assert sorted(worker.functions) == sorted([*ROUTES, *QUEUES, *TIMERS])


def test_every_collector_has_its_function() -> None:
    assert {f"collect_{one.name}" for one in COLLECTORS} == {name for name in QUEUES if name.startswith("collect_")}


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_is_anonymous_and_has_its_methods_and_head_beside_get(worker: Worker, name: str) -> None:
    trigger, (route, methods) = worker.trigger(name), ROUTES[name]
    answered = [*methods, "HEAD"] if methods == ["GET"] else methods
    assert (trigger["route"], trigger.get("methods")) == (route, answered)
    assert trigger["authLevel"] == ("FUNCTION" if name in FOR_OPERATORS else "ANONYMOUS")


def test_the_catch_all_sorts_last_so_that_it_hides_no_other_route() -> None:
    assert max(ROUTES, key=str.upper) == "zz_not_found"


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_trigger_takes_bytes_from_its_queue(worker: Worker, name: str) -> None:
    trigger = worker.trigger(name)
    assert (trigger["queueName"], trigger["connection"], trigger["dataType"]) == (QUEUES[name], "ServiceBus", "BINARY")
    needs_session = {queue.name: queue.requires_session for queue in all_queues()}[trigger["queueName"]]
    assert trigger["isSessionsEnabled"] is needs_session


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_has_its_schedule_and_does_not_run_at_every_start(worker: Worker, name: str) -> None:
    trigger = worker.trigger(name)
    assert (trigger["schedule"], trigger["runOnStartup"]) == (TIMERS[name], False)


@pytest.mark.parametrize("path", ["/", "/permissions"])
@pytest.mark.usefixtures("services")
def test_a_page_is_answered(worker: Worker, path: str) -> None:
    name = "landing" if path == "/" else "permissions"
    outcome = worker.invoke(name, http_request("GET", f"https://app.example{path}"), {})
    assert outcome.ok, outcome.error
    assert outcome.returned.value["status_code"].value == "200"
    assert b"user_impersonation" in outcome.returned.value["body"].value


@pytest.mark.usefixtures("services")
def test_a_cookie_passes_the_workers_own_parser(worker: Worker) -> None:
    request = http_request("POST", f"{BASE_URL}/consent/start", **{"sec-fetch-site": "same-origin", "origin": BASE_URL})
    outcome = worker.invoke("consent_start", request, {})
    assert outcome.ok, outcome.error
    (jar,) = outcome.returned.value["cookies"]
    (morsel,) = jar.values()
    assert (morsel["path"], morsel["samesite"], morsel["httponly"], morsel["expires"]) == ("/", "Lax", True, "")
    assert morsel["max-age"].isdigit()


@pytest.mark.usefixtures("services")
def test_bad_input_is_a_page_that_says_what_to_do(worker: Worker) -> None:
    outcome = worker.invoke("permissions", http_request("GET", "https://app.example/permissions?a=%FF"), {})
    assert outcome.ok, outcome.error
    assert outcome.returned.value["status_code"].value == "400"
    assert b"Go to the start page" in outcome.returned.value["body"].value


def test_a_scan_is_planned(worker: Worker, services: WorkerServices, scan: Scan) -> None:
    body = ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode()
    outcome = worker.invoke("plan_scan", Datum(body, "bytes"), message_metadata("m1", 1, {}))
    assert outcome.ok, outcome.error
    assert outcome.returned is None
    planned = services.scans.get(scan.key)
    assert planned is not None
    assert planned.status is ScanStatus.COLLECTING
    (sent,) = services.queues.peek("collect-inventory")
    assert json.loads(sent.body)["scan_id"] == scan.scan_id
    assert SUBSCRIPTION not in sent.body.decode()


def test_a_body_cannot_overrule_the_message(worker: Worker, services: WorkerServices) -> None:
    body = b'{"sequenceNumber": 99, "deliveryCount": 99}'
    outcome = worker.invoke("plan_scan", Datum(body, "bytes"), message_metadata("m1", 7, {}))
    assert outcome.ok, outcome.error
    (aside,) = services.queues.peek("dead-letters")
    assert aside.message_id == "scan-requests:7"


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe", b"[]", b'{"tenant_id": "x"}', b"{" * 20_000])
def test_a_malformed_message_is_set_aside_with_its_reason(
    worker: Worker, services: WorkerServices, body: bytes
) -> None:
    outcome = worker.invoke("plan_scan", Datum(body, "bytes"), message_metadata("m1", 1, {}))
    assert outcome.ok, outcome.error
    (aside,) = services.queues.peek("dead-letters")
    assert (aside.body, aside.dead_letter_source) == (body, "scan-requests")
    assert aside.dead_letter_reason is not None
    assert aside.dead_letter_reason.startswith("ScanMessage: ")


def test_a_dead_letter_is_recorded_and_its_scan_ends(worker: Worker, services: WorkerServices, scan: Scan) -> None:
    body = ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode()
    properties = {"DeadLetterReason": "MaxDeliveryCountExceeded", "DeadLetterSource": "scan-requests"}
    outcome = worker.invoke("record_dead_letter", Datum(body, "bytes"), message_metadata("m1", 1, properties))
    assert outcome.ok, outcome.error
    ended = services.scans.get(scan.key)
    assert ended is not None
    assert ended.status is ScanStatus.FAILED


@pytest.mark.parametrize("name", TIMERS)
@pytest.mark.usefixtures("services")
def test_a_timer_runs(worker: Worker, name: str) -> None:
    outcome = worker.invoke(name, timer(), {})
    assert outcome.ok, outcome.error
    assert outcome.returned is None
