from shared.core.findings import FindingStatus
from shared.core.models import ScanStatus
from tests.support.desk import Desk, text_of
from tests.unit.web.reviewed import as_customer, drafted, of_scan
from web.customer.savings import scan_savings


def test_a_draft_is_never_shown_to_the_customer(desk: Desk) -> None:
    scan = drafted(desk)
    as_customer(desk)
    page = text_of(desk.get(scan_savings, scan_id=scan.scan_id))
    drafts = of_scan(desk, scan, FindingStatus.DRAFT)
    assert drafts
    assert "is not published yet" in page
    assert not any(one.title in page or one.finding_id in page for one in drafts)


def test_of_a_scan_without_data_no_review_is_promised(desk: Desk) -> None:
    blocked = desk.consented_scan(status=ScanStatus.BLOCKED)
    as_customer(desk)
    page = text_of(desk.get(scan_savings, scan_id=blocked.scan_id))
    assert "there is nothing to review" in page
    assert "email you" not in page
