"""The layout of all pages of one finished scan: its period and its tabs."""

from typing import Any

from shared.core.models import Scan, Session
from web.http.messages import Response
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render

TABS = (
    ("", "Overview"),
    ("/savings", "Savings"),
    ("/costs", "Costs"),
    ("/changes", "Changes and forecast"),
    ("/inventory", "Inventory"),
    ("/recommendations", "Azure’s recommendations"),
    ("/coverage", "Coverage"),
)
"""Path below /scans/{scan_id}, and label."""


def scan_page(
    template: str, session: Session, scan: Scan, tab: str, *, status: int = 200, **context: object
) -> Response:
    """Render a page about one finished scan, with its tabs."""
    variables: dict[str, Any] = dict(context)
    return render(
        template,
        session=session,
        status=status,
        scan=scan,
        status_labels=STATUS_LABELS,
        tabs=TABS,
        tab=tab,
        **variables,
    )
