"""The review queue page, and claiming and assigning reviews."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.core.audit import Action
from shared.core.errors import BadRequest, Conflict
from shared.core.operators import Operator
from shared.sql.reviews.operators import KnownOperators, Reviewer
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.review_queue import MAX_SCANS
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator, scan_event
from web.desk.queue import FILTERS, is_to_review, lines
from web.http.messages import Request, Response, redirect
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render

RECENT = timedelta(days=90)
"""A review can be assigned to operators who signed in within this time."""

UNASSIGNED = "unassigned"
CLAIMED = "Claimed for review."


def desk_queue(request: Request, services: Services) -> Response:
    """GET /desk."""
    who = require_operator(request, services)
    shown, search = request.query.get("show", QueueFilter.OPEN), request.query.get("q", "")
    if shown not in FILTERS:
        raise BadRequest("Unknown filter", "Go back to the reviews and choose one of the filters.")
    show, now, queue = QueueFilter(shown), services.clock.now(), services.review_queue
    entries = queue.list(show, search, who.object_id, now)
    return render(
        "desk/queue.html",
        operator=who,
        show=show,
        search=search,
        filters=FILTERS,
        counts=queue.counts(who.object_id, now),
        lines=lines(entries, now),
        is_cut=sum(not is_to_review(entry) for entry in entries) >= MAX_SCANS,
        most=MAX_SCANS,
        status_labels=STATUS_LABELS,
    )


def desk_claim(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/claim: claim a review that has no reviewer."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    now = services.clock.now()
    event = scan_event(scan, who, Action.REVIEW_CLAIMED, now, CLAIMED)
    me, reviews = Reviewer(who.object_id, who.username), services.reviews
    if not reviews.assign(scan.key, owner=None, to=me, at=now, event=event):
        owner = reviews.get(scan.key).claimed_by_name or "Another reviewer"
        raise Conflict(
            "This review is already claimed",
            f"The reviewer is {owner}. You can reassign the review on the page of the scan.",
        )
    return redirect(f"/desk/scans/{scan.scan_id}")


def desk_assign(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/assign: assign a review to a colleague, to oneself or to no reviewer, with a reason.

    `owner` is the reviewer shown on the page. If the reviewer has changed since, nothing is changed.
    """
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    now = services.clock.now()
    event = scan_event(scan, who, Action.REVIEW_HANDED_OVER, now, reason_of(request.form))
    to = _assignee(request.form.get("to", ""), who, colleagues(services.known_operators, now))
    owner = request.form.get("owner")
    if not services.reviews.assign(scan.key, owner=owner, to=to, at=now, event=event):
        raise Conflict(
            "The reviewer has changed", "Nothing was changed. Open the scan again to see the current reviewer."
        )
    return redirect(f"/desk/scans/{scan.scan_id}")


def _assignee(selected: str, who: Operator, others: Sequence[Reviewer]) -> Reviewer | None:
    """Return the selected reviewer; None for no reviewer. Raises BadRequest."""
    if selected == UNASSIGNED:
        return None
    for reviewer in (Reviewer(who.object_id, who.username), *others):
        if reviewer.object_id == selected:
            return reviewer
    raise BadRequest(
        "Unknown reviewer",
        "Nothing was changed. Go back and select a reviewer. Colleagues are listed after they sign in to the desk.",
    )


def colleagues(operators: KnownOperators, now: datetime) -> list[Reviewer]:
    """Return the operators who signed in recently, by name."""
    return operators.since(now - RECENT)
