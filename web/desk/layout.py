"""What all pages about one scan at the desk have in common: whose it is, how long there is, where to go on."""

from typing import Any

from shared.core.models import ConnectionState, Scan
from shared.core.operators import Operator
from shared.core.review_window import ReviewWindow, review_window
from shared.sql.reviews.reviews import Review
from shared.wiring import Services
from web.desk.queue import time_left
from web.http.messages import Response
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render

TABS = (
    ("", "Overview"),
    ("/costs", "Costs"),
    ("/inventory", "Inventory"),
    ("/recommendations", "Recommendations"),
    ("/findings", "Findings"),
    ("/query", "Queries"),
    ("/metrics", "Metrics"),
    ("/jobs", "Re-pull and jobs"),
)
"""Below /desk/scans/{scan_id}: the end of the address, and what it is called."""

NO_CONSENT = "The consent has ended, so nothing can be read any more."


def window_of(scan: Scan, review: Review, services: Services) -> ReviewWindow:
    """The review window as it stands now."""
    return review_window(scan, review.published_at, services.clock.now())


def refusal_now(scan: Scan, review: Review, services: Services) -> str | None:
    """Why nothing more can be read of this customer now; None when it can."""
    refusal = window_of(scan, review, services).refusal
    if refusal is not None:
        return refusal
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    has_consent = connection is not None and connection.state is ConnectionState.ACTIVE
    return None if has_consent else NO_CONSENT


def desk_page(
    template: str, services: Services, who: Operator, scan: Scan, tab: str, *, status: int = 200, **context: object
) -> Response:
    """A page of the workbench."""
    review = services.reviews.get(scan.tenant_id, scan.scan_id)
    window = window_of(scan, review, services)
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    left, tone = time_left(window, services.clock.now())
    shown: dict[str, Any] = dict(context)
    return render(
        template,
        status=status,
        operator=who,
        scan=scan,
        review=review,
        window=window,
        left=left,
        tone=tone,
        customer=connection.username if connection else scan.tenant_id,
        connection=connection,
        status_labels=STATUS_LABELS,
        tabs=TABS,
        tab=tab,
        base=f"/desk/scans/{scan.scan_id}",
        **shown,
    )
