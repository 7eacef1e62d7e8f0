"""The editor of a finding. On an error, the form is shown again with everything that was typed."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from shared.core.finding_overlap import totals
from shared.core.findings import Confidence, Effort, Finding, FindingStatus, Measure
from shared.core.formats import money
from shared.core.money import a_year_of
from shared.core.operators import Operator
from shared.sql.findings.edits import Edit
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, require_operator
from web.desk.costs import page_of, subscription_names
from web.desk.findings.changes import changes_of
from web.desk.findings.form import FindingForm, edit_of, form_of, is_as_stored, parsed, problems_of, version_of
from web.desk.findings.limits import TEXT_BYTES
from web.desk.findings.listing import desk_finding_of, edits
from web.desk.findings.operations import WHOLE_FINDING, OperationRefused, offers_at
from web.desk.findings.workbench import MAX_ADDED_AT_ONCE, QUERY_CHARACTERS, Workbench, billed_together, warnings_of
from web.desk.layout import desk_page
from web.http.messages import Request, Response, redirect
from web.rendering.findings import by_savings, finding_set
from web.rendering.labels import DECISION_LABELS, RESOURCES_SHOWN
from web.rendering.markdown import markdown

ANCHORS = {"add": "resources", "exclude": "resources", "include": "resources", "search": "resources"}
"""The section of the page an operation belongs to; all others belong to the evidence."""

POSITION = re.compile(r"[0-9]{1,6}")
FIGURE_OPERATIONS = ("accept-figures", "keep-figures", "confirm-figures")


def desk_finding(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings/{finding_id}."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    bench = Workbench.of(services, scan, desk_finding_of(request, services, scan))
    query = request.query
    form = form_of(bench.finding, bench.parts.whole, _usual_currency(bench))
    form = replace(form, q=query.get("q", ""), position=query.get("position", str(WHOLE_FINDING)))
    return _page(bench, who, form, page=page_of(query))


def desk_finding_save(request: Request, services: Services) -> Response:
    """POST to the same address. Returns JSON if the Accept header asks for it, as the page's script does."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    bench = Workbench.of(services, scan, desk_finding_of(request, services, scan))
    form = parsed(request.form)
    wants_json = request.headers.get("accept", "") == "application/json"
    if form.operation == "keep-figures" and bench.finding.status is FindingStatus.PUBLISHED:
        return _apply_to_figures(bench, who, form, bench.finding)
    problems = problems_of(form, bench.currencies())
    if problems:
        return _refused(bench, who, form, 422, problems, wants_json)
    try:
        stored = _save(bench, who, replace(form, evidence_label="", evidence_value="") if wants_json else form)
    except OperationRefused as refusal:
        return _refused(bench, who, form, 422, (str(refusal),), wants_json)
    if stored is None:
        now = Workbench.of(services, scan, desk_finding_of(request, services, scan))
        return _refused(now, who, form, 409, (_conflict(now.finding),), wants_json)
    if wants_json:
        return _saved(bench, stored, form)
    is_about_figures = form.operation in FIGURE_OPERATIONS
    return _apply_to_figures(bench, who, form, stored) if is_about_figures else redirect(_location(stored, form))


def _save(bench: Workbench, who: Operator, form: FindingForm) -> Finding | None:
    """Save the edit and return the stored finding; None if the form is of an older version."""
    version = version_of(form)
    if version is None:
        return None
    edit = edit_of(form, bench.finding)
    parts = bench.changed(form, edit)
    is_current = bench.finding.version == version and bench.finding.status is FindingStatus.DRAFT
    if is_current and parts is None and is_as_stored(edit, bench.finding, bench.parts.whole):
        return bench.finding
    changes = edits(bench.services, bench.scan, who)
    return changes.save(bench.finding.finding_id, version, edit, bench.services.clock.now(), parts)


def _apply_to_figures(bench: Workbench, who: Operator, form: FindingForm, stored: Finding) -> Response:
    """Accept or keep the figures, or confirm those that had to be checked."""
    changes, now = edits(bench.services, bench.scan, who), bench.services.clock.now()
    if form.operation == "confirm-figures":
        after = changes.check(stored.finding_id, stored.version, now)
    else:
        accept = form.operation == "accept-figures"
        after = changes.settle(stored.finding_id, stored.version, bench.parts.excluded, accept, now)
    if after is None:
        found = Workbench.of(bench.services, bench.scan, stored)
        return _refused(found, who, form, 409, (_conflict(stored),), wants_json=False)
    return redirect(_location(after, form))


def _location(finding: Finding, form: FindingForm) -> str:
    """Return the address of the editor, at the section of the operation."""
    name, _, argument = form.operation.partition(" ")
    position = argument if name == "show-evidence" else form.position
    query = {"q": form.q.strip()[:QUERY_CHARACTERS], "position": position if POSITION.fullmatch(position) else ""}
    query = {name: value for name, value in query.items() if value}
    anchor = ANCHORS.get(name.removesuffix("-all"), "evidence" if name else "")
    anchor = "" if name in FIGURE_OPERATIONS else anchor
    anchor = anchor or ("resources" if form.q.strip() and not name else "")
    address = f"/desk/scans/{finding.scan_id}/findings/{finding.finding_id}"
    return f"{address}{'?' if query else ''}{urlencode(query)}{'#' if anchor else ''}{anchor}"


def _saved(bench: Workbench, stored: Finding, form: FindingForm) -> Response:
    edit = edit_of(form, bench.finding)
    return _json(200, {
        "version": stored.version,
        "html": str(markdown(stored.text)),
        "year": _year(edit),
        "warnings": warnings_of(bench.context(), stored.measure, edit.savings) if edit.savings else [],
    })  # fmt: skip


def _year(edit: Edit) -> str:
    """Return the yearly amount of manually entered savings."""
    return ", ".join(money(saving.yearly, saving.currency) for saving in edit.savings)


def _conflict(now: Finding) -> str:
    if now.status is not FindingStatus.DRAFT:
        return f"This finding is now {now.status}, so it cannot be edited. Your text is still in the form below."
    return (
        f"{now.updated_by or 'A rule'} saved version {now.version} in the meantime. Your text is in the form, and the "
        "stored version is next to it. Merge the two, then save again."
    )


def _refused(
    bench: Workbench, who: Operator, form: FindingForm, status: int, problems: tuple[str, ...], wants_json: bool
) -> Response:
    if wants_json:
        return _json(status, {"problems": list(problems)})
    return _page(bench, who, form, status, problems)


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(status, json.dumps(body).encode(), "application/json; charset=utf-8")


def _usual_currency(bench: Workbench) -> str:
    """Return the currency of the resources' savings, else the first one the customer is billed in."""
    own = [saving.currency for each in bench.parts.resources for saving in each.savings]
    return next(iter([*own, *bench.currencies()]), "")


def _page(
    bench: Workbench,
    who: Operator,
    form: FindingForm,
    status: int = 200,
    problems: tuple[str, ...] = (),
    page: int = 0,
) -> Response:
    scan, finding, services = bench.scan, bench.finding, bench.services
    held = finding_set(services.database, scan.key)
    found, count = bench.search(form.q)
    context = bench.context(found)
    ordered = by_savings(bench.parts.resources)
    opened = next((each for each in ordered if str(each.position) == form.position), None)
    text = form.text if len(form.text.encode()) <= TEXT_BYTES else ""
    named = edit_of(form, finding).savings if not problems else ()
    proposal = services.finding_proposals.of_scan(scan.key).get(finding.finding_id)
    state = services.finding_states(scan.tenant_id, scan.user_object_id).all().get(finding.key)
    return desk_page(
        "desk/finding.html",
        services,
        who,
        scan,
        "/findings",
        status=status,
        finding=finding,
        form=form,
        problems=problems,
        warnings=warnings_of(context, finding.measure, named),
        is_conflict=status == 409,
        html=markdown(text),
        stored_text=finding.text,
        year=a_year_of(named[0].monthly) if named else None,
        currencies=bench.currencies(),
        billed=billed_together(context, bench.parts.resources),
        billed_month=context.rows.months[-1],
        found=found,
        found_count=count,
        most_at_once=MAX_ADDED_AT_ONCE,
        amounts=context.rows.billed.amounts,
        chosen={each.resource_id for each in bench.parts.resources},
        resources=ordered[page * RESOURCES_SHOWN : (page + 1) * RESOURCES_SHOWN],
        resource_count=len(ordered),
        page=page,
        pages=-(-len(ordered) // RESOURCES_SHOWN),
        excluded=bench.parts.excluded,
        opened=opened,
        offers=offers_at(context, str(opened.position) if opened else str(WHOLE_FINDING)),
        counted=totals(held.claims(tuple(FindingStatus))).by_finding[finding.key],
        subscriptions=subscription_names(services.steps, scan),
        changes=changes_of(bench.parts.resources, proposal) if proposal else None,
        state=state,
        decision_labels=DECISION_LABELS,
        measures=tuple(Measure),
        confidences=tuple(Confidence),
        efforts=tuple(Effort),
        most_bytes=TEXT_BYTES,
    )
