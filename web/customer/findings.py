"""The customer's findings: what to do, what it saves, and what the customer decides."""

from dataclasses import dataclass

from shared.core.audit import Action, AuditEvent, Subject
from shared.core.coverage import coverage
from shared.core.errors import BadRequest, NotFound
from shared.core.findings import AffectedResource, Decision, Finding, FindingState, FindingStatus
from shared.core.models import Scan, Session
from shared.core.review_window import REVIEWABLE
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import check_same_origin, require_session
from web.http.acts import actor_of
from web.http.messages import Request, Response, redirect
from web.rendering.finding_decisions import decided
from web.rendering.findings import review
from web.rendering.labels import FINDING_ID, RESOURCES_SHOWN, WORDS
from web.rendering.pages import render

REASON_CHARACTERS = 1_000
ACTIONS = {
    Decision.ACCEPTED: Action.FINDING_ACCEPTED,
    Decision.DISMISSED: Action.FINDING_DISMISSED,
    Decision.DONE: Action.FINDING_DONE,
    Decision.OPEN: Action.FINDING_REOPENED,
}


@dataclass(frozen=True)
class Problem:
    """Why a decision was not kept, and the reason that was typed, so that nothing is lost."""

    finding_id: str
    sentence: str
    reason: str


def scan_findings(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/findings."""
    session = require_session(request, services)
    return _page(services, session, own_scan(request, services, session))


def finding_decision(request: Request, services: Services) -> Response:
    """POST /scans/{scan_id}/findings/{finding_id}/decision."""
    session = require_session(request, services)
    check_same_origin(request, services)
    scan = own_scan(request, services, session)
    finding = _published(request, services, scan)
    decision, version, seen = _decision(request)
    reason = request.form.get("reason", "").strip()
    if decision is Decision.DISMISSED and not reason:
        problem = Problem(finding.finding_id, "Please say why: the reason is kept with the decision.", reason)
        return _page(services, session, scan, problem, 422)
    if len(reason) > REASON_CHARACTERS:
        too_long = f"The reason is longer than {REASON_CHARACTERS:,} characters; please shorten it."
        return _page(services, session, scan, Problem(finding.finding_id, too_long, reason), 422)
    only = request.form.get("resource", "")
    if only and only not in {each.resource_id for each in _resources(services, finding)}:
        raise BadRequest("The form is not right", "Go back to the findings and try again.")
    if seen != finding.version or not _decide(services, session, finding, decision, reason, version, only):
        stale = "This finding changed meanwhile; below you see how it stands now. Please look again."
        return _page(services, session, scan, Problem(finding.finding_id, stale, reason), 409)
    return redirect(f"/scans/{scan.scan_id}/findings#{finding.finding_id}")


def _published(request: Request, services: Services, scan: Scan) -> Finding:
    """The finding of the route, if it is published; a draft is not there."""
    finding_id = request.route.get("finding_id", "")
    finding = None
    if FINDING_ID.fullmatch(finding_id):
        finding = services.findings.get(scan.tenant_id, scan.scan_id, finding_id)
    if finding is None or finding.status is not FindingStatus.PUBLISHED:
        raise NotFound("There is no such finding", "Go back to the findings of this scan.")
    return finding


def _decision(request: Request) -> tuple[Decision, int, int]:
    """What is decided, which decision it follows, and which version of the finding was in front of the customer."""
    form = request.form
    try:
        return Decision(form.get("decision", "")), int(form.get("version", "0")), int(form.get("seen", ""))
    except ValueError:
        raise BadRequest("The form is not right", "Go back to the findings and try again.") from None


def _decide(
    services: Services, session: Session, finding: Finding, decision: Decision, reason: str, version: int, only: str
) -> bool:
    now, states = services.clock.now(), services.finding_states(session.tenant_id, session.user_object_id)
    by_resource = decided(states.all().get(finding.key), _resources(services, finding), decision, only)
    state = FindingState(
        finding.key, decision, reason or None, now, session.username, finding.scan_id, version, by_resource
    )
    event = AuditEvent(
        now,
        session.tenant_id,
        actor_of(session),
        ACTIONS[decision],
        user_object_id=session.user_object_id,
        subject=Subject("finding", finding.finding_id),
        reason=reason or None,
        details={"scan": finding.scan_id, "finding": finding.title, **({"resource": only} if only else {})},
    )
    return states.decide(finding, state, event)


def _resources(services: Services, finding: Finding) -> list[AffectedResource]:
    found = services.findings.resources(finding.tenant_id, finding.scan_id)
    return found.get(finding.finding_id, [])


def _page(
    services: Services, session: Session, scan: Scan, problem: Problem | None = None, status: int = 200
) -> Response:
    steps = services.steps.list(scan.tenant_id, scan.scan_id)
    read = coverage(steps)
    return render(
        "customer/findings.html",
        session=session,
        status=status,
        scan=scan,
        review=review(services.database, scan, steps),
        published_at=services.reviews.get(scan.tenant_id, scan.scan_id).published_at,
        has_no_review=scan.status.is_final and scan.status not in REVIEWABLE,
        coverage=read,
        subscriptions=read.subscription_names,
        words=WORDS,
        problem=problem,
        shown=RESOURCES_SHOWN,
        is_preview=False,
    )
