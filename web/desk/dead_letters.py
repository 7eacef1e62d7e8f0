"""Messages that could not be worked on: what each was about, why it died, and sending it again."""

from dataclasses import dataclass

from shared.core.audit import Action, Actor, AuditEvent, Subject
from shared.core.errors import Conflict
from shared.messaging.replayable import message_of
from shared.sql.scans.dead_letters import MOST_LISTED, DeadLetter
from shared.wiring import Services
from web.desk.access import acting_operator, actor, reason_of, require_operator
from web.desk.replay import MOVED_ON, again, refusal_of
from web.http.messages import Request, Response, redirect
from web.rendering.pages import no_such_page, render

MAX_DIGITS = 18


@dataclass(frozen=True)
class DeadLetterLine:
    """One line of the list. `refusal` None: it can be sent again, unless what it is about has moved on."""

    letter: DeadLetter
    scan_id: str | None
    step_id: int | None
    refusal: str | None


def desk_dead_letters(request: Request, services: Services) -> Response:
    """GET /desk/dead-letters."""
    who = require_operator(request, services)
    letters = services.dead_letters.list()
    return render(
        "desk/dead_letters.html",
        operator=who,
        lines=[line_of(letter) for letter in letters],
        is_cut=len(letters) >= MOST_LISTED,
    )


def desk_dead_letter_replay(request: Request, services: Services) -> Response:
    """POST /desk/dead-letters/{letter_id}/replay: once, with a reason."""
    who = acting_operator(request, services)
    letter = _letter(request, services)
    reason = reason_of(request)
    send_again(services, letter, actor(who), reason)
    return redirect("/desk/dead-letters")


def send_again(services: Services, letter: DeadLetter, who: Actor, reason: str) -> None:
    """Opens what the letter is about, on record, then sends a new message. Raises Conflict, in words."""
    way = again(services, letter, who, reason)
    event = AuditEvent(
        occurred_at=services.clock.now(),
        tenant_id=letter.tenant_id,
        actor=who,
        action=Action.DEAD_LETTER_REPLAYED,
        user_object_id=way.scan.user_object_id if way.scan else None,
        subject=Subject("scan", way.scan.scan_id) if way.scan else None,
        reason=reason,
        details={"queue": letter.queue, "dead_letter": letter.dead_letter_id, "sent_to": way.queue},
    )
    if not way.reopen((letter, event)):
        raise Conflict("It was not sent again", MOVED_ON)
    services.queues.send(way.queue, [way.message])


def line_of(letter: DeadLetter) -> DeadLetterLine:
    """The letter with what can be said of it without looking at what it is about."""
    message = message_of(letter.queue, letter.message_json.encode()) if letter.message_json else None
    return DeadLetterLine(
        letter, getattr(message, "scan_id", None), getattr(message, "step_id", None), refusal_of(letter)
    )


def _letter(request: Request, services: Services) -> DeadLetter:
    """The letter of the route; raises the NotFound of an address that does not exist."""
    number = request.route.get("letter_id", "")
    is_number = number.isascii() and number.isdecimal() and len(number) <= MAX_DIGITS
    letter = services.dead_letters.get(int(number)) if is_number else None
    if letter is None:
        raise no_such_page()
    return letter
