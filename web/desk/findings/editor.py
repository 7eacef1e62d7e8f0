"""The editor of one finding. Whatever is wrong with what was written, it is given back whole."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from shared.core.coverage import coverage
from shared.core.finding_overlap import totals
from shared.core.findings import Confidence, Effort, Finding, FindingStatus, Measure
from shared.core.formats import money
from shared.core.money import a_year_of
from shared.core.operators import Operator
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.edits import Edit
from shared.sql.findings.proposals import FindingProposals
from shared.sql.scans.steps import Steps
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, require_operator
from web.desk.costs import page_of
from web.desk.findings.changes import changes_of
from web.desk.findings.form import (
    COUNTS,
    TEXT_BYTES,
    Written,
    as_stored,
    edit_of,
    is_as_stored,
    problems_of,
    written,
)
from web.desk.findings.listing import desk_finding_of, edits
from web.desk.findings.operations import WHOLE, CannotAct, offers_at
from web.desk.findings.workbench import MOST_AT_ONCE, QUERY_CHARACTERS, Workbench, billed_together, warnings_of
from web.desk.layout import desk_page
from web.http.messages import Request, Response, redirect
from web.rendering.findings import by_savings, finding_set
from web.rendering.labels import DECISION_LABELS, RESOURCES_SHOWN
from web.rendering.markdown import markdown

PLACES = {"add": "resources", "leave-out": "resources", "put-back": "resources", "find": "resources"}
"""Where on the page an act was done, if not at its evidence."""

PLACE = re.compile(r"[0-9]{1,6}")
ACTS_ON_FIGURES = ("take", "keep", "checked")


def desk_finding(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings/{finding_id}."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    bench = Workbench.of(services, scan, desk_finding_of(request, services, scan))
    query = request.query
    given = as_stored(bench.finding, bench.parts.whole, _usual_currency(bench))
    shown = replace(given, q=query.get("q", ""), at=query.get("at", str(WHOLE)))
    return _page(bench, who, shown, page=page_of(query))


def desk_finding_save(request: Request, services: Services) -> Response:
    """POST to the same address; asked for JSON, as the page's script does, it answers with JSON."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    bench = Workbench.of(services, scan, desk_finding_of(request, services, scan))
    given = written(request.form)
    wants_json = request.headers.get("accept", "") == "application/json"
    if given.act == "keep" and bench.finding.status is FindingStatus.PUBLISHED:
        return _on_figures(bench, who, given, bench.finding)
    problems = problems_of(given, bench.currencies())
    if problems:
        return _refused(bench, who, given, 422, problems, wants_json)
    try:
        stored = _save(bench, who, replace(given, ev_label="", ev_value="") if wants_json else given)
    except CannotAct as refusal:
        return _refused(bench, who, given, 422, (str(refusal),), wants_json)
    if stored is None:
        now = Workbench.of(services, scan, desk_finding_of(request, services, scan))
        return _refused(now, who, given, 409, (_conflict(now.finding),), wants_json)
    if wants_json:
        return _saved(bench, stored, given)
    return _on_figures(bench, who, given, stored) if given.act in ACTS_ON_FIGURES else redirect(_place(stored, given))


def _save(bench: Workbench, who: Operator, given: Written) -> Finding | None:
    """The finding as it is stored afterwards; None when it is not what the form was made of any more."""
    edit = edit_of(given, bench.finding)
    parts = bench.changed(given, edit)
    is_current = bench.finding.version == int(given.version) and bench.finding.status is FindingStatus.DRAFT
    if is_current and parts is None and is_as_stored(edit, bench.finding, bench.parts.whole):
        return bench.finding
    changes = edits(bench.services, bench.scan, who)
    return changes.save(bench.finding.finding_id, int(given.version), edit, bench.services.clock.now(), parts)


def _on_figures(bench: Workbench, who: Operator, given: Written, stored: Finding) -> Response:
    """The new figures taken or left, or those that could not be read again looked at."""
    changes, now = edits(bench.services, bench.scan, who), bench.services.clock.now()
    if given.act == "checked":
        after = changes.check(stored.finding_id, stored.version, now)
    else:
        take = given.act == "take"
        after = changes.settle(stored.finding_id, stored.version, bench.parts.left_out, take, now)
    if after is None:
        found = Workbench.of(bench.services, bench.scan, stored)
        return _refused(found, who, given, 409, (_conflict(stored),), wants_json=False)
    return redirect(_place(after, given))


def _place(finding: Finding, given: Written) -> str:
    """Where the page goes on: at what was done."""
    act = given.act.partition(" ")
    place = act[2] if act[0] == "open" else given.at
    query = {"q": given.q.strip()[:QUERY_CHARACTERS], "at": place if PLACE.fullmatch(place) else ""}
    query = {name: value for name, value in query.items() if value}
    anchor = PLACES.get(act[0].removesuffix("-all"), "evidence" if act[0] else "")
    anchor = "" if act[0] in ACTS_ON_FIGURES else anchor
    anchor = anchor or ("resources" if given.q.strip() and not act[0] else "")
    address = f"/desk/scans/{finding.scan_id}/findings/{finding.finding_id}"
    return f"{address}{'?' if query else ''}{urlencode(query)}{'#' if anchor else ''}{anchor}"


def _saved(bench: Workbench, stored: Finding, given: Written) -> Response:
    edit = edit_of(given, bench.finding)
    return _json(200, {
        "version": stored.version,
        "html": str(markdown(stored.text)),
        "year": _year(edit),
        "warnings": warnings_of(bench.about(), stored.measure, edit.savings) if edit.savings else [],
    })  # fmt: skip


def _year(edit: Edit) -> str:
    """What a year saves, of an amount that was named."""
    return ", ".join(money(saving.yearly, saving.currency) for saving in edit.savings)


def _conflict(now: Finding) -> str:
    if now.status is not FindingStatus.DRAFT:
        return f"This finding is {now.status} by now, so it cannot be edited. Your text is below: nothing is lost."
    return (
        f"{now.updated_by or 'The rules'} saved version {now.version} meanwhile. Your text is in the form and theirs "
        "beside it: put together what you need, then save again."
    )


def _refused(
    bench: Workbench, who: Operator, given: Written, status: int, problems: tuple[str, ...], wants_json: bool
) -> Response:
    if wants_json:
        return _json(status, {"problems": list(problems)})
    return _page(bench, who, given, status, problems)


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(status, json.dumps(body).encode(), "application/json; charset=utf-8")


def _usual_currency(bench: Workbench) -> str:
    """The one of the resources' own savings, else the first that the customer is billed in."""
    own = [saving.currency for each in bench.parts.resources for saving in each.savings]
    return next(iter([*own, *bench.currencies()]), "")


def _page(
    bench: Workbench,
    who: Operator,
    given: Written,
    status: int = 200,
    problems: tuple[str, ...] = (),
    page: int = 0,
) -> Response:
    scan, finding, database = bench.scan, bench.finding, bench.services.database
    held = finding_set(database, scan.tenant_id, scan.scan_id)
    names = coverage(Steps(database).list(scan.tenant_id, scan.scan_id)).subscription_names
    found, count = bench.search(given.q)
    about = bench.about(found)
    ordered = by_savings(bench.parts.resources)
    opened = next((each for each in ordered if str(each.position) == given.at), None)
    text = given.text if len(given.text.encode()) <= TEXT_BYTES else ""
    named = edit_of(given, finding).savings if not problems else ()
    proposal = FindingProposals(database).of_scan(scan.tenant_id, scan.scan_id).get(finding.finding_id)
    state = FindingStates(database, scan.tenant_id, scan.user_object_id).all().get(finding.key)
    return desk_page(
        "desk/finding.html",
        bench.services,
        who,
        scan,
        "/findings",
        status=status,
        finding=finding,
        written=given,
        problems=problems,
        warnings=warnings_of(about, finding.measure, named),
        is_conflict=status == 409,
        html=markdown(text),
        stored_text=finding.text,
        year=a_year_of(named[0].monthly) if named else None,
        currencies=bench.currencies(),
        billed=billed_together(about, bench.parts.resources),
        billed_month=about.rows.months[-1],
        found=found,
        found_count=count,
        most_at_once=MOST_AT_ONCE,
        amounts=about.rows.billed.amounts,
        chosen={each.resource_id for each in bench.parts.resources},
        resources=ordered[page * RESOURCES_SHOWN : (page + 1) * RESOURCES_SHOWN],
        resource_count=len(ordered),
        page=page,
        pages=-(-len(ordered) // RESOURCES_SHOWN),
        left_out=bench.parts.left_out,
        opened=opened,
        offers=offers_at(about, str(opened.position) if opened else str(WHOLE)),
        counted=totals(held.claims(tuple(FindingStatus))).by_finding[finding.key],
        subscriptions=names,
        changes=changes_of(bench.parts.resources, proposal) if proposal else None,
        state=state,
        decision_labels=DECISION_LABELS,
        measures=tuple(Measure),
        confidences=tuple(Confidence),
        efforts=tuple(Effort),
        counts=COUNTS,
        most_bytes=TEXT_BYTES,
    )
