import re

import pytest

from shared.core.findings import FindingStatus
from shared.core.models import Scan
from tests.support.desk import Desk, text_of
from tests.unit.web.reviewed import as_customer, card_of, drafted, of_scan, publish
from tests.unit.web.written import Writing
from web.customer.savings import scan_savings
from web.desk.findings.listing import desk_finding_status
from web.desk.findings.publish import desk_publish, desk_publish_preview


@pytest.fixture
def scan(desk: Desk) -> Scan:
    return drafted(desk)


def test_a_review_without_findings_tells_the_customer_there_are_no_savings(desk: Desk, scan: Scan) -> None:
    desk.sign_in()
    for one in of_scan(desk, scan):
        route = {"scan_id": scan.scan_id, "finding_id": one.finding_id}
        assert desk.post(desk_finding_status, {"status": "discarded", "version": "1"}, **route).status == 303
    assert "End review without findings" in text_of(desk.get(desk_publish_preview, scan_id=scan.scan_id))
    assert desk.post(desk_publish, scan_id=scan.scan_id).status == 303
    assert desk.post(desk_publish, scan_id=scan.scan_id).status == 400
    as_customer(desk)
    assert "found no savings" in text_of(desk.get(scan_savings, scan_id=scan.scan_id))


@pytest.mark.parametrize("seen", ["", "nothing", "00000000-0000-4000-8000-00000000000f:1"])
def test_drafts_that_were_not_in_the_preview_are_not_published(desk: Desk, scan: Scan, seen: str) -> None:
    desk.sign_in()
    assert desk.post(desk_publish, {"seen": seen}, scan_id=scan.scan_id).status == 400
    assert {one.status for one in of_scan(desk, scan)} == {FindingStatus.DRAFT}


def test_publishing_twice_is_harmless(desk: Desk, scan: Scan) -> None:
    desk.sign_in()
    seen = " ".join(f"{one.finding_id}:{one.version}" for one in of_scan(desk, scan))
    for _ in range(2):
        assert desk.post(desk_publish, {"seen": seen}, scan_id=scan.scan_id).status == 303
    assert {one.version for one in of_scan(desk, scan)} == {2}


def test_incomplete_findings_are_not_published(desk: Desk, scan: Scan) -> None:
    desk.sign_in()
    hand = Writing(desk, scan)
    assert "no title or no text" in text_of(desk.get(desk_publish_preview, scan_id=scan.scan_id))
    seen = " ".join(f"{one.finding_id}:{one.version}" for one in of_scan(desk, scan))
    assert desk.post(desk_publish, {"seen": seen}, scan_id=scan.scan_id).status == 400
    hand.done("")
    publish(desk, scan)


def test_the_preview_is_the_customers_page(desk: Desk, scan: Scan) -> None:
    desk.sign_in()
    preview = text_of(desk.get(desk_publish_preview, scan_id=scan.scan_id))
    publish(desk, scan)
    as_customer(desk)
    for one in of_scan(desk, scan):
        page = text_of(desk.get(scan_savings, {"open": one.finding_id}, scan_id=scan.scan_id))
        before, after = card_of(preview, one), re.sub(r' data-(source|loaded)="[^"]*"', "", card_of(page, one))
        assert before.replace(" disabled", "") == after.replace('name="seen" value="2"', 'name="seen" value="1"')
