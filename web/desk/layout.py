"""The layout of all desk pages about one scan: customer, time left and tabs."""

from typing import Any

from shared.core.models import ConnectionState, Scan
from shared.core.operators import Operator
from shared.core.review_window import review_window
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
"""Path below /desk/scans/{scan_id}, and label."""

NO_CONSENT = "The customer's consent has ended."


def read_refusal(services: Services, scan: Scan) -> str | None:
    """Return why no more data can be read for this scan; None if it can."""
    published_at = services.reviews.get(scan.key).published_at
    refusal = review_window(scan, published_at, services.clock.now()).refusal
    if refusal is not None:
        return refusal
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    has_consent = connection is not None and connection.state is ConnectionState.ACTIVE
    return None if has_consent else NO_CONSENT


def desk_page(
    template: str, services: Services, who: Operator, scan: Scan, tab: str, *, status: int = 200, **context: object
) -> Response:
    """Render a page about one scan, with its header and tabs."""
    review = services.reviews.get(scan.key)
    window = review_window(scan, review.published_at, services.clock.now())
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    left, tone = time_left(window, services.clock.now())
    variables: dict[str, Any] = dict(context)
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
        **variables,
    )
