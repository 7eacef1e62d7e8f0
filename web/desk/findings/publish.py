"""Publishes a review: the preview of the customer's page, then the publication."""

import re
from collections.abc import Sequence

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.findings import Finding, FindingStatus
from shared.core.mail import MailKind, NewMail
from shared.core.models import Scan
from shared.core.review_window import REVIEWABLE
from shared.core.setting_checks import is_address
from shared.evidence.fully_read import fully_read
from shared.evidence.resource_fates import update_ledger
from shared.mail.scan_mails import queue_mails
from shared.sql.findings.findings import Findings
from shared.wiring import Services
from web.desk.access import acting_operator, actor, desk_scan, require_operator
from web.desk.findings.listing import NEW_TITLE
from web.desk.layout import desk_page
from web.http.forms import MAX_VERSION, whole_number
from web.http.messages import Request, Response, redirect
from web.rendering.findings import review
from web.rendering.labels import DECISION_LABELS, RESOURCES_SHOWN

SEEN = re.compile(r"([0-9a-f-]{36}):([0-9]{1,9})")
VISIBLE = (FindingStatus.PUBLISHED, FindingStatus.DRAFT)
Seen = Sequence[tuple[str, int]]


def desk_publish_preview(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/publish: a preview of the customer's page."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    steps = services.steps.list(scan.key)
    read = coverage(steps)
    shown = review(services.database, scan, VISIBLE)
    drafts = [view.finding for view in shown.views if view.finding.status is FindingStatus.DRAFT]
    return desk_page(
        "desk/publish.html",
        services,
        who,
        scan,
        "/findings",
        shown_review=shown,
        drafts=drafts,
        unready=[one for one in drafts if not is_ready(one)],
        to_check=[one for one in drafts if one.to_check],
        proposals=services.finding_proposals.of_scan(scan.key),
        seen=" ".join(f"{one.finding_id}:{one.version}" for one in drafts),
        coverage=read,
        subscriptions=read.subscription_names,
        decision_labels=DECISION_LABELS,
        problem=None,
        shown=RESOURCES_SHOWN,
        is_preview=True,
        is_reviewable=scan.status in REVIEWABLE,
    )


def desk_publish(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/publish."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    seen = _seen(request.form.get("seen", ""))
    published_at = services.reviews.get(scan.key).published_at
    _check(services.findings, scan, seen, is_first=published_at is None)
    publication = services.finding_publication(scan, actor(who))
    if publication.publish(seen, _mails(services, scan), services.clock.now()) is None:
        if not _was_published(services.findings, scan, seen):
            raise BadRequest(
                "The findings have changed since the preview",
                "Nothing was published. Open the preview again, check it, then publish.",
            )
    else:
        _update_ledger(services, scan)
        queue_mails(services.database, services.queues, scan.key)
    return redirect(f"/desk/scans/{scan.scan_id}/findings")


def _update_ledger(services: Services, scan: Scan) -> None:
    """Let the savings ledger follow what the reviewer excluded, discarded or added since the findings were drafted."""
    steps = services.steps.list(scan.key)
    read = fully_read(steps, services.subscriptions.quota_ids(scan.key))
    update_ledger(services.database, scan, (step.subscription_id for step in steps), read)


def _seen(text: str) -> Seen:
    """Parse the drafts that the preview showed, each with its version."""
    pairs = ((finding_id, whole_number(version, MAX_VERSION)) for finding_id, version in SEEN.findall(text))
    return [(finding_id, version) for finding_id, version in pairs if version is not None]


def is_ready(finding: Finding) -> bool:
    """Return whether the finding has a title and a text."""
    return bool(finding.text.strip()) and finding.title != NEW_TITLE


def _check(findings: Findings, scan: Scan, seen: Seen, *, is_first: bool) -> None:
    """Raise BadRequest if the review cannot be published. The first publication may have no findings."""
    if scan.status not in REVIEWABLE or (not seen and not is_first):
        raise BadRequest("There is nothing to publish", "Go back to the findings. You need at least one draft.")
    finding_ids = {finding_id for finding_id, _ in seen}
    drafts = findings.of_scan(scan.key, (FindingStatus.DRAFT,))
    if any(one.finding_id in finding_ids and not is_ready(one) for one in drafts):
        raise BadRequest(
            "A finding has no title or no text", "Nothing was published. Complete or discard the finding first."
        )


def _was_published(findings: Findings, scan: Scan, seen: Seen) -> bool:
    """Return whether an earlier identical request already published these findings."""
    published = findings.of_scan(scan.key, (FindingStatus.PUBLISHED,))
    return bool(seen) and {(finding_id, version + 1) for finding_id, version in seen} <= {
        (one.finding_id, one.version) for one in published
    }


def _mails(services: Services, scan: Scan) -> list[NewMail]:
    """Return the notification, if email is configured and the user has an email address."""
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    can_notify = (
        bool(services.settings.mail_sender) and connection is not None and is_address(connection.mail_recipient)
    )
    return [NewMail(MailKind.REVIEW_PUBLISHED, connection.mail_recipient)] if connection and can_notify else []
