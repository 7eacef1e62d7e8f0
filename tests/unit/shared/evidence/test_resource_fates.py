"""Two and three scans of an estate whose owner acts: what became of the resources, compared with what was done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from findings.draft import draft
from shared.core.findings import Decision, Finding, FindingStatus, Measure
from shared.core.messages import ScanMessage
from shared.core.models import Scan, StepStatus
from shared.core.money import sum_exactly
from shared.core.savings_ledger import Fate, LedgerEntry
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from shared.sql.findings.savings_ledger import SavingsLedger
from shared.sql.schema.tables import steps
from simulator.estate.charges import month_number
from simulator.estate.estate import Estate
from tests.support.changing_estate import ChangingEstate, Move, Removal
from tests.support.collecting import TENANT, USER
from tests.support.desk import Desk, text_of
from tests.support.estate_scan import scanned
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, drafted, of_scan, publish
from web.customer.findings import finding_decision
from web.customer.savings import scan_savings
from web.privacy.data_rights import data_delete

DECEMBER, JANUARY = datetime(2026, 12, 23, 12, tzinfo=UTC), datetime(2027, 1, 23, 12, tzinfo=UTC)
NOVEMBER_MONTH, DECEMBER_MONTH = month_number(2026, 11), month_number(2026, 12)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def scan(desk: Desk) -> Scan:
    made = drafted(desk)
    publish(desk, made)
    return made


def entries(desk: Desk, key: str = "") -> list[LedgerEntry]:
    return [one for one in SavingsLedger(desk.parts.database, TENANT).entries() if one.key == key or not key]


def billed_resource(desk: Desk) -> LedgerEntry:
    """A resource of the published review that is billed and could be removed."""
    return next(one for one in entries(desk) if one.estimated and one.measure is Measure.REMOVE)


def billed(resource_id: str, month: int) -> dict[str, Decimal]:
    """What the generator billed for a resource in a month, by currency."""
    estate = Estate(SAMPLE_SEED, "tiny")
    rows = [
        row
        for one in estate.subscriptions
        for row in estate.cost_rows(one, range(month, month + 1))
        if row.resource_id.lower() == resource_id
    ]
    currencies = sorted({row.currency for row in rows})
    return {name: sum_exactly(Decimal(repr(row.amount)) for row in rows if row.currency == name) for name in currencies}


def same(desk: Desk, entry: LedgerEntry) -> LedgerEntry:
    return next(one for one in entries(desk) if one.ledger_id == entry.ledger_id)


def findings_page(desk: Desk, scan: Scan) -> str:
    as_customer(desk)
    return text_of(desk.get(scan_savings, scan_id=scan.scan_id))


def test_publication_enters_each_resource_with_its_estimate(desk: Desk, scan: Scan) -> None:
    resources = Findings(desk.parts.database).resources(scan.key)
    shown = [one for one in of_scan(desk, scan, FindingStatus.PUBLISHED) if one.measure is not Measure.COMMIT]
    assert {(one.key, one.resource_id, one.estimated) for one in entries(desk)} == {
        (one.key, each.resource_id, each.savings) for one in shown for each in resources[one.finding_id]
    }
    assert {one.fate for one in entries(desk)} == {Fate.OPEN}


@pytest.mark.usefixtures("scan")
def test_a_removed_resource_saves_what_left_the_bill(desk: Desk) -> None:
    resource = billed_resource(desk)
    removal = Removal(NOVEMBER_MONTH, NOVEMBER_MONTH)
    later = drafted(desk, DECEMBER, ChangingEstate(SAMPLE_SEED, "tiny", {resource.resource_id: removal}))
    publish(desk, later)
    found = same(desk, resource)
    assert found.fate is Fate.REMOVED
    assert found.realized == billed(resource.resource_id, NOVEMBER_MONTH - 1) != {}
    assert "was removed and is no longer billed" in findings_page(desk, later)


@pytest.mark.usefixtures("scan")
def test_a_removed_resource_that_is_still_billed_has_saved_nothing_yet(desk: Desk) -> None:
    resource = billed_resource(desk)
    removal = {resource.resource_id: Removal(NOVEMBER_MONTH, DECEMBER_MONTH)}
    later = drafted(desk, DECEMBER, ChangingEstate(SAMPLE_SEED, "tiny", removal))
    publish(desk, later)
    assert (same(desk, resource).fate, same(desk, resource).realized) == (Fate.REMOVED_STILL_BILLED, {})
    assert "We count the savings from the first full month without" in findings_page(desk, later)
    drafted(desk, JANUARY, ChangingEstate(SAMPLE_SEED, "tiny", removal))
    assert same(desk, resource).fate is Fate.REMOVED
    assert same(desk, resource).realized == billed(resource.resource_id, NOVEMBER_MONTH - 1)


@pytest.mark.usefixtures("scan")
def test_deleted_findings_are_not_removed_resources(desk: Desk) -> None:
    later = drafted(desk, DECEMBER)
    publish(desk, later)
    delete(desk, "findings", later)
    page = findings_page(desk, later)
    assert "The findings of this scan were deleted on" in page
    assert "removed" not in page
    assert {one.fate for one in entries(desk)} == {Fate.OPEN}


def test_a_moved_resource_stays_the_same_and_takes_its_decision_along(desk: Desk, scan: Scan) -> None:
    resource = billed_resource(desk)
    as_customer(desk)
    finding = next(one for one in of_scan(desk, scan) if one.key == resource.key)
    assert decide(desk, scan, finding, "accepted") == 303
    move = {resource.resource_id: Move(NOVEMBER_MONTH, "moved-rg")}
    drafted(desk, DECEMBER, ChangingEstate(SAMPLE_SEED, "tiny", moves=move))
    found = same(desk, resource)
    assert (found.fate, found.moved_from) == (Fate.OPEN, resource.resource_id)
    assert "/moved-rg/" in found.resource_id
    decisions = FindingStates(desk.parts.database, TENANT, USER).all()[resource.key].by_resource or {}
    assert found.resource_id in decisions
    assert resource.resource_id not in decisions
    assert found.billed_since == billed(resource.resource_id, NOVEMBER_MONTH)


def decide(desk: Desk, scan: Scan, finding: Finding, decision: str) -> int:
    form = {"decision": decision, "version": "0", "seen": str(finding.version)}
    return desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=finding.finding_id).status


@pytest.mark.usefixtures("scan")
def test_a_subscription_that_could_not_be_read_says_nothing_about_its_resources(desk: Desk) -> None:
    resource = billed_resource(desk)
    removal = Removal(NOVEMBER_MONTH, NOVEMBER_MONTH)
    estate = ChangingEstate(SAMPLE_SEED, "tiny", {resource.resource_id: removal})
    _, later = scanned(desk.parts.database, estate, DECEMBER)
    with desk.parts.database.transaction(TENANT) as connection:
        own = (steps.c.scan_id == later.scan_id, steps.c.collector == "inventory")
        connection.execute(update(steps).where(*own).values(status=StepStatus.FAILED))
    draft(desk.parts, ScanMessage(tenant_id=TENANT, scan_id=later.scan_id).encode())
    assert (same(desk, resource).fate, same(desk, resource).realized) == (Fate.NOT_READ, {})


@pytest.mark.usefixtures("scan")
def test_a_subscription_that_is_listed_no_more_is_named_and_saves_nothing(desk: Desk) -> None:
    resource = billed_resource(desk)
    estate = Estate(SAMPLE_SEED, "tiny")
    lost = next(one for one in estate.subscriptions if one.subscription_id.lower() == resource.sub_account_id.lower())
    estate.subscriptions = tuple(one for one in estate.subscriptions if one is not lost)
    later = drafted(desk, DECEMBER, estate)
    publish(desk, later)
    assert (same(desk, resource).fate, same(desk, resource).realized) == (Fate.NOT_LISTED, {})
    page = findings_page(desk, later)
    assert f"in {lost.display_name}, which Azure no longer lists for you" in page


def test_a_decision_holds_for_the_organisation_and_survives_the_scan_it_was_made_in(desk: Desk, scan: Scan) -> None:
    as_customer(desk)
    key = billed_resource(desk).key
    finding = next(one for one in of_scan(desk, scan) if one.key == key)
    assert decide(desk, scan, finding, "dismissed") == 422
    assert decide(desk, scan, finding, "accepted") == 303
    colleague = "99999999-9999-4999-8999-999999999999"
    assert FindingStates(desk.parts.database, TENANT, colleague).all()[key].decision is Decision.ACCEPTED
    later = drafted(desk, DECEMBER)
    publish(desk, later)
    delete(desk, "scan", scan)
    assert FindingStates(desk.parts.database, TENANT, USER).all()[key].decision is Decision.ACCEPTED
    assert entries(desk, key), "what another scan still names keeps its history"
    delete(desk, "scan", later)
    assert FindingStates(desk.parts.database, TENANT, USER).all() == {}
    assert entries(desk) == []


def delete(desk: Desk, what: str, scan: Scan) -> None:
    as_customer(desk)
    answer = desk.post(data_delete, {"what": what, "scan": scan.scan_id})
    assert answer.status == 303, text_of(answer)
