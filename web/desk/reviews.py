"""The review desk: its queue, and who reviews what."""

from datetime import timedelta

from shared.core.audit import Action
from shared.core.errors import BadRequest, Conflict
from shared.core.operators import Operator
from shared.sql.reviews.operators import Reviewer
from shared.sql.reviews.review_queue import MOST_SCANS
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator, scan_event
from web.desk.queue import FILTERS, chosen, counts, lines
from web.http.messages import Request, Response, redirect
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render

REMEMBERED = timedelta(days=90)
"""Who has not come to the desk for so long is not offered a review."""

NOBODY = "nobody"
TAKEN = "Taken for review."


def desk_queue(request: Request, services: Services) -> Response:
    """GET /desk."""
    who = require_operator(request, services)
    show = request.query.get("show", "open")
    if show not in FILTERS:
        raise BadRequest("There is no such filter", "Go back to the queue and choose one of the filters there.")
    every = lines(services.review_queue.newest(), services.clock.now())
    return render(
        "desk/queue.html",
        operator=who,
        show=show,
        search=request.query.get("q", ""),
        filters=FILTERS,
        counts=counts(every, who),
        lines=chosen(every, show, request.query.get("q", ""), who),
        is_cut=len(every) >= MOST_SCANS,
        most=MOST_SCANS,
        status_labels=STATUS_LABELS,
    )


def desk_take(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/take: a scan that nobody has becomes the operator's."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    now = services.clock.now()
    event = scan_event(scan, who, Action.REVIEW_TAKEN, now, TAKEN)
    me, reviews = Reviewer(who.object_id, who.username), services.reviews
    if not reviews.assign(scan.tenant_id, scan.scan_id, owner=None, to=me, at=now, event=event):
        owner = reviews.get(scan.tenant_id, scan.scan_id).taken_by_name or "somebody else"
        raise Conflict(
            "This scan has been taken", f"{owner} has it. To change that, hand it over from the page of the scan."
        )
    return redirect(f"/desk/scans/{scan.scan_id}")


def desk_hand_over(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/hand-over: to a colleague, to oneself, or back to the queue, with a reason.

    `owner` is who had it when the page was shown: should that have changed, nothing is done.
    """
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    reason, to = reason_of(request), _receiver(request, services, who)
    now = services.clock.now()
    event = scan_event(scan, who, Action.REVIEW_HANDED_OVER, now, reason)
    reviews = services.reviews
    shown_owner = request.form.get("owner")
    if not reviews.assign(scan.tenant_id, scan.scan_id, owner=shown_owner, to=to, at=now, event=event):
        raise Conflict(
            "Somebody was quicker", "The scan has another reviewer by now. Nothing was changed: open it again."
        )
    return redirect(f"/desk/scans/{scan.scan_id}")


def _receiver(request: Request, services: Services, who: Operator) -> Reviewer | None:
    """Whom the form names; None for nobody. Raises BadRequest."""
    named = request.form.get("to", "")
    if named == NOBODY:
        return None
    for reviewer in (Reviewer(who.object_id, who.username), *colleagues(services)):
        if reviewer.object_id == named:
            return reviewer
    raise BadRequest(
        "There is no such reviewer",
        "Nothing was changed. Go back and choose one of the list; who is not on it has to sign in once.",
    )


def colleagues(services: Services) -> list[Reviewer]:
    """Everybody who has signed in with a role of late, by name."""
    return services.known_operators.since(services.clock.now() - REMEMBERED)
