"""Dead letters for tests of the desk, and a reviewer who replays them."""

from sqlalchemy import func, select

from collectors.dead_letters import record
from shared.arm.request import ArmPage
from shared.core.audit import Action
from shared.core.models import Scan, ScanStatus, Step
from shared.messaging.progress import progress_of
from shared.messaging.replayable import message_of
from shared.sql.ledgers.audit import AuditEntry, AuditLog
from shared.sql.scans.connections import Connections
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from shared.sql.scans.steps import Steps
from shared.sql.schema.tables import costs, raw_pages
from shared.wiring import Services
from tests.support.browsing import COST_COLUMNS, cost_row, ended
from tests.support.collecting import (
    FIRST,
    SECOND,
    TENANT,
    USER,
    collecting_scan,
    step_body,
    steps_of,
)
from tests.support.desk import Desk, text_of
from web.desk.dead_letters import desk_dead_letter_replay
from web.http.messages import Response

POISON = "MaxDeliveryCountExceeded"
COSTS = "collect-costs"
REASON = {"reason": "the mistake is fixed"}


def consented(desk: Desk) -> None:
    """A reviewer's browser, and a customer whose consent holds."""
    desk.sign_in()
    Connections(desk.parts.database).save(TENANT, USER, "owner@contoso.example", b"token", desk.parts.clock.now())


def letters(desk: Desk) -> list[DeadLetter]:
    return DeadLetters(desk.parts.database).list()


def replay(desk: Desk) -> Response:
    """The newest letter is sent again."""
    return desk.post(desk_dead_letter_replay, REASON, letter_id=str(letters(desk)[0].dead_letter_id))


def refused(desk: Desk, words: str) -> None:
    """The newest letter is refused with these words, and nothing has happened."""
    before, sent = letters(desk), list(desk.parts.outbox.sent)
    response = replay(desk)
    assert response.status == 409
    assert words.replace("'", "&#39;") in text_of(response)
    assert (letters(desk), desk.parts.outbox.sent) == (before, sent)
    assert entries(desk) == []


def entries(desk: Desk) -> list[AuditEntry]:
    log = AuditLog(desk.parts.database).of_customer(TENANT)
    return [entry for entry in log if entry.action is Action.DEAD_LETTER_REPLAYED]


def use_up_deliveries(parts: Services, body: bytes, queue: str) -> None:
    """The message dies of deliveries without any progress since it was sent."""
    message = message_of(queue, body)
    assert message is not None
    known = message.model_copy(update={"progress": progress_of(parts, queue, message)})
    record(parts, known.encode(), POISON, queue)


def with_a_page(desk: Desk, step: Step) -> None:
    """The step has stored a page with one row, and waits for its next message."""
    steps, now = Steps(desk.parts.database), desk.parts.clock.now()
    held = steps.claim(TENANT, step.step_id, now, 60)
    assert held is not None
    rows = [cost_row(FIRST, "5.00")]
    saved = steps.save_page(held, ArmPage(200, b"{}", {}, "1"), "costs", COST_COLUMNS, rows, 0, "1", now, 60)
    steps.release(saved, now)


def poisoned_step(desk: Desk) -> Scan:
    """A scan of two steps that is under way; the first has read one page when its message dies."""
    scan = collecting_scan(desk.parts, [("costs", FIRST), ("costs", SECOND)])
    with_a_page(desk, steps_of(desk.parts, scan)[0])
    use_up_deliveries(desk.parts, step_body(steps_of(desk.parts, scan)[0]), COSTS)
    return scan


def ended_scan(desk: Desk, status: ScanStatus) -> Scan:
    """The same, and the scan has ended."""
    return ended(desk.parts, poisoned_step(desk), status, "a reason")


def rows_stored(desk: Desk) -> int:
    with desk.parts.database.system_reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (costs, raw_pages)
        ]
    assert counts[0] == counts[1]
    return counts[0]
