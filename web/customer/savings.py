"""The savings of a scan: findings by what they save, one row each, opened in place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Self
from urllib.parse import urlencode

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.finding_overlap import Amounts, Claim, totals
from shared.core.findings import AffectedResource, Decision, Measure, SavingFrom
from shared.core.formats import subscription
from shared.core.models import Scan, Session
from shared.core.review_window import REVIEWABLE
from shared.sql.findings.decisions import before_of
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.forms import whole_number
from web.http.messages import Request, Response
from web.rendering.findings import FindingView, PublishedFindings, review
from web.rendering.labels import DECISION_LABELS, FINDING_ID, MEASURE_LABELS, RESOURCES_SHOWN
from web.rendering.overview import savings_figures
from web.rendering.overview_charts import measure_bar

MAX_PAGES = 1_000


@dataclass(frozen=True)
class DecisionProblem:
    """Why a decision was not saved, with the typed reason, so that it is not lost."""

    finding_id: str
    sentence: str
    reason: str


@dataclass(frozen=True)
class SavingsQuery:
    """What the address asks for. `opened` is the finding whose resources are shown, `page` of them counted from 0.

    `undo` names the finding whose last decision can be undone in the notice above the list.
    """

    measure: Measure | None = None
    decision: Decision | None = None
    subscription: str = ""
    is_new: bool = False
    opened: str = ""
    page: int = 0
    undo: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Parse the query string; raises BadRequest for values that the page has no link to."""
        page = whole_number(query.get("page", "0"), MAX_PAGES)
        measure, decision = query.get("measure") or None, query.get("decision") or None
        is_known = (measure is None or measure in tuple(Measure)) and (decision is None or decision in tuple(Decision))
        ids = [query[name] for name in ("open", "undo") if query.get(name)]
        if page is None or not is_known or not all(map(FINDING_ID.fullmatch, ids)):
            raise BadRequest("Unknown filter", "Go to the savings and choose from the lists there.")
        return cls(
            measure=Measure(measure) if measure else None,
            decision=Decision(decision) if decision else None,
            subscription=query.get("subscription", "").lower(),
            is_new=query.get("new") == "yes",
            opened=query.get("open", ""),
            page=page,
            undo=query.get("undo", ""),
        )

    def link(self, base: str, **changes: str) -> str:
        """Return the address of this list with other values; an empty value leaves a field out."""
        fields = {
            "measure": self.measure or "",
            "decision": self.decision or "",
            "subscription": self.subscription,
            "new": "yes" if self.is_new else "",
            **changes,
        }
        return f"{base}?{urlencode({name: value for name, value in fields.items() if value})}"

    def shows(self, view: FindingView) -> bool:
        """Return whether the finding is in the filtered list."""
        return (
            (self.measure is None or view.finding.measure is self.measure)
            and (self.decision is None or self._has_decision(view))
            and (not self.is_new or bool(view.added))
            and (not self.subscription or any(_is_of(each, self.subscription) for each in view.resources))
        )

    def _has_decision(self, view: FindingView) -> bool:
        if self.decision is Decision.OPEN:
            return view.standing.is_open
        return view.standing.decision is self.decision or self.decision in (view.standing.counts or ())


def _is_of(each: AffectedResource, subscription_id: str) -> bool:
    return each.sub_account_id.lower() == subscription_id


@dataclass(frozen=True)
class OpenedFinding:
    """The resources that the opened finding shows, with their evidence; `count` of all that the filter leaves."""

    finding_id: str
    resources: tuple[AffectedResource, ...]
    count: int
    page: int
    pages: int


def scan_savings(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/savings."""
    session, scan = finished_scan(request, services)
    return savings_page(services, session, scan, SavingsQuery.of(request.query))


def savings_page(
    services: Services,
    session: Session,
    scan: Scan,
    query: SavingsQuery,
    problem: DecisionProblem | None = None,
    status: int = 200,
) -> Response:
    """Render the savings; `problem` is why a decision was not saved."""
    steps = services.steps.list(scan.key)
    read = coverage(steps)
    found = review(services.database, scan, is_summary=True)
    outcome = None if found.views else services.reviews.get(scan.key)
    figures = savings_figures(found, ())
    opened = opened_finding(services, found, query)
    states = services.finding_states(session.tenant_id, session.user_object_id)
    return scan_page(
        "customer/savings.html",
        session,
        scan,
        "/savings",
        status=status,
        review=found,
        query=query,
        shown_views=[view for view in found.views if query.shows(view)],
        opened=opened,
        first_seen=states.first_seen() if opened else {},
        figures=figures,
        bars={one.currency: measure_bar(one.by_measure) for one in figures},
        by_subscription=by_subscription(found, read.subscription_names),
        undoable=_undoable(found, query.undo),
        is_published=outcome is None or outcome.published_at is not None,
        findings_deleted_at=outcome.findings_deleted_at if outcome else None,
        has_no_review=scan.status not in REVIEWABLE,
        coverage=read,
        subscriptions=read.subscription_names,
        decision_labels=DECISION_LABELS,
        measure_labels=MEASURE_LABELS,
        problem=problem,
        is_preview=False,
        base=f"/scans/{scan.scan_id}/savings",
    )


def opened_finding(services: Services, found: PublishedFindings, query: SavingsQuery) -> OpenedFinding | None:
    """Return a page of the opened finding's resources, with their evidence."""
    view = next((one for one in found.views if one.finding.finding_id == query.opened), None)
    if view is None:
        return None
    kept = [each for each in view.resources if not query.subscription or _is_of(each, query.subscription)]
    start = query.page * RESOURCES_SHOWN
    part = kept[start : start + RESOURCES_SHOWN]
    evidence = services.findings.evidence(view.finding, [each.position for each in part]) if part else {}
    resources = tuple(replace(each, evidence=evidence.get(each.position, ())) for each in part)
    return OpenedFinding(query.opened, resources, len(kept), query.page, -(-len(kept) // RESOURCES_SHOWN))


def _undoable(found: PublishedFindings, finding_id: str) -> FindingView | None:
    """Return the finding whose last decision can be undone, if it is the named one."""
    view = next((one for one in found.views if one.finding.finding_id == finding_id), None)
    return view if view and view.state and before_of(view.state) else None


@dataclass(frozen=True)
class SubscriptionSavings:
    """What one subscription could save a month, each resource counted once, and how many findings name it."""

    subscription_id: str
    name: str
    monthly: Amounts
    findings: int


def by_subscription(found: PublishedFindings, names: Mapping[str, str]) -> list[SubscriptionSavings]:
    """Return the savings of each subscription, largest first. Amounts named for a whole finding are in none of them."""
    claims: dict[str, list[Claim]] = {}
    for view in found.views:
        for subscription_id, resources in _by_subscription(view).items():
            claims.setdefault(subscription_id, []).append(Claim(view.finding.key, view.finding.measure, resources))
    rows = [
        SubscriptionSavings(one, subscription(one, names), totals(own).proven, len(own)) for one, own in claims.items()
    ]
    return sorted(rows, key=lambda row: (-max(row.monthly.values(), default=Decimal(0)), row.name))


def _by_subscription(view: FindingView) -> dict[str, list[AffectedResource]]:
    if view.standing.is_set_aside or view.finding.saving_from is SavingFrom.NAMED:
        return {}
    found: dict[str, list[AffectedResource]] = {}
    for each in view.resources:
        if each.resource_id not in view.standing.dismissed:
            found.setdefault(each.sub_account_id.lower(), []).append(each)
    return found
