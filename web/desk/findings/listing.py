"""The findings of a scan at the desk: the list, creating, discarding, and the history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
from web.http.forms import MAX_VERSION, whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.findings import finding_set
from web.rendering.labels import DECISION_LABELS, FINDING_ID
from web.rendering.markdown import markdown
from web.rendering.pages import no_such_page

NEW_TITLE = "New finding"


@dataclass(frozen=True)
class StatusCommand:
    """A change of status, and the version of the finding it was requested for."""

    status: FindingStatus
    version: int


def desk_findings(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    held = finding_set(services.database, scan.key)
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
        proposals=services.finding_proposals.of_scan(scan.key),
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


def desk_finding_status(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/findings/{finding_id}/status."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    finding = desk_finding_of(request, services, scan)
    command = _status_command(request.form)
    changes = edits(services, scan, who)
    if changes.move(finding.finding_id, command.version, command.status, services.clock.now()) is None:
        raise BadRequest(
            "This finding has changed", "Nothing was changed. Go back to the findings, reload the page and try again."
        )
    return redirect(f"/desk/scans/{scan.scan_id}/findings")


def _status_command(form: Mapping[str, str]) -> StatusCommand:
    """Parse the form; raise BadRequest."""
    status, version = form.get("status", ""), whole_number(form.get("version"), MAX_VERSION)
    if version is None or status not in tuple(FindingStatus):
        raise BadRequest("Invalid form", "Nothing was changed. Go back to the findings and try again.")
    return StatusCommand(FindingStatus(status), version)


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
    """Return the repository for the operator's changes to findings of this scan."""
    return services.finding_edits(scan, actor(who))


def desk_finding_of(request: Request, services: Services, scan: Scan) -> Finding:
    """Return the finding of the route, in any state; raise the NotFound of an unknown address."""
    finding_id = request.route.get("finding_id", "")
    found = None
    if FINDING_ID.fullmatch(finding_id):
        found = services.findings.get(scan.key, finding_id)
    if found is None:
        raise no_such_page()
    return found
