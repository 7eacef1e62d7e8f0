"""A whole scan over the double of SQL Server: host, queues, functions and pages send it nothing but T-SQL."""

import re
from dataclasses import dataclass
from pathlib import Path

from shared.core.models import ScanKey
from shared.sql.collected.recommendations import Recommendations
from simulator.people import CONTOSO
from tests.flow.test_dead_letter_replay import at_the_desk
from tests.flow.walking import Walker, ended, local_run
from tests.peers.sqlserver.server import DoubledDatabase
from tests.peers.sqlserver.wire import Wire
from tests.support.databases import double_of_sql_server


def test_from_the_consent_to_the_report(tmp_path: Path) -> None:
    with double_of_sql_server(), local_run(tmp_path) as run:
        assert isinstance(run.services.database, DoubledDatabase)
        walker = Walker(run)
        page = ended(walker, walker.sign_in("owner@contoso.example"))
        scan_id = page.url.rpartition("/")[2]
        assert walker.open(f"{page.url}/costs").status == 200
        counts = Recommendations(run.services.database).row_counts(ScanKey(CONTOSO.tenant_id, scan_id))
        assert counts["costs"] > 100
        assert counts["inventory"] > 10
        assert run.services.database.server.connected > 2, "a writer and readers"
        wire, reviewer = run.services.database.server.wire, at_the_desk(run, "lead@caleta.example")
        counted = [requests_of(walker, wire, path) for path in pages_of(scan_id)]
        counted += [requests_of(reviewer, wire, path) for path in desk_pages_of(scan_id)]
        print(table(counted))  # noqa: T201  the figures that docs/sql-server.md explains
        assert wire.described == [], "no known NULL is a parameter"
        of_a_scan = [each for each in counted if each.path.startswith(OF_A_SCAN)]
        assert len(of_a_scan) == len(SCAN_PAGES)
        assert [each for each in counted if each.requests > MAX_REQUESTS] == []
        assert [each for each in counted if each.with_unprepares > MAX_WITH_UNPREPARES] == []
        assert [each for each in counted if each.beside > MAY_BESIDE.get(each.path, BESIDE)] == []


OF_A_SCAN = "/scans/"
SCAN_PAGES = ("", "/costs", "/changes", "/inventory", "/recommendations", "/coverage", "/savings")
SCAN_ID = re.compile(r"[0-9a-f-]{36}")
MAX_REQUESTS = 12
MAX_WITH_UNPREPARES = 22
"""The driver gives up each prepared statement in a request of its own, which the page does not wait for."""

BESIDE = 2
"""One session context and one commit."""

MAY_BESIDE = {"/desk/scans/…": 3, "/desk/customers/…": 3}
"""Colleagues' sign-ins are no customer's, and the ledger of deletions knows pseudonyms: both are read as the system."""


@dataclass(frozen=True)
class Counted:
    """What one page sent to SQL Server; `beside` is what is no query of its own."""

    path: str
    requests: int
    beside: int
    unprepared: int

    @property
    def with_unprepares(self) -> int:
        return self.requests + self.unprepared


def pages_of(scan_id: str) -> tuple[str, ...]:
    """The customer's pages that read the database."""
    scan = f"/scans/{scan_id}"
    return ("/scans", *(f"{scan}{page}" for page in SCAN_PAGES), "/audit", "/data", "/disconnect")


def desk_pages_of(scan_id: str) -> tuple[str, ...]:
    """Our own pages that read the database."""
    scan = f"/desk/scans/{scan_id}"
    of_scan = [f"{scan}/{page}" for page in ("recommendations", "costs", "inventory", "jobs", "query", "metrics")]
    customer = f"/desk/customers/{CONTOSO.tenant_id}"
    return ("/desk", scan, *of_scan, "/desk/dead-letters", "/desk/retention", "/desk/customers", customer)


def requests_of(walker: Walker, wire: Wire, path: str) -> Counted:
    wire.begin_page()
    page = walker.open(f"{walker.base_url}{path}")
    assert page.status == 200, (path, page.heading)
    beside = [each for each in wire.of_pages if each == "COMMIT" or "sp_set_session_context" in each]
    return Counted(SCAN_ID.sub("…", path), len(wire.of_pages), len(beside), wire.unprepared_of_pages)


def table(counted: list[Counted]) -> str:
    """One line a page."""
    lines = [
        f"{each.path:<34}{each.requests:>9}{each.beside:>8}{each.unprepared:>12}{each.with_unprepares:>8}"
        for each in counted
    ]
    return "\n".join(("", f"{'page':<34}{'requests':>9}{'beside':>8}{'unprepares':>12}{'all':>8}", *lines))
