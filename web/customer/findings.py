"""The customer's decisions about findings, and their plans for them: owner, due date, note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from shared.core.audit import Action, AuditEvent, Subject
from shared.core.errors import BadRequest, NotFound
from shared.core.findings import AffectedResource, Decision, Finding, FindingState, FindingStatus
from shared.core.models import Scan, Session
from shared.sql.findings.decisions import before_of, previous_text
from shared.sql.findings.findings import Findings
from shared.wiring import Services
from web.customer.savings import DecisionProblem, SavingsQuery, savings_page
from web.customer.scans import own_scan
from web.http.access import check_same_origin, require_session
from web.http.audit import customer_actor
from web.http.forms import MAX_VERSION, whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.finding_decisions import decided, overall
from web.rendering.labels import FINDING_ID

MAX_REASON_CHARACTERS = 1_000
MAX_OWNER_CHARACTERS = 320
UNDO = "undo"
CHOSEN = "chosen-"
"""What the names of the resources' checkboxes begin with; the resource's position follows."""

SELECTED = "selected"
"""The value of `scope` in a form about the chosen resources, not about the whole finding."""

ACTIONS = {
    Decision.ACCEPTED: Action.FINDING_ACCEPTED,
    Decision.DISMISSED: Action.FINDING_DISMISSED,
    Decision.DONE: Action.FINDING_DONE,
    Decision.OPEN: Action.FINDING_REOPENED,
}
STALE = "This finding changed in the meantime. Check it again below."


@dataclass(frozen=True)
class DecisionRequest:
    """The decision form. `state_version` and `finding_version` are the versions that the customer saw.

    `positions` are the chosen resources, None if the decision covers the whole finding. `is_undo`: the
    decision before the last one is restored.
    """

    decision: Decision
    reason: str
    positions: frozenset[int] | None
    is_undo: bool
    state_version: int
    finding_version: int

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Parse the form; raises BadRequest for values that the page cannot send."""
        decision = form.get("decision", "")
        is_undo = decision == UNDO
        state_version = whole_number(form.get("version", "0"), MAX_VERSION)
        finding_version = whole_number(form.get("seen"), MAX_VERSION)
        if not (is_undo or decision in tuple(Decision)) or state_version is None or finding_version is None:
            raise bad_form()
        return cls(
            decision=Decision.OPEN if is_undo else Decision(decision),
            reason=form.get("reason", "").strip(),
            positions=_positions(form) if form.get("scope") == SELECTED else None,
            is_undo=is_undo,
            state_version=state_version,
            finding_version=finding_version,
        )

    @property
    def validation_error(self) -> str | None:
        """Return what the customer has to correct, if anything."""
        if self.positions is not None and not self.positions:
            return "Select at least one resource, or choose all of them."
        if self.decision is Decision.DISMISSED and not self.reason:
            return "Enter a reason. It is saved with the decision."
        if len(self.reason) > MAX_REASON_CHARACTERS:
            return f"The reason is longer than {MAX_REASON_CHARACTERS:,} characters. Shorten it."
        return None

    def chosen(self, resources: Sequence[AffectedResource]) -> frozenset[str]:
        """Return the ids of the chosen resources; empty for all. Raises BadRequest if one is not of the finding."""
        if self.positions is None:
            return frozenset()
        found = {each.position: each.resource_id for each in resources}
        if not self.positions <= found.keys():
            raise bad_form()
        return frozenset(found[each] for each in self.positions)


@dataclass(frozen=True)
class PlanRequest:
    """The plan form: who is responsible, until when, and a note."""

    owner: str
    due_on: date | None
    note: str
    state_version: int

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Parse the form; raises BadRequest for values that the page cannot send."""
        state_version = whole_number(form.get("version", "0"), MAX_VERSION)
        try:
            due_on = date.fromisoformat(form["due"]) if form.get("due") else None
        except ValueError:
            raise bad_form() from None
        if state_version is None:
            raise bad_form()
        return cls(form.get("owner", "").strip(), due_on, form.get("note", "").strip(), state_version)

    @property
    def validation_error(self) -> str | None:
        """Return what the customer has to correct, if anything."""
        if len(self.owner) > MAX_OWNER_CHARACTERS:
            return f"The owner is longer than {MAX_OWNER_CHARACTERS:,} characters. Shorten it."
        if len(self.note) > MAX_REASON_CHARACTERS:
            return f"The note is longer than {MAX_REASON_CHARACTERS:,} characters. Shorten it."
        return None


def _positions(form: Mapping[str, str]) -> frozenset[int]:
    found = [whole_number(name.removeprefix(CHOSEN), MAX_VERSION) for name in form if name.startswith(CHOSEN)]
    if None in found:
        raise bad_form()
    return frozenset(one for one in found if one is not None)


def bad_form() -> BadRequest:
    """Return the error for a form that the page cannot have sent."""
    return BadRequest("The form is not valid", "Go back to the savings and try again.")


def finding_decision(request: Request, services: Services) -> Response:
    """POST /scans/{scan_id}/findings/{finding_id}/decision."""
    session, scan, finding = _finding_of(request, services)
    wanted = DecisionRequest.of(request.form)
    problem = wanted.validation_error
    if problem is None:
        problem = None if _decide(services, session, finding, wanted) else STALE
        status = 409
    else:
        status = 422
    if problem:
        return _again(services, session, scan, DecisionProblem(finding.finding_id, problem, wanted.reason), status)
    return _back(scan, finding, "" if wanted.is_undo else f"&undo={finding.finding_id}")


def finding_plan(request: Request, services: Services) -> Response:
    """POST /scans/{scan_id}/findings/{finding_id}/plan: store owner, due date and note."""
    session, scan, finding = _finding_of(request, services)
    wanted = PlanRequest.of(request.form)
    if wanted.validation_error:
        problem = DecisionProblem(finding.finding_id, wanted.validation_error, "")
        return _again(services, session, scan, problem, 422)
    if not _plan(services, session, finding, wanted):
        return _again(services, session, scan, DecisionProblem(finding.finding_id, STALE, ""), 409)
    return _back(scan, finding)


def _finding_of(request: Request, services: Services) -> tuple[Session, Scan, Finding]:
    session = require_session(request, services)
    check_same_origin(request, services)
    scan = own_scan(request, services, session)
    return session, scan, _published(request, services.findings, scan)


def _again(services: Services, session: Session, scan: Scan, problem: DecisionProblem, status: int) -> Response:
    return savings_page(services, session, scan, SavingsQuery(opened=problem.finding_id), problem, status)


def _back(scan: Scan, finding: Finding, more: str = "") -> Response:
    return redirect(f"/scans/{scan.scan_id}/savings?open={finding.finding_id}{more}#{finding.finding_id}")


def _published(request: Request, findings: Findings, scan: Scan) -> Finding:
    """Return the published finding of the route; raises NotFound for drafts."""
    finding_id = request.route.get("finding_id", "")
    finding = None
    if FINDING_ID.fullmatch(finding_id):
        finding = findings.get(scan.key, finding_id)
    if finding is None or finding.status is not FindingStatus.PUBLISHED:
        raise NotFound("Finding not found", "Go back to the findings of this scan.")
    return finding


def _decide(services: Services, session: Session, finding: Finding, wanted: DecisionRequest) -> bool:
    """Save the decision; return False if another one was saved in the meantime."""
    resources = services.findings.resources(finding.scan_key).get(finding.finding_id, [])
    chosen = wanted.chosen(resources)
    states = services.finding_states(session.tenant_id, session.user_object_id)
    before, now = states.all().get(finding.key), services.clock.now()
    if wanted.finding_version != finding.version:
        return False
    state = _undone(before) if wanted.is_undo else _decided(before, resources, finding, wanted, chosen)
    if state is None:
        return False
    state = replace(
        state, decided_at=now, decided_by=session.username, scan_id=finding.scan_id, version=wanted.state_version
    )
    return states.decide(finding, state, _event(session, finding, wanted, now, chosen))


def _undone(before: FindingState | None) -> FindingState | None:
    return before_of(before) if before else None


def _decided(
    before: FindingState | None,
    resources: Sequence[AffectedResource],
    finding: Finding,
    wanted: DecisionRequest,
    chosen: frozenset[str],
) -> FindingState:
    """Return the state after the decision; the plan stays, and the decision before it can be restored."""
    by_resource = decided(before, resources, wanted.decision, chosen)
    return replace(
        before or _no_state(finding),
        decision=overall(wanted.decision, by_resource),
        reason=wanted.reason or None,
        by_resource=by_resource,
        previous_json=previous_text(before),
    )


def _no_state(finding: Finding) -> FindingState:
    return FindingState(finding.key, Decision.OPEN, None, finding.updated_at, "", finding.scan_id, 0)


def _plan(services: Services, session: Session, finding: Finding, wanted: PlanRequest) -> bool:
    """Save the plan; return False if the finding was decided about, or planned, in the meantime."""
    states, now = services.finding_states(session.tenant_id, session.user_object_id), services.clock.now()
    before = states.all().get(finding.key)
    state = replace(
        before or replace(_no_state(finding), decided_at=now, decided_by=session.username),
        owner=wanted.owner or None,
        due_on=wanted.due_on,
        note=wanted.note or None,
        version=wanted.state_version,
    )
    details = {"scan": finding.scan_id, "finding": finding.title, "owner": wanted.owner}
    if wanted.due_on:
        details["due"] = wanted.due_on.isoformat()
    event = AuditEvent(
        now,
        session.tenant_id,
        customer_actor(session),
        Action.FINDING_PLANNED,
        user_object_id=session.user_object_id,
        subject=Subject("finding", finding.finding_id),
        reason=wanted.note or None,
        details=details,
    )
    return states.decide(finding, state, event)


def _event(
    session: Session, finding: Finding, wanted: DecisionRequest, now: datetime, chosen: frozenset[str]
) -> AuditEvent:
    details = {"scan": finding.scan_id, "finding": finding.title}
    if len(chosen) == 1:
        details["resource"] = next(iter(chosen))
    elif chosen:
        details["resources"] = str(len(chosen))
    return AuditEvent(
        now,
        session.tenant_id,
        customer_actor(session),
        ACTIONS[wanted.decision],
        user_object_id=session.user_object_id,
        subject=Subject("finding", finding.finding_id),
        reason=wanted.reason or None,
        details=details,
    )
