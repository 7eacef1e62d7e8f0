"""The editor of one finding. Whatever is wrong with what was written, it is given back whole."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.core.coverage import coverage
from shared.core.finding_overlap import totals
from shared.core.findings import Confidence, Effort, Finding, FindingStatus, Saving, SavingBasis
from shared.core.models import Scan
from shared.core.operators import Operator
from shared.sql.finding_edits import Edit
from shared.sql.steps import Steps
from shared.wiring import Services
from web.desk_access import acting_operator, desk_scan, require_operator
from web.desk_findings import desk_finding_of, edits
from web.desk_pages import desk_page
from web.display import exact
from web.finding_views import dearest_first, holding
from web.findings import RESOURCES_SHOWN
from web.http import Request, Response, redirect
from web.markdown import markdown

TITLE_CHARACTERS = 300
TEXT_BYTES = 100_000
OWNER_CHARACTERS = 320
AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?")
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Written:
    """What the form holds, as it was typed."""

    title: str
    text: str
    confidence: str
    effort: str
    owner: str
    currency: str
    monthly: str
    version: str


def desk_finding(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/findings/{finding_id}."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    finding = desk_finding_of(request, services, scan)
    return _page(services, who, scan, finding, _as_stored(services, finding))


def desk_finding_save(request: Request, services: Services) -> Response:
    """POST to the same address; asked for JSON, as the page's script does, it answers with JSON."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    finding = desk_finding_of(request, services, scan)
    written = _written(request.form)
    wants_json = request.headers.get("accept", "") == "application/json"
    problems = problems_of(written)
    if problems:
        return _refused(services, who, scan, finding, written, 422, problems, wants_json)
    stored = edits(services, scan, who).save(
        finding.finding_id, int(written.version), edit_of(written), services.clock.now()
    )
    if stored is None:
        now = desk_finding_of(request, services, scan)
        return _refused(services, who, scan, now, written, 409, (_conflict(now),), wants_json)
    if wants_json:
        return _json(200, {"version": stored.version, "html": str(markdown(stored.text))})
    return redirect(f"/desk/scans/{scan.scan_id}/findings/{finding.finding_id}")


def _conflict(now: Finding) -> str:
    if now.status is not FindingStatus.DRAFT:
        return f"This finding is {now.status} by now, so it cannot be edited. Your text is below: nothing is lost."
    return (
        f"{now.updated_by or 'The rules'} saved version {now.version} meanwhile. Your text is in the form and theirs "
        "beside it: put together what you need, then save again."
    )


def _refused(
    services: Services,
    who: Operator,
    scan: Scan,
    finding: Finding,
    written: Written,
    status: int,
    problems: tuple[str, ...],
    wants_json: bool,
) -> Response:
    if wants_json:
        return _json(status, {"problems": list(problems)})
    return _page(services, who, scan, finding, written, status, problems)


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(status, json.dumps(body).encode(), "application/json; charset=utf-8")


def _written(form: Mapping[str, str]) -> Written:
    names = Written.__dataclass_fields__
    values = {name: form.get(name, "") for name in names}
    values["text"] = values["text"].replace("\r\n", "\n")
    return Written(**values)


def _as_stored(services: Services, finding: Finding) -> Written:
    held = holding(services.database, finding.tenant_id, finding.scan_id)
    whole = held.whole.get(finding.finding_id, ())
    return Written(
        title=finding.title,
        text=finding.text,
        confidence=finding.confidence,
        effort=finding.effort,
        owner=finding.owner or "",
        currency=whole[0].currency if whole else "",
        monthly=exact(whole[0].monthly) if whole else "",
        version=str(finding.version),
    )


def problems_of(written: Written) -> tuple[str, ...]:
    """What keeps it from being saved, in sentences."""
    found: list[str] = []
    size = len(written.text.encode())
    if not written.title.strip() or len(written.title) > TITLE_CHARACTERS:
        found.append(f"The title needs 1 to {TITLE_CHARACTERS} characters; it has {len(written.title):,}.")
    if size > TEXT_BYTES:
        found.append(
            f"The text has {size:,} bytes; {TEXT_BYTES:,} is the most. Nothing was saved and nothing is lost: it is "
            "all in the form below. Shorten it, or put the rest into a second finding."
        )
    if len(written.owner) > OWNER_CHARACTERS:
        found.append(f"The owner's name is longer than {OWNER_CHARACTERS} characters.")
    if bool(written.monthly) != bool(written.currency):
        found.append("A saving needs an amount and a currency, or neither.")
    if written.monthly and not AMOUNT.fullmatch(written.monthly):
        found.append("The saving is not an amount such as 1234.50.")
    if written.currency and not CURRENCY.fullmatch(written.currency):
        found.append("The currency is not a code of three capitals such as GBP.")
    if written.confidence not in tuple(Confidence) or written.effort not in tuple(Effort):
        found.append("Confidence and effort are low, medium or high.")
    if not written.version.isdigit() or len(written.version) > 9:
        found.append("The form does not say which version it is of: open the finding again and paste your text.")
    return tuple(found)


def edit_of(written: Written) -> Edit:
    """What was written, once it has no problems."""
    savings = (Saving(written.currency, Decimal(written.monthly), SavingBasis.REVIEWER),) if written.monthly else ()
    return Edit(
        title=written.title.strip(),
        text=written.text,
        confidence=Confidence(written.confidence),
        effort=Effort(written.effort),
        owner=written.owner.strip() or None,
        savings=savings,
    )


def _page(
    services: Services,
    who: Operator,
    scan: Scan,
    finding: Finding,
    written: Written,
    status: int = 200,
    problems: tuple[str, ...] = (),
) -> Response:
    held = holding(services.database, scan.tenant_id, scan.scan_id)
    read = coverage(Steps(services.database).list(scan.tenant_id, scan.scan_id))
    too_long = len(written.text.encode()) > TEXT_BYTES
    page = desk_page(
        "desk_finding.html",
        services,
        who,
        scan,
        "/findings",
        finding=finding,
        written=written,
        problems=problems,
        is_conflict=status == 409,
        html=markdown("" if too_long else written.text),
        stored_text=finding.text,
        resources=dearest_first(held.resources.get(finding.finding_id, ())),
        counted=totals(held.claims(tuple(FindingStatus))).by_finding[finding.key],
        subscriptions={item.subscription_id.lower(): item.name for item in read.subscriptions},
        confidences=tuple(Confidence),
        efforts=tuple(Effort),
        shown=RESOURCES_SHOWN,
        most_bytes=TEXT_BYTES,
    )
    return replace(page, status=status)
