"""The customer's findings and their decisions about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.core.audit import Action, AuditEvent, Subject
from shared.core.coverage import coverage
from shared.core.errors import BadRequest, NotFound
from shared.core.findings import AffectedResource, Decision, Finding, FindingState, FindingStatus
from shared.core.models import Scan, Session
from shared.core.review_window import REVIEWABLE
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import check_same_origin, require_session
from web.http.audit import customer_actor
from web.http.forms import MAX_VERSION, whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.finding_decisions import decided
from web.rendering.findings import review
from web.rendering.labels import DECISION_LABELS, FINDING_ID, RESOURCES_SHOWN
from web.rendering.pages import render

MAX_REASON_CHARACTERS = 1_000
ACTIONS = {
    Decision.ACCEPTED: Action.FINDING_ACCEPTED,
    Decision.DISMISSED: Action.FINDING_DISMISSED,
    Decision.DONE: Action.FINDING_DONE,
    Decision.OPEN: Action.FINDING_REOPENED,
}


@dataclass(frozen=True)
class DecisionRequest:
    """The decision form. `state_version` and `finding_version` are the versions that the customer saw.

    `resource_id` is empty if the decision covers the whole finding.
    """

    decision: Decision
    reason: str
    resource_id: str
    state_version: int
    finding_version: int

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Parse the form; raises BadRequest for values that the page cannot send."""
        decision = form.get("decision", "")
        state_version = whole_number(form.get("version", "0"), MAX_VERSION)
        finding_version = whole_number(form.get("seen"), MAX_VERSION)
        if decision not in tuple(Decision) or state_version is None or finding_version is None:
            raise bad_form()
        return cls(
            decision=Decision(decision),
            reason=form.get("reason", "").strip(),
            resource_id=form.get("resource", ""),
            state_version=state_version,
            finding_version=finding_version,
        )

    @property
    def validation_error(self) -> str | None:
        """Return what the customer has to correct, if anything."""
        if self.decision is Decision.DISMISSED and not self.reason:
            return "Enter a reason. It is saved with the decision."
        if len(self.reason) > MAX_REASON_CHARACTERS:
            return f"The reason is longer than {MAX_REASON_CHARACTERS:,} characters. Shorten it."
        return None


@dataclass(frozen=True)
class DecisionProblem:
    """Why a decision was not saved, with the typed reason, so that it is not lost."""

    finding_id: str
    sentence: str
    reason: str


def bad_form() -> BadRequest:
    """Return the error for a form that the page cannot have sent."""
    return BadRequest("The form is not valid", "Go back to the findings and try again.")


def scan_savings(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/savings."""
    session = require_session(request, services)
    return _page(services, session, own_scan(request, services, session))


def finding_decision(request: Request, services: Services) -> Response:
    """POST /scans/{scan_id}/findings/{finding_id}/decision."""
    session = require_session(request, services)
    check_same_origin(request, services)
    scan = own_scan(request, services, session)
    finding = _published(request, services.findings, scan)
    wanted = DecisionRequest.of(request.form)
    problem = wanted.validation_error
    if problem:
        return _page(services, session, scan, DecisionProblem(finding.finding_id, problem, wanted.reason), 422)
    resources = services.findings.resources(finding.scan_key).get(finding.finding_id, [])
    if wanted.resource_id and wanted.resource_id not in {each.resource_id for each in resources}:
        raise bad_form()
    states = services.finding_states(session.tenant_id, session.user_object_id)
    if wanted.finding_version != finding.version or not _decide(
        states, services.clock.now(), session, finding, resources, wanted
    ):
        stale = "This finding changed in the meantime. Check it again below."
        return _page(services, session, scan, DecisionProblem(finding.finding_id, stale, wanted.reason), 409)
    return redirect(f"/scans/{scan.scan_id}/savings#{finding.finding_id}")


def _published(request: Request, findings: Findings, scan: Scan) -> Finding:
    """Return the published finding of the route; raises NotFound for drafts."""
    finding_id = request.route.get("finding_id", "")
    finding = None
    if FINDING_ID.fullmatch(finding_id):
        finding = findings.get(scan.key, finding_id)
    if finding is None or finding.status is not FindingStatus.PUBLISHED:
        raise NotFound("Finding not found", "Go back to the findings of this scan.")
    return finding


def _decide(
    states: FindingStates,
    now: datetime,
    session: Session,
    finding: Finding,
    resources: Sequence[AffectedResource],
    wanted: DecisionRequest,
) -> bool:
    """Save the decision; return False if another one was saved in the meantime."""
    reason, resource_id = wanted.reason or None, wanted.resource_id
    state = FindingState(
        finding.key,
        wanted.decision,
        reason,
        now,
        session.username,
        finding.scan_id,
        wanted.state_version,
        decided(states.all().get(finding.key), resources, wanted.decision, resource_id),
    )
    event = AuditEvent(
        now,
        session.tenant_id,
        customer_actor(session),
        ACTIONS[wanted.decision],
        user_object_id=session.user_object_id,
        subject=Subject("finding", finding.finding_id),
        reason=reason,
        details={
            "scan": finding.scan_id,
            "finding": finding.title,
            **({"resource": resource_id} if resource_id else {}),
        },
    )
    return states.decide(finding, state, event)


def _page(
    services: Services, session: Session, scan: Scan, problem: DecisionProblem | None = None, status: int = 200
) -> Response:
    steps = services.steps.list(scan.key)
    read = coverage(steps)
    outcome = services.reviews.get(scan.key)
    return render(
        "customer/findings.html",
        session=session,
        status=status,
        scan=scan,
        review=review(services.database, scan),
        published_at=outcome.published_at,
        findings_deleted_at=outcome.findings_deleted_at,
        has_no_review=scan.status.is_final and scan.status not in REVIEWABLE,
        coverage=read,
        subscriptions=read.subscription_names,
        decision_labels=DECISION_LABELS,
        problem=problem,
        shown=RESOURCES_SHOWN,
        is_preview=False,
    )
