"""`python -m tests.faults.limits`: what attacks by volume cost, and their bounds.

The column “before” states what an attack on the running app measured before there were limits; it is not measured
again. Everything else is measured here, on the app's own parts with a database file, by a clock that tests move.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Table, func, select

from shared import wiring
from shared.core.limits import SCANS_PER_CUSTOMER, SCANS_RUNNING_PER_USER, SIGN_IN_STARTS
from shared.core.models import ScanStatus
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import scans
from tests.support.browsing import Visit, cost_row, ended, finished_scan
from tests.support.collecting import FIRST, TENANT, USER
from tests.support.databases import counted_statements
from tests.unit.web.test_before_the_body import POST_ROUTES, post, sent
from web.customer.consent import consent_start
from web.customer.scans import scan_start
from web.error_pages import answer
from web.http.messages import Request
from web.privacy.data_rights import data_delete

FRONT_DOOR = "f" * 43
MIB = 1024 * 1024
EVERYTHING = {"what": "everything"}


@dataclass(frozen=True)
class Cost:
    """What an attack cost: `value` of `unit`, which may be at most `bound`; memory in MiB and processor seconds."""

    value: int
    unit: str
    bound: int
    memory_mib: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def is_bounded(self) -> bool:
        return self.value <= self.bound and self.memory_mib <= MOST_MEMORY_MIB


MOST_MEMORY_MIB = 64.0
"""For any attack: an instance has 2 GB for all that it does at once."""


@dataclass(frozen=True)
class Attack:
    """`before` is what it cost without limits, as measured then."""

    name: str
    before: str
    run: Callable[[Visit], Cost]


def many_scans(visit: Visit) -> Cost:
    """One customer starts 165 scans, each as soon as the last has failed."""
    visit.consent()
    for _ in range(165):
        visit.parts.time.sleep(1.6)
        visit.ask(scan_start, "POST")
        latest = visit.parts.scans.latest(TENANT, USER)
        if latest is not None and not latest.status.is_final:
            ended(visit.parts, latest, ScanStatus.FAILED)
    return Cost(_rows(visit, scans), "scans", SCANS_PER_CUSTOMER.number)


def tabs_at_once(visit: Visit) -> Cost:
    """Eight tabs ask for a scan in the same moment."""
    visit.consent()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: visit.ask(scan_start, "POST"), range(8)))
    return Cost(_rows(visit, scans), "running scans", SCANS_RUNNING_PER_USER)


def sign_in_starts(visit: Visit) -> Cost:
    """One address starts 600 sign-ins; each accepted one is kept for ten minutes."""
    visit.parts.settings = replace(visit.parts.settings, front_door_secrets=(FRONT_DOOR,))
    headers = {
        "sec-fetch-site": "same-origin",
        "origin": visit.parts.settings.base_url,
        "x-caleta-front-door": FRONT_DOOR,
        "cf-connecting-ip": "203.0.113.9",
    }
    statuses = []
    for _ in range(600):
        visit.parts.time.sleep(0.1)
        request = Request("POST", "/consent/start", form={"tenant": "not a tenant"}, headers=headers)
        statuses.append(answer(consent_start, request, visit.parts).status)
    accepted = sum(status != 429 for status in statuses)
    return Cost(accepted + _rows(visit, audit_events), "accepted starts and rows", SIGN_IN_STARTS.number)


def large_form(visit: Visit) -> Cost:
    """A caller who is not signed in sends a percent-encoded form of 47 MiB to the editor of findings."""
    wiring.use(visit.parts)
    try:
        route = next(one for one in POST_ROUTES if one.name == "desk_finding_save")
        request = post(route, {"sec-fetch-site": "same-origin", "origin": visit.parts.settings.base_url})
        sent(route.call, request)
    finally:
        wiring.use(None)
    return Cost(int(request.was_read), "bodies read", 0)


def deletion_of(number: int, bound: int) -> Callable[[Visit], Cost]:
    """A customer deletes everything with so many scans of one row each."""

    def run(visit: Visit) -> Cost:
        visit.consent()
        for _ in range(number):
            finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST, ScanStatus.PARTIAL)
        with counted_statements(visit.parts.database) as statements:
            response = visit.visit(data_delete, "POST", form=EVERYTHING)
        if response.status != 303:
            raise RuntimeError(f"the deletion was answered with {response.status}")
        return Cost(len(statements), "statements", bound)

    return run


ATTACKS = (
    Attack("a stranger posts a form of 47 MiB", "1.29 GB and 8 s of CPU", large_form),
    Attack("one customer starts 165 scans", "165 scans in 270 s", many_scans),
    Attack("eight tabs start a scan at once", "two scans in 3 of 5 rounds of two tabs", tabs_at_once),
    Attack("600 sign-ins started from one address", "600 rows kept for 12 months", sign_in_starts),
    Attack("deletion of 5 minimal scans", "3,082 statements", deletion_of(5, 300)),
    Attack("deletion of 10 minimal scans", "11,702 statements", deletion_of(10, 300)),
    Attack("deletion of 20 minimal scans", "45,592 statements", deletion_of(20, 300)),
    Attack("deletion of 40 minimal scans", "not finished after ten minutes (47 scans)", deletion_of(40, 300)),
)


def measured(attack: Attack) -> Cost:
    """Run the attack on an app of its own."""
    with tempfile.TemporaryDirectory() as folder:
        visit = Visit(Path(folder))
        tracemalloc.start()
        began = time.process_time()
        try:
            cost = attack.run(visit)
            return replace(
                cost,
                memory_mib=tracemalloc.get_traced_memory()[1] / MIB,
                cpu_seconds=time.process_time() - began,
            )
        finally:
            tracemalloc.stop()
            visit.close()


def table(costs: dict[str, Cost]) -> str:
    """The attacks as a Markdown table."""
    head = ("| attack | before | now | bound | memory, MiB | CPU, s | bounded |", f"|{' --- |' * 7}")
    return "\n".join([*head, *(_row(attack, costs[attack.name]) for attack in ATTACKS)])


def _row(attack: Attack, cost: Cost) -> str:
    now, is_bounded = f"{cost.value:,} {cost.unit}", "yes" if cost.is_bounded else "NO"
    measures = f"{cost.memory_mib:.1f} | {cost.cpu_seconds:.1f}"
    return f"| {attack.name} | {attack.before} | {now} | {cost.bound:,} | {measures} | {is_bounded} |"


def _rows(visit: Visit, of: Table) -> int:
    with visit.parts.database.system_transaction() as connection:
        return int(connection.execute(select(func.count()).select_from(of)).scalar_one())


def main() -> int:
    """Print the table; 1 if an attack is not bounded."""
    costs = {attack.name: measured(attack) for attack in ATTACKS}
    sys.stdout.write(table(costs) + "\n")
    return 0 if all(cost.is_bounded for cost in costs.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
