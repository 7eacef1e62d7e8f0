"""A mistake in the running app: messages die, it is fixed, a reviewer sends them again, nothing is missing."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

import collectors.scan.run
from collectors.base import Collector
from collectors.registry import PLANNED_AT_START
from local.run import Run
from local.scan import plain
from shared.arm.catalogue import COLLECTED
from shared.core.models import Scan, ScanStatus
from shared.sql.collected.recommendations import Recommendations
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from shared.wiring import Services
from simulator.people import BY_USERNAME, CONTOSO
from tests.flow.walking import Walker, ended, local_run

OWNER = "owner@contoso.example"
PATIENCE_SECONDS = 90
ALL = frozenset(kind.name for kind in COLLECTED)


def collects(without: frozenset[str]) -> Callable[[Services, Collector, bytes], None]:
    """The program with a mistake in these collectors."""
    whole = collectors.scan.run.collect

    def collect(services: Services, collector: Collector, body: bytes) -> None:
        if collector.name in without:
            raise ZeroDivisionError("our mistake")
        whole(services, collector, body)

    return collect


def until_whole(run: Run) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_whole(run):
        assert time.monotonic() < ends, state(run)
        time.sleep(0.1)


def state(run: Run) -> list[str]:
    """Where the scan and its parts stand."""
    scan = only_scan(run)
    key = scan.key
    steps = [
        f"{one.collector} {one.status} {one.attempt} {one.status_reason}"
        for one in Steps(run.services.database).list(key)
    ]
    jobs = [f"{one.title} {one.state} {one.state_reason}" for one in OperatorJobs(run.services.database).list(key)]
    return [f"{scan.status} {scan.status_reason}", *steps, *jobs]


def at_the_desk(run: Run, username: str = "reviewer@caleta.example") -> Walker:
    walker = Walker(run)
    page = walker.open(f"{walker.base_url}/desk/sign-in")
    form = page.form_to("/desk/sign-in")
    assert form is not None
    walker.press(walker.submit(page, form), "username", username)
    return walker


def send_all_again(run: Run) -> int:
    """Each letter of the list by its button; how many there were."""
    reviewer = at_the_desk(run)
    letters = DeadLetters(run.services.database).list()
    for letter in letters:
        page = reviewer.open(f"{reviewer.base_url}/desk/dead-letters")
        form = page.form_to(f"/desk/dead-letters/{letter.dead_letter_id}/replay")
        assert form is not None, page.text
        assert reviewer.submit(page, form, reason="fixed").status == 200
        assert reviewer.submit(page, form, reason="fixed").status == 409
    return len(letters)


def only_scan(run: Run) -> Scan:
    user = BY_USERNAME[OWNER].object_ids[CONTOSO.tenant_id]
    found = Scans(run.services.database).latest(CONTOSO.tenant_id, user)
    assert found is not None
    return found


def is_whole(run: Run) -> bool:
    scan = only_scan(run)
    jobs = OperatorJobs(run.services.database).list(scan.key)
    return scan.status is ScanStatus.COLLECTED and all(job.state.is_final for job in jobs)


def stored(run: Run) -> dict[str, object]:
    scan, recommendations = only_scan(run), Recommendations(run.services.database)
    sums = recommendations.cost_sums(scan.key)
    return {"rows": recommendations.row_counts(scan.key), "totals": plain(sums)}


def truth(run: Run) -> dict[str, object]:
    scan = only_scan(run)
    asked = {"username": OWNER, "tenant": CONTOSO.tenant_id, "as_of": scan.requested_at.date().isoformat()}
    told = requests.get(f"{run.options.tenant.url}/_simulation/truth", params=asked, timeout=60).json()
    return {"rows": told["rows"], "totals": plain(told["totals"])}


@pytest.mark.parametrize("mistaken", [frozenset({"advisor", "costs"}), ALL], ids=["in two collectors", "in all"])
def test_what_died_is_read_after_all_and_the_scan_is_what_it_would_have_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistaken: frozenset[str]
) -> None:
    with local_run(tmp_path) as run:
        with monkeypatch.context() as program:
            program.setattr(collectors.scan.run, "collect", collects(mistaken))
            customer = Walker(run)
            ended(customer, customer.sign_in(OWNER))
        assert only_scan(run).status is (ScanStatus.FAILED if mistaken == ALL else ScanStatus.PARTIAL)
        assert send_all_again(run) >= len(mistaken & {each.name for each in PLANNED_AT_START})
        until_whole(run)
        assert stored(run) == truth(run)
        assert "Replayed a failed message" in customer.open(f"{customer.base_url}/audit").text
