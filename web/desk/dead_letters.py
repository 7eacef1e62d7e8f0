"""Dead letters: messages that failed processing, their errors, and replaying them."""

from dataclasses import dataclass

from shared.core.audit import Action, Actor, AuditEvent, Subject
from shared.core.errors import Conflict
from shared.messaging.replayable import message_of
from shared.sql.scans.dead_letters import MAX_LISTED, DeadLetter
from shared.wiring import Services
from web.desk.access import acting_operator, actor, reason_of, require_operator
from web.desk.replay import NOT_REPLAYED, STATE_CHANGED, refusal_of, replay_plan
from web.http.forms import MAX_RECORD_ID, whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.pages import no_such_page, render


@dataclass(frozen=True)
class DeadLetterLine:
    """A row of the list. `refusal` None: it can be replayed, unless its step, scan or job has changed."""

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
        is_cut=len(letters) >= MAX_LISTED,
    )


def desk_dead_letter_replay(request: Request, services: Services) -> Response:
    """POST /desk/dead-letters/{letter_id}/replay: replay a message once, with a reason."""
    who = acting_operator(request, services)
    letter = _letter(request, services)
    reason = reason_of(request.form)
    replay(services, letter, actor(who), reason)
    return redirect("/desk/dead-letters")


def replay(services: Services, letter: DeadLetter, who: Actor, reason: str) -> None:
    """Reopen the step, scan or job with an audit event, then send a new message. Raises Conflict with the reason."""
    plan = replay_plan(services, letter, who, reason)
    event = AuditEvent(
        occurred_at=services.clock.now(),
        tenant_id=letter.tenant_id,
        actor=who,
        action=Action.DEAD_LETTER_REPLAYED,
        user_object_id=plan.scan.user_object_id if plan.scan else None,
        subject=Subject("scan", plan.scan.scan_id) if plan.scan else None,
        reason=reason,
        details={"queue": letter.queue, "dead_letter": letter.dead_letter_id, "sent_to": plan.queue},
    )
    if not plan.reopen((letter, event)):
        raise Conflict(NOT_REPLAYED, STATE_CHANGED)
    services.queues.send(plan.queue, [plan.message])


def line_of(letter: DeadLetter) -> DeadLetterLine:
    """Return the row of a letter, without reading its step, scan or job."""
    message = message_of(letter.queue, letter.message_json.encode()) if letter.message_json else None
    return DeadLetterLine(
        letter, getattr(message, "scan_id", None), getattr(message, "step_id", None), refusal_of(letter)
    )


def _letter(request: Request, services: Services) -> DeadLetter:
    """Return the letter of the route; raise the NotFound of an unknown address."""
    number = whole_number(request.route.get("letter_id"), MAX_RECORD_ID)
    letter = services.dead_letters.get(number) if number is not None else None
    if letter is None:
        raise no_such_page()
    return letter
