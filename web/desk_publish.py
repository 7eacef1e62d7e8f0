"""Publishing a review: first what the customer will see, then the act."""

import re

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.finding_overlap import totals
from shared.core.findings import AffectedResource, Finding, FindingStatus
from shared.core.mail import MailKind, NewMail
from shared.core.models import Scan
from shared.core.review_window import REVIEWABLE
from shared.core.setting_checks import is_address
from shared.mail.occasions import announce
from shared.sql.connections import Connections
from shared.sql.finding_publication import FindingPublication
from shared.sql.steps import Steps
from shared.wiring import Services
from web.desk_access import acting_operator, actor, desk_scan, require_operator
from web.desk_pages import desk_page
from web.finding_views import Holding, dearest_first, holding
from web.findings import RESOURCES_SHOWN
from web.http import Request, Response, redirect
from web.markdown import markdown

SEEN = re.compile(r"([0-9a-f-]{36}):(\d{1,9})")


def desk_publish_preview(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/publish."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    held = holding(services.database, scan.tenant_id, scan.scan_id)
    read = coverage(Steps(services.database).list(scan.tenant_id, scan.scan_id))
    visible = [one for one in held.findings if one.status is not FindingStatus.DISCARDED]
    drafts = [one for one in visible if one.status is FindingStatus.DRAFT]
    counted = totals(held.claims((FindingStatus.DRAFT, FindingStatus.PUBLISHED)))
    return desk_page(
        "desk_publish.html",
        services,
        who,
        scan,
        "/findings",
        findings=[
            (
                one,
                markdown(one.text),
                dearest_first(held.resources.get(one.finding_id, ())),
                counted.by_finding[one.key],
            )
            for one in visible
        ],
        drafts=drafts,
        seen=" ".join(f"{one.finding_id}:{one.version}" for one in drafts),
        totals=counted,
        subscriptions={item.subscription_id.lower(): item.name for item in read.subscriptions},
        shown=RESOURCES_SHOWN,
        is_reviewable=scan.status in REVIEWABLE,
    )


def desk_publish(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/publish."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    seen = [(number, int(version)) for number, version in SEEN.findall(request.form.get("seen", ""))]
    if not seen or scan.status not in REVIEWABLE:
        raise BadRequest("There is nothing to publish", "Go back to the findings: there has to be at least one draft.")
    mails = _mails(services, scan)
    publication = FindingPublication(services.database, scan, actor(who))
    if publication.publish(seen, mails, services.clock.now()) is None:
        raise BadRequest(
            "The findings have changed since you saw the preview",
            "Nothing was published. Open the preview again and look at what it shows now.",
        )
    announce(services.database, services.queues, scan.tenant_id, scan.scan_id)
    return redirect(f"/desk/scans/{scan.scan_id}/findings")


def _dearest(held: Holding, finding: Finding) -> tuple[AffectedResource, ...]:
    return dearest_first(held.resources.get(finding.finding_id, ()))


def _mails(services: Services, scan: Scan) -> list[NewMail]:
    """The customer is told, if mail goes out at all and the user name is an address."""
    connection = Connections(services.database).get(scan.tenant_id, scan.user_object_id)
    can_be_told = bool(services.settings.mail_sender) and connection is not None and is_address(connection.username)
    return [NewMail(MailKind.REVIEW_PUBLISHED, connection.username)] if connection and can_be_told else []
