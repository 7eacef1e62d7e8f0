import pytest

from shared.core.models import ScanStatus
from shared.messaging.queues import DELETIONS
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, SECOND, TENANT, USER, collecting_scan
from web.customer.overview import scan_overview
from web.customer.scans import scan_list
from web.error_pages import Handler
from web.privacy.data_rights import data_delete, data_delete_confirm, data_page, data_receipt

EVERYTHING = {"what": "everything"}


def consented(visit: Visit, user: str = USER) -> None:
    connections = Connections(visit.parts.database)
    connections.save(TENANT, user, "owner@contoso.example", b"token", visit.parts.clock.now())


def receipt(visit: Visit, location: str) -> str:
    answer = visit.visit(data_receipt, receipt_id=location.rpartition("/")[2])
    assert answer.status == 200
    return answer.body.decode()


@pytest.mark.parametrize(
    ("handler", "method"), [(data_page, "GET"), (data_delete_confirm, "GET"), (data_delete, "POST")]
)
def test_who_is_not_signed_in_is_asked_to(visit: Visit, handler: Handler, method: str) -> None:
    assert visit.visit(handler, method).status == 401


def test_the_page_counts_what_is_held_and_says_when_it_is_deleted(visit: Visit) -> None:
    consented(visit)
    finished_scan(visit.parts, [cost_row(FIRST, "1"), cost_row(FIRST, "2")], FIRST)
    visit.sign_in()
    page = " ".join(visit.visit(data_page).body.decode().split())
    assert '<th scope="row">Cost records</th> <td class="number" data-label="Records">2</td>' in page
    assert "<strong>23 Nov 2027</strong>" in page
    assert "Consent, with the encrypted token" in page
    assert "after 7 days" in page
    assert "70 minutes after the last request" in page


def test_the_page_of_a_user_without_data_says_so(visit: Visit) -> None:
    visit.sign_in()
    assert "We store only the 0 entries" in visit.visit(data_page).body.decode()


def test_no_other_users_scan_is_counted_or_shown(visit: Visit) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    page = visit.visit(data_page).body.decode()
    assert scan.scan_id not in page
    assert "We store only" in page


def test_it_asks_before_it_deletes(visit: Visit) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in()
    for what in ("everything", "scan", "findings"):
        page = visit.visit(data_delete_confirm, query={"what": what, "scan": scan.scan_id})
        assert page.status == 200
        assert b"This cannot be undone" in page.body
    assert Scans(visit.parts.database).get(scan.key) is not None


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"what": "all"}, 400),
        ({"what": "scan"}, 404),
        ({"what": "scan", "scan": SECOND}, 404),
        ({"what": "findings", "scan": "'; DROP TABLE scans"}, 404),
    ],
)
def test_a_form_that_is_not_ours_deletes_nothing(visit: Visit, form: dict[str, str], status: int) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in()
    assert visit.visit(data_delete, "POST", form=form).status == status
    assert visit.visit(data_delete_confirm, query=form).status == status
    assert Scans(visit.parts.database).get(scan.key) is not None


def test_another_sites_form_deletes_nothing(visit: Visit) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in()
    assert visit.visit(data_delete, "POST", form=EVERYTHING, headers={"sec-fetch-site": "cross-site"}).status == 403
    assert Scans(visit.parts.database).get(scan.key) is not None


def test_another_users_scan_cannot_be_deleted_and_looks_as_if_it_did_not_exist(visit: Visit) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    theirs = visit.visit(data_delete, "POST", form={"what": "scan", "scan": scan.scan_id})
    nobodys = visit.visit(data_delete, "POST", form={"what": "scan", "scan": SECOND})
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert Scans(visit.parts.database).get(scan.key) is not None


def test_one_scan_is_deleted_and_the_others_stay(visit: Visit) -> None:
    visit.sign_in()
    deleted = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.parts.time.sleep(60)
    kept = finished_scan(visit.parts, [cost_row(FIRST, "2")], FIRST)
    answer = visit.visit(data_delete, "POST", form={"what": "scan", "scan": deleted.scan_id})
    assert answer.status == 303
    page = receipt(visit, answer.headers["Location"])
    assert "The data is deleted" in page
    assert "One scan and everything calculated from it" in page
    assert visit.visit(scan_overview, scan_id=deleted.scan_id).status == 404
    assert visit.visit(scan_overview, scan_id=kept.scan_id).status == 200


def test_who_deletes_everything_is_signed_out_everywhere_and_has_a_receipt(visit: Visit) -> None:
    consented(visit)
    collecting_scan(visit.parts, [("costs", FIRST)])
    visit.sign_in()
    elsewhere = dict(visit.cookies)
    visit.parts.time.sleep(1)
    visit.sign_in()
    visit.parts.time.sleep(1)
    answer = visit.visit(data_delete, "POST", form=EVERYTHING)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visit.cookies == {}
    page = receipt(visit, answer.headers["Location"])
    assert "The data is deleted" in page
    assert "30 Nov 2026" in page
    assert "contoso" not in page
    visit.cookies = elsewhere
    assert visit.visit(scan_list).status == 401
    assert Connections(visit.parts.database).get(TENANT, USER) is None


def test_a_large_deletion_continues_after_the_page(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")] * 3, FIRST)
    monkeypatch.setattr("shared.deletion.service.PAGE_SECONDS", 0)
    answer = visit.visit(data_delete, "POST", form={"what": "scan", "scan": scan.scan_id})
    page = receipt(visit, answer.headers["Location"])
    assert "The data is being deleted" in page
    assert 'http-equiv="refresh"' in page
    assert len(visit.parts.outbox.of(DELETIONS.name)) == 1
    assert visit.visit(scan_overview, scan_id=scan.scan_id).status == 404


@pytest.mark.parametrize("receipt_id", ["", "x", "'; DROP TABLE purges", "a" * 5000, SECOND, "before receipts 1"])
def test_a_receipt_that_does_not_exist_is_not_found(visit: Visit, receipt_id: str) -> None:
    assert visit.visit(data_receipt, receipt_id=receipt_id).status == 404


def test_a_scan_that_was_cancelled_can_be_deleted(visit: Visit) -> None:
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    Scans(visit.parts.database).finish(scan.key, ScanStatus.CANCELLED, None, visit.parts.clock.now())
    visit.sign_in()
    assert visit.visit(data_delete, "POST", form={"what": "scan", "scan": scan.scan_id}).status == 303
    assert Scans(visit.parts.database).get(scan.key) is None
