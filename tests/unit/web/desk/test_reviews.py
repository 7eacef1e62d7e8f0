import pytest

from shared.core.audit import Action, AuditEvent, customer, operator
from shared.core.models import ScanStatus
from shared.identity.id_token import Identity
from shared.sql.ledgers.audit import AuditLog
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.review_queue import ReviewQueue
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.connections import Connections
from tests.support.collecting import TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, REVIEWER, Desk, text_of
from web.desk.reviews import desk_assign, desk_claim, desk_queue
from web.desk.scan import desk_recommendations, desk_scan_page


def actions(desk: Desk) -> list[Action]:
    return [entry.action for entry in AuditLog(desk.parts.database).of_customer(TENANT)]


def test_the_queue_shows_customer_cost_coverage_and_the_time_left(desk: Desk) -> None:
    desk.consented_scan("12.50", "7.50")
    desk.parts.time.sleep(3600)
    desk.sign_in()
    page = text_of(desk.get(desk_queue))
    for words in ("owner@contoso.example", "£20.00", "1 of 1 subscription", "23 h 0 min left"):
        assert words in page


def test_an_overdue_review_is_first_and_marked_until_it_is_published(desk: Desk) -> None:
    late = desk.consented_scan()
    desk.parts.time.sleep(23 * 3600)
    young = desk.consented_scan()
    desk.parts.time.sleep(2 * 3600)
    desk.sign_in()
    page = text_of(desk.get(desk_queue))
    assert page.index(late.scan_id) < page.index(young.scan_id)
    assert "Overdue by 1 h 0 min" in page
    assert "1 review is overdue" in page
    assert text_of(desk.get(desk_queue, {"show": "overdue"})).count("/desk/scans/") == 2


def test_an_overdue_review_is_not_displaced_by_newer_scans(desk: Desk) -> None:
    late = desk.consented_scan()
    desk.parts.time.sleep(25 * 3600)
    for _ in range(3):
        desk.consented_scan(status=ScanStatus.FAILED)
        desk.parts.time.sleep(60)
    listed = ReviewQueue(desk.parts.database).list(QueueFilter.ALL, "", "nobody", desk.parts.clock.now(), 1)
    assert listed[0].scan.scan_id == late.scan_id
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("show", "is_listed"),
    [
        ("open", True),
        ("unclaimed", True),
        ("mine", False),
        ("overdue", False),
        ("running", False),
        ("published", False),
    ],
)
def test_each_filter_lists_its_scans(desk: Desk, show: str, is_listed: bool) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    assert (scan.scan_id in text_of(desk.get(desk_queue, {"show": show}))) is is_listed


def test_the_search_finds_a_customer_and_an_unknown_filter_is_refused(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    assert scan.scan_id in text_of(desk.get(desk_queue, {"q": "OWNER@contoso"}))
    assert scan.scan_id not in text_of(desk.get(desk_queue, {"q": "fabrikam"}))
    assert desk.get(desk_queue, {"show": "x"}).status == 400


def test_a_scan_that_ended_without_data_has_nothing_to_review(desk: Desk) -> None:
    scan = desk.consented_scan(status=ScanStatus.FAILED)
    desk.sign_in()
    assert scan.scan_id not in text_of(desk.get(desk_queue))
    assert "Nothing to review" in text_of(desk.get(desk_queue, {"show": "all"}))


def test_claiming_a_review_assigns_it_to_me_and_is_logged(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    assert desk.post(desk_claim, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(scan.key).claimed_by == REVIEWER.user_object_id
    assert actions(desk)[0] is Action.REVIEW_CLAIMED
    assert scan.scan_id in text_of(desk.get(desk_queue, {"show": "mine"}))


def test_a_claimed_review_cannot_be_claimed_again(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    response = desk.post(desk_claim, scan_id=scan.scan_id)
    assert response.status == 409
    assert "The reviewer is reviewer@caleta.example." in text_of(response)
    assert actions(desk).count(Action.REVIEW_CLAIMED) == 1


def test_reassigning_needs_a_reason_and_can_return_a_review_to_the_queue(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    form = {"owner": REVIEWER.user_object_id, "to": "unassigned"}
    assert desk.post(desk_assign, form, scan_id=scan.scan_id).status == 400
    assert desk.post(desk_assign, {**form, "reason": "holiday"}, scan_id=scan.scan_id).status == 303
    review = Reviews(desk.parts.database).get(scan.key)
    assert (review.claimed_by, review.claimed_at) == (None, None)
    newest = AuditLog(desk.parts.database).of_customer(TENANT)[0]
    assert (newest.action, newest.reason) == (Action.REVIEW_HANDED_OVER, "holiday")


def test_reassigning_from_an_outdated_page_changes_nothing(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    desk.sign_in(COLLEAGUE)
    take_over = {"owner": REVIEWER.user_object_id, "to": COLLEAGUE.user_object_id, "reason": "ill"}
    assert desk.post(desk_assign, take_over, scan_id=scan.scan_id).status == 303
    desk.sign_in()
    give_back = {"owner": REVIEWER.user_object_id, "to": "unassigned", "reason": "late"}
    assert desk.post(desk_assign, give_back, scan_id=scan.scan_id).status == 409
    assert Reviews(desk.parts.database).get(scan.key).claimed_by == COLLEAGUE.user_object_id


def signed_in(desk: Desk, who: Identity) -> None:
    """As the callback records it."""
    event = AuditEvent(
        desk.parts.clock.now(), None, operator(who.user_object_id, who.username), Action.OPERATOR_SIGNED_IN
    )
    AuditLog(desk.parts.database).append(event)


def test_a_review_can_be_assigned_to_any_colleague_who_has_signed_in(desk: Desk) -> None:
    scan = desk.consented_scan()
    signed_in(desk, COLLEAGUE)
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    assert COLLEAGUE.username in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    form = {"owner": REVIEWER.user_object_id, "to": COLLEAGUE.user_object_id, "reason": "holiday"}
    assert desk.post(desk_assign, form, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(scan.key).claimed_by_name == COLLEAGUE.username


def test_an_unclaimed_review_can_be_assigned_to_a_colleague(desk: Desk) -> None:
    scan = desk.consented_scan()
    signed_in(desk, COLLEAGUE)
    desk.sign_in()
    assert "Assign to a colleague" in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    form = {"to": COLLEAGUE.user_object_id, "reason": "knows them"}
    assert desk.post(desk_assign, form, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(scan.key).claimed_by == COLLEAGUE.user_object_id


@pytest.mark.parametrize("days", [0, 91])
def test_a_review_cannot_be_assigned_to_an_operator_without_a_recent_sign_in(desk: Desk, days: int) -> None:
    if days:
        signed_in(desk, COLLEAGUE)
        desk.parts.time.sleep(days * 86_400)
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    for to in (COLLEAGUE.user_object_id, USER, "x", ""):
        form = {"owner": REVIEWER.user_object_id, "to": to, "reason": "x"}
        assert desk.post(desk_assign, form, scan_id=scan.scan_id).status == 400


def test_a_reason_that_is_too_long_is_refused_and_nothing_changes(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_claim, scan_id=scan.scan_id)
    form = {"owner": REVIEWER.user_object_id, "to": "unassigned", "reason": "x" * 401}
    response = desk.post(desk_assign, form, scan_id=scan.scan_id)
    assert response.status == 400
    assert "The reason is too long" in text_of(response)
    assert Reviews(desk.parts.database).get(scan.key).claimed_by == REVIEWER.user_object_id


def test_the_overview_shows_the_coverage_and_that_consent_has_ended(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    page = text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    assert "1 of 1 subscription was read in full." in page
    assert "consent has ended" not in page
    Connections(desk.parts.database).disconnect(TENANT, USER, by=customer(USER), at=desk.parts.time.now())
    assert "consent has ended" in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))


def test_unread_recommendations_are_not_shown_as_none(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    page = desk.get(desk_recommendations, scan_id=scan.scan_id)
    assert page.status == 200
    assert "These recommendations could not be read, so we do not know whether there are any." in text_of(page)
