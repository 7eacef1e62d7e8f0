"""A customer with a scanned simulated estate and drafts, and a reviewer."""

import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from findings.draft import draft
from shared.core.findings import Finding, FindingStatus
from shared.core.messages import ScanMessage
from shared.core.models import Scan
from shared.identity.id_token import Identity
from shared.sql.findings.findings import Findings
from shared.sql.scans.connections import Connections
from simulator.estate.estate import Estate
from tests.support.collecting import TENANT, USER
from tests.support.databases import is_empty, on_a_server
from tests.support.desk import Desk
from tests.support.estate_scan import scanned
from web.desk.findings.publish import desk_publish
from web.http.access import SESSION_COOKIE

SAMPLE_SEED = 144
"""An estate with a finding of several resources, and savings of several kinds."""


def drafted(desk: Desk, at: datetime | None = None, estate: Estate | None = None) -> Scan:
    """A scan of the estate with its drafts. A first scan of the usual estate is copied: only one test makes it."""
    moment = at or desk.parts.time.now()
    file = desk.folder / "caleta.db"
    if estate is not None or on_a_server() or not is_empty(desk.parts.database, file):
        return _drafted(desk, moment, estate or Estate(SAMPLE_SEED, "tiny"))
    content, scan = _first_scan(moment)
    file.write_bytes(content)
    return scan


@cache
def _first_scan(moment: datetime) -> tuple[bytes, Scan]:
    """The database file after the first scan at this moment."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        scan = _drafted(desk, moment, Estate(SAMPLE_SEED, "tiny"))
        desk.close()
        return Path(folder, "caleta.db").read_bytes(), scan


def _drafted(desk: Desk, moment: datetime, estate: Estate) -> Scan:
    Connections(desk.parts.database).save(TENANT, USER, "owner@contoso.example", b"token", moment)
    _, scan = scanned(desk.parts.database, estate, moment)
    draft(desk.parts, ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode())
    return scan


def of_scan(desk: Desk, scan: Scan, *statuses: FindingStatus) -> list[Finding]:
    return Findings(desk.parts.database).of_scan(scan.key, statuses or tuple(FindingStatus))


def publish(desk: Desk, scan: Scan) -> None:
    """A reviewer publishes all drafts."""
    desk.sign_in()
    drafts = of_scan(desk, scan, FindingStatus.DRAFT)
    seen = " ".join(f"{one.finding_id}:{one.version}" for one in drafts)
    assert desk.post(desk_publish, {"seen": seen}, scan_id=scan.scan_id).status == 303


def as_customer(desk: Desk, user: str = USER) -> None:
    """The same browser, signed in as the customer."""
    identity = Identity(TENANT, user, "owner@contoso.example")
    desk.cookies = {SESSION_COOKIE: desk.parts.sessions.create(identity)}


def card_of(page: str, finding: Finding) -> str:
    """What the customer's page says of one finding."""
    return page.partition(f'id="{finding.finding_id}"')[2].partition("</article>")[0]
