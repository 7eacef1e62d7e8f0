import pytest

from shared.core.audit import Action, AuditEvent, customer, operator
from shared.core.models import ScanStatus
from shared.identity.id_token import Identity
from shared.sql.ledgers.audit import AuditLog
from shared.sql.reviews.review_queue import ReviewQueue
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.connections import Connections
from tests.support.collecting import TENANT, USER
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, REVIEWER, Desk, text_of
from web.desk.reviews import desk_hand_over, desk_queue, desk_take
from web.desk.scan import desk_recommendations, desk_scan_page


def actions(desk: Desk) -> list[Action]:
    return [entry.action for entry in AuditLog(desk.parts.database).of_customer(TENANT)]


def test_the_queue_shows_customer_spend_coverage_and_the_time_that_is_left(desk: Desk) -> None:
    desk.consented_scan("12.50", "7.50")
    desk.sign_in()
    desk.parts.time.sleep(3600)
    page = text_of(desk.get(desk_queue))
    for words in ("owner@contoso.example", "£20.00", "1 of 1 subscription", "23 h 0 min left"):
        assert words in page


def test_an_overdue_review_is_first_and_said_to_be_overdue_until_it_is_published(desk: Desk) -> None:
    late = desk.consented_scan()
    desk.parts.time.sleep(23 * 3600)
    young = desk.consented_scan()
    desk.parts.time.sleep(2 * 3600)
    desk.sign_in()
    page = text_of(desk.get(desk_queue))
    assert page.index(late.scan_id) < page.index(young.scan_id)
    assert "overdue by 1 h 0 min" in page
    assert "1 review is overdue" in page
    assert text_of(desk.get(desk_queue, {"show": "overdue"})).count("/desk/scans/") == 2


def test_an_overdue_review_is_not_pushed_out_by_newer_scans_without_one(desk: Desk) -> None:
    late = desk.consented_scan()
    desk.parts.time.sleep(25 * 3600)
    for _ in range(3):
        desk.consented_scan(status=ScanStatus.FAILED)
        desk.parts.time.sleep(60)
    listed = ReviewQueue(desk.parts.database).newest(2)
    assert listed[0].scan.scan_id == late.scan_id
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("show", "is_listed"),
    [("open", True), ("free", True), ("mine", False), ("overdue", False), ("running", False), ("published", False)],
)
def test_each_filter_lists_what_it_says(desk: Desk, show: str, is_listed: bool) -> None:
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
    assert "nothing to review" in text_of(desk.get(desk_queue, {"show": "all"}))


def test_taking_a_scan_makes_it_mine_and_is_recorded(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    assert desk.post(desk_take, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(TENANT, scan.scan_id).taken_by == REVIEWER.user_object_id
    assert actions(desk)[0] is Action.REVIEW_TAKEN
    assert scan.scan_id in text_of(desk.get(desk_queue, {"show": "mine"}))


def test_of_two_who_take_the_same_scan_the_second_is_told(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    response = desk.post(desk_take, scan_id=scan.scan_id)
    assert response.status == 409
    assert "reviewer@caleta.example has it" in text_of(response)
    assert actions(desk).count(Action.REVIEW_TAKEN) == 1


def test_handing_over_needs_a_reason_and_reaches_a_colleague_or_the_queue(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    form = {"owner": REVIEWER.user_object_id, "to": "nobody"}
    assert desk.post(desk_hand_over, form, scan_id=scan.scan_id).status == 400
    assert desk.post(desk_hand_over, {**form, "reason": "holiday"}, scan_id=scan.scan_id).status == 303
    review = Reviews(desk.parts.database).get(TENANT, scan.scan_id)
    assert (review.taken_by, review.taken_at) == (None, None)
    newest = AuditLog(desk.parts.database).of_customer(TENANT)[0]
    assert (newest.action, newest.reason) == (Action.REVIEW_HANDED_OVER, "holiday")


def test_a_hand_over_on_an_old_page_changes_nothing(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    desk.sign_in(COLLEAGUE)
    take_over = {"owner": REVIEWER.user_object_id, "to": COLLEAGUE.user_object_id, "reason": "ill"}
    assert desk.post(desk_hand_over, take_over, scan_id=scan.scan_id).status == 303
    desk.sign_in()
    give_back = {"owner": REVIEWER.user_object_id, "to": "nobody", "reason": "late"}
    assert desk.post(desk_hand_over, give_back, scan_id=scan.scan_id).status == 409
    assert Reviews(desk.parts.database).get(TENANT, scan.scan_id).taken_by == COLLEAGUE.user_object_id


def signed_in(desk: Desk, who: Identity) -> None:
    """As the callback records it."""
    event = AuditEvent(
        desk.parts.clock.now(), None, operator(who.user_object_id, who.username), Action.OPERATOR_SIGNED_IN
    )
    AuditLog(desk.parts.database).append(event)


def test_a_colleague_who_has_signed_in_can_be_given_a_scan_before_they_ever_took_one(desk: Desk) -> None:
    scan = desk.consented_scan()
    signed_in(desk, COLLEAGUE)
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    assert COLLEAGUE.username in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    form = {"owner": REVIEWER.user_object_id, "to": COLLEAGUE.user_object_id, "reason": "holiday"}
    assert desk.post(desk_hand_over, form, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(TENANT, scan.scan_id).taken_by_name == COLLEAGUE.username


def test_a_scan_that_nobody_has_can_be_given_to_a_colleague(desk: Desk) -> None:
    scan = desk.consented_scan()
    signed_in(desk, COLLEAGUE)
    desk.sign_in()
    assert "Give it to a colleague" in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    form = {"to": COLLEAGUE.user_object_id, "reason": "knows them"}
    assert desk.post(desk_hand_over, form, scan_id=scan.scan_id).status == 303
    assert Reviews(desk.parts.database).get(TENANT, scan.scan_id).taken_by == COLLEAGUE.user_object_id


@pytest.mark.parametrize("days", [0, 91])
def test_who_has_not_come_to_the_desk_of_late_cannot_be_given_a_scan(desk: Desk, days: int) -> None:
    if days:
        signed_in(desk, COLLEAGUE)
        desk.parts.time.sleep(days * 86_400)
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    for to in (COLLEAGUE.user_object_id, USER, "x", ""):
        form = {"owner": REVIEWER.user_object_id, "to": to, "reason": "x"}
        assert desk.post(desk_hand_over, form, scan_id=scan.scan_id).status == 400


def test_a_reason_that_would_be_cut_is_refused_and_nothing_is_done(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    desk.post(desk_take, scan_id=scan.scan_id)
    form = {"owner": REVIEWER.user_object_id, "to": "nobody", "reason": "x" * 401}
    response = desk.post(desk_hand_over, form, scan_id=scan.scan_id)
    assert response.status == 400
    assert "The reason is too long" in text_of(response)
    assert Reviews(desk.parts.database).get(TENANT, scan.scan_id).taken_by == REVIEWER.user_object_id


def test_the_overview_says_what_was_read_and_that_consent_has_ended(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    page = text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    assert "1 of 1 subscription was read in full." in page
    assert "consent has ended" not in page
    Connections(desk.parts.database).disconnect(TENANT, USER, by=customer(USER), at=desk.parts.time.now())
    assert "consent has ended" in text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))


def test_recommendations_that_could_not_be_read_are_no_recommendations_that_there_are_none(desk: Desk) -> None:
    scan = desk.consented_scan()
    desk.sign_in()
    page = desk.get(desk_recommendations, scan_id=scan.scan_id)
    assert page.status == 200
    assert "None could be read. That does not mean that there is none." in text_of(page)
