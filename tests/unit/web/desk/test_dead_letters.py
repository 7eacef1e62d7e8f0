"""Dead letters at the desk: the list, and that each is replayed once and logged."""

import pytest

from collectors.dead_letters import record
from collectors.scan.sweep import sweep
from shared.core.audit import Action, ActorKind, AuditEvent, customer
from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.models import StepStatus
from shared.sql.deletion.deletions import DeletionRequest
from shared.sql.scans.dead_letters import DeadLetters
from tests.support.collecting import (
    FIRST,
    TENANT,
    USER,
    collecting_scan,
    step_body,
    steps_of,
)
from tests.support.desk import Desk, text_of
from tests.unit.web.dead_letters import (
    COSTS,
    POISON,
    REASON,
    consented,
    entries,
    letters,
    poisoned_step,
    refused,
    replay,
)
from web.desk import replay as why
from web.desk.dead_letters import desk_dead_letter_replay, desk_dead_letters


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A reviewer's browser, and a customer whose consent holds."""
    consented(desk)
    return desk


def test_the_list_shows_the_subject_of_each_letter_and_whether_it_can_be_replayed(desk: Desk) -> None:
    scan = poisoned_step(desk)
    record(desk.parts, b'{"password": "hunter2"}', "cannot be used", "collect-inventory")
    page = text_of(desk.get(desk_dead_letters))
    assert f"/desk/scans/{scan.scan_id}" in page
    assert POISON in page
    assert why.UNREADABLE in page
    assert page.count('action="/desk/dead-letters/') == 1
    assert "hunter2" not in page


def test_an_empty_list_is_explained(desk: Desk) -> None:
    assert "All messages were processed" in text_of(desk.get(desk_dead_letters))


def test_a_replay_is_logged_and_the_customer_can_read_it(desk: Desk) -> None:
    scan = poisoned_step(desk)
    replay(desk)
    (entry,) = entries(desk)
    assert (entry.actor.kind, entry.actor.name) == (ActorKind.OPERATOR, "reviewer@caleta.example")
    assert (entry.user_object_id, entry.subject_id, entry.reason) == (USER, scan.scan_id, REASON["reason"])
    assert entry.details["queue"] == COSTS
    (letter,) = letters(desk)
    assert (letter.replayed_at, letter.replayed_by_name) == (desk.parts.clock.now(), "reviewer@caleta.example")
    assert "Replayed" in text_of(desk.get(desk_dead_letters))


def test_pressing_the_button_twice_replays_once(desk: Desk) -> None:
    poisoned_step(desk)
    replay(desk)
    response = replay(desk)
    assert response.status == 409
    assert why.ALREADY_REPLAYED in text_of(response)
    assert len(desk.parts.outbox.of(COSTS)) == 1
    assert len(entries(desk)) == 1


def test_without_a_reason_nothing_is_replayed(desk: Desk) -> None:
    poisoned_step(desk)
    letter_id = str(letters(desk)[0].dead_letter_id)
    assert desk.post(desk_dead_letter_replay, {"reason": " "}, letter_id=letter_id).status == 400
    assert desk.parts.outbox.sent == []


def test_if_the_queue_is_unavailable_the_sweeper_sends_the_message(desk: Desk) -> None:
    scan = poisoned_step(desk)
    desk.parts.outbox.refuses = OSError("no queue")
    assert replay(desk).status == 500
    assert steps_of(desk.parts, scan)[0].status is StepStatus.PENDING
    assert desk.parts.outbox.sent == []
    desk.parts.time.sleep(1800)
    sweep(desk.parts)
    assert str(steps_of(desk.parts, scan)[0].step_id) in {
        m.message_id.split(":")[1] for m in desk.parts.outbox.of(COSTS)
    }


def test_a_scan_deleted_after_the_page_was_shown_is_not_restored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = poisoned_step(desk)
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    wanted = DeletionRequest(
        TENANT, DeletionScope.SCAN, DeletionReason.CUSTOMER, event, user_object_id=USER, scan_id=scan.scan_id
    )
    looked = why.replay_plan

    def slow(*given: object) -> why.ReplayPlan:
        found = looked(*given)  # type: ignore[arg-type]
        desk.parts.deletions.ask(wanted)
        return found

    monkeypatch.setattr("web.desk.dead_letters.replay_plan", slow)
    refused(desk, why.STATE_CHANGED)


@pytest.mark.parametrize("letter_id", ["0", "99", "x", "-1", "9" * 40, "\u0661"])
def test_an_unknown_letter_is_not_found(desk: Desk, letter_id: str) -> None:
    poisoned_step(desk)
    assert desk.post(desk_dead_letter_replay, REASON, letter_id=letter_id).status == 404


def test_a_letter_without_a_stored_body_cannot_be_replayed(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    body = step_body(steps_of(desk.parts, scan)[0]).decode()
    DeadLetters(desk.parts.database).record(TENANT, COSTS, POISON, body, desk.parts.clock.now())
    refused(desk, why.UNREADABLE)


def test_a_stored_body_is_validated_again_before_a_replay(desk: Desk) -> None:
    DeadLetters(desk.parts.database).record(
        TENANT, COSTS, POISON, "{}", desk.parts.clock.now(), '{"tenant_id": "another tenant"}'
    )
    refused(desk, why.UNREADABLE)
