"""P07: metrics on demand only: by a reviewer, in the review window, of resources of the scan, CPU, memory, network and
storage. A scan never pulls one: its client refuses to, and no path of its program leads there."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.registry import COLLECTORS
from shared.arm.allow_list import check
from shared.arm.endpoints import ENDPOINTS, QUERY_METRICS
from shared.arm.metric_catalogue import METRICS, MetricGroup
from shared.arm.request import ArmRequest
from shared.core.audit import Action, AuditEvent, customer, operator
from shared.core.errors import CallNotAllowed
from shared.core.models import Scan
from shared.core.operators import Operator
from shared.core.periods import REVIEW_WINDOW_HOURS
from shared.messaging.queues import OPERATOR_JOBS
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.connections import Connections
from shared.wiring import Services
from tests.architecture.tree import modules
from tests.support.arm_replay import ARM, CONTEXT, SUBSCRIPTION, Reply, Tokens, Wire, client
from tests.support.collecting import FIRST, TENANT, USER, Surroundings, collecting_scan
from tests.support.desk import REVIEWER, Desk, text_of
from tests.unit.web.desk.test_job_requests import METRICS as WISH
from tests.unit.web.desk.test_job_requests import with_a_machine
from tests.unit.web.reviewed import as_customer
from web.desk.metrics import desk_metrics_fetch
from web.http.messages import Response

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL_MACHINE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
METRICS_PATHS = (
    f"{VIRTUAL_MACHINE}/providers/Microsoft.Insights/metrics",
    f"{VIRTUAL_MACHINE}/providers/microsoft.insights/metricDefinitions",
    f"/subscriptions/{SUBSCRIPTION}/metrics:getBatch",
)
SUBSCRIPTIONS_METRICS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/metrics"
SCAN_ENTRIES = (
    "collectors.scan.plan",
    "collectors.scan.run",
    "collectors.scan.finish",
    "collectors.scan.sweep",
    "collectors.dead_letters",
)


@pytest.mark.parametrize("path", METRICS_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("origin", [ARM, "https://uksouth.metrics.monitor.azure.com"])
def test_no_metrics_address_but_the_one_is_in_the_allow_list(path: str, method: str, origin: str) -> None:
    with pytest.raises(CallNotAllowed):
        check(ARM, method, f"{origin}{path}?api-version=2024-02-01", SUBSCRIPTION)


def test_the_one_that_is_allowed_is_on_demand_and_of_resource_manager() -> None:
    assert check(ARM, "POST", f"{ARM}{SUBSCRIPTIONS_METRICS}?api-version=2024-02-01", SUBSCRIPTION) is QUERY_METRICS
    assert [endpoint for endpoint in ENDPOINTS if endpoint.on_demand] == [QUERY_METRICS]
    url = f"https://uksouth.metrics.monitor.azure.com{SUBSCRIPTIONS_METRICS}?api-version=2024-02-01"
    with pytest.raises(CallNotAllowed):
        check(ARM, "POST", url, SUBSCRIPTION)


def test_the_client_of_scans_sends_no_byte_of_a_metrics_call() -> None:
    wire = Wire(Reply(body={}))
    with pytest.raises(CallNotAllowed):
        client(wire).send(ArmRequest(QUERY_METRICS, SUBSCRIPTION, {"region": "uksouth"}, {}), Tokens())
    assert wire.sent == []


def test_only_the_reviewers_client_may(tmp_path: Path) -> None:
    parts = Services(Surroundings(tmp_path).settings)
    assert not parts.arm._on_demand
    assert parts.on_demand_arm._on_demand


def test_no_collector_of_a_scan_reads_metrics() -> None:
    for collector in COLLECTORS:
        asked = " ".join(str(call) for call in collector.requests(CONTEXT))
        assert not re.search(
            r"(?i)providers/microsoft\.insights|metric", asked + collector.name + collector.endpoint.path
        )
        assert not collector.endpoint.on_demand


def reached_from(entries: tuple[str, ...]) -> set[str]:
    """The modules that these import, and those that they import, and so on."""
    by_name = {module.name: module for module in modules()}
    reached, waiting = set[str](), [*entries]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in reached:
            reached.add(name)
            waiting += by_name[name].imports
    return reached


def test_no_path_of_a_scans_program_leads_to_the_metrics() -> None:
    reached = reached_from(SCAN_ENTRIES)
    assert "collectors.scan.step_work" in reached
    assert not reached & {"collectors.jobs.metrics", "collectors.jobs.run", "shared.arm.metric_catalogue"}


def test_one_module_asks_for_metrics_and_one_holds_the_reviewers_client() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in ("collectors", "shared", "web", "findings", "retention")
        for path in (ROOT / room).rglob("*.py")
    }
    assert [name for name, text in sources.items() if "QUERY_METRICS" in text] == [
        "collectors/jobs/metrics.py", "shared/arm/endpoints.py",
    ]  # fmt: skip
    assert {name for name, text in sources.items() if "on_demand_arm" in text} == {
        "collectors/jobs/metrics.py", "shared/wiring.py",
    }  # fmt: skip
    assert not [name for name, text in sources.items() if "metrics.monitor" in text]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def fetch(desk: Desk, scan: Scan, **change: str) -> Response:
    return desk.post(desk_metrics_fetch, {**WISH, **change}, scan_id=scan.scan_id)


def nothing_is_asked(desk: Desk, scan: Scan) -> bool:
    jobs = OperatorJobs(desk.parts.database).list(scan.key)
    return (jobs, desk.parts.outbox.of(OPERATOR_JOBS.name), desk.parts.azure.calls) == ([], [], [])


def publish(desk: Desk, scan: Scan) -> None:
    now = desk.parts.clock.now()
    who = Operator(REVIEWER.user_object_id, REVIEWER.username, frozenset(), now, now, now)
    event = AuditEvent(now, TENANT, operator(who.object_id, who.username), Action.FINDINGS_PUBLISHED)
    assert Reviews(desk.parts.database).publish(scan.key, who, now, event)


CLOSED: dict[str, Callable[[Desk, Scan], None]] = {
    "closed 24 hours after the scan": lambda desk, _: desk.parts.time.sleep(REVIEW_WINDOW_HOURS * 3600),
    "published": publish,
    "consent has ended": lambda desk, _: (
        Connections(desk.parts.database).disconnect(TENANT, USER, by=customer(USER), at=desk.parts.clock.now()) and None
    ),
}


def test_a_reviewer_in_the_window_asks_for_what_the_scan_has_found(desk: Desk) -> None:
    scan = with_a_machine(desk)
    desk.parts.time.moment += timedelta(hours=REVIEW_WINDOW_HOURS, seconds=-1)
    desk.sign_in()
    assert fetch(desk, scan).status == 303
    assert len(OperatorJobs(desk.parts.database).list(scan.key)) == 1


@pytest.mark.parametrize("words", CLOSED)
def test_when_the_window_is_closed_it_is_refused_in_words_and_nothing_is_asked(desk: Desk, words: str) -> None:
    scan = with_a_machine(desk)
    CLOSED[words](desk, scan)
    desk.sign_in()
    answer = fetch(desk, scan)
    assert (answer.status, words in text_of(answer)) == (409, True)
    assert nothing_is_asked(desk, scan)


def test_while_the_scan_runs_it_is_refused_too(desk: Desk) -> None:
    Connections(desk.parts.database).save(TENANT, USER, "o", b"token", desk.parts.clock.now())
    scan = collecting_scan(desk.parts, [("inventory", FIRST)])
    desk.sign_in()
    assert fetch(desk, scan).status == 409
    assert nothing_is_asked(desk, scan)


def test_only_a_reviewer_can_ask(desk: Desk) -> None:
    scan = with_a_machine(desk)
    assert fetch(desk, scan).status == 404
    as_customer(desk)
    assert fetch(desk, scan).status == 404
    assert nothing_is_asked(desk, scan)


def test_a_resource_that_the_scan_has_not_found_is_refused(desk: Desk) -> None:
    scan = with_a_machine(desk)
    desk.sign_in()
    assert fetch(desk, scan, resource_1=VIRTUAL_MACHINE).status == 400
    assert nothing_is_asked(desk, scan)


def test_what_can_be_fetched_is_of_cpu_memory_network_and_storage() -> None:
    assert [group.value for group in MetricGroup] == ["CPU", "Memory", "Network", "Storage"]
    assert {metric.group for listed in METRICS.values() for metric in listed} == set(MetricGroup)
