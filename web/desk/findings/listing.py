"""The findings of one scan at the desk: the list, new ones, discarding, history."""

import json
from decimal import Decimal

from shared.core.errors import BadRequest
from shared.core.finding_overlap import totals
from shared.core.findings import Confidence, Effort, Finding, FindingStatus
from shared.core.models import Scan
from shared.core.operators import Operator
from shared.sql.findings.edits import Edit, FindingEdits
from shared.wiring import Services
from web.desk.access import acting_operator, actor, desk_scan, require_operator
from web.desk.layout import desk_page
from web.http.messages import Request, Response, redirect
from web.rendering.findings import finding_set
from web.rendering.labels import DECISION_LABELS, FINDING_ID
from web.rendering.markdown import markdown
from web.rendering.pages import no_such_page

NEW_TITLE = "New finding"


def desk_findings(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    held = finding_set(services.database, scan.tenant_id, scan.scan_id)
    kept = (FindingStatus.DRAFT, FindingStatus.PUBLISHED)
    counted = totals(held.claims(kept))
    alone = totals(held.claims(tuple(FindingStatus)))
    return desk_page(
        "desk/findings.html",
        services,
        who,
        scan,
        "/findings",
        groups=[(status, [one for one in held.findings if one.status is status]) for status in FindingStatus],
        totals=counted,
        counted={**alone.by_finding, **counted.by_finding},
        proposals=services.finding_proposals.of_scan(scan.tenant_id, scan.scan_id),
        states=services.finding_states(scan.tenant_id, scan.user_object_id).all(),
        decision_labels=DECISION_LABELS,
        new_title=NEW_TITLE,
        resources={one.finding_id: len(held.resources.get(one.finding_id, ())) for one in held.findings},
    )


def desk_finding_create(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/findings."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    edit = Edit(NEW_TITLE, "", Confidence.MEDIUM, Effort.MEDIUM, who.username)
    made = edits(services, scan, who).create(edit, services.clock.now())
    if made is None:
        raise no_such_page()
    return redirect(f"/desk/scans/{scan.scan_id}/findings/{made.finding_id}")


def desk_finding_move(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/findings/{finding_id}/status."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    finding = desk_finding_of(request, services, scan)
    try:
        status, version = FindingStatus(request.form.get("status", "")), int(request.form.get("version", ""))
    except ValueError:
        raise BadRequest("The form is not right", "Go back to the findings and try again.") from None
    if edits(services, scan, who).move(finding.finding_id, version, status, services.clock.now()) is None:
        raise BadRequest(
            "This finding has changed meanwhile", "Nothing was done. Go back, look at it as it is now, and try again."
        )
    return redirect(f"/desk/scans/{scan.scan_id}/findings")


def desk_finding_history(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings/{finding_id}/history."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    finding = desk_finding_of(request, services, scan)
    versions = [
        (each, markdown(each.text), {name: Decimal(amount) for name, amount in json.loads(each.savings_json).items()})
        for each in services.finding_publication(scan, actor(who)).history(finding.finding_id)
    ]
    return desk_page("desk/finding_history.html", services, who, scan, "/findings", finding=finding, versions=versions)


def edits(services: Services, scan: Scan, who: Operator) -> FindingEdits:
    """Changes to this scan's findings in the operator's name."""
    return services.finding_edits(scan, actor(who))


def desk_finding_of(request: Request, services: Services, scan: Scan) -> Finding:
    """The finding of the route, whatever its state; raises the NotFound of an address that does not exist."""
    finding_id = request.route.get("finding_id", "")
    found = None
    if FINDING_ID.fullmatch(finding_id):
        found = services.findings.get(scan.tenant_id, scan.scan_id, finding_id)
    if found is None:
        raise no_such_page()
    return found
