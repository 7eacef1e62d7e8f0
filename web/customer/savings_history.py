"""What the findings of all reviews have saved to date."""

from shared.core.coverage import coverage
from shared.wiring import Services
from web.http.access import require_session
from web.http.messages import Request, Response
from web.rendering.labels import DECISION_LABELS
from web.rendering.pages import render
from web.rendering.savings_history import FATE_LABELS, savings_history


def savings_history_page(request: Request, services: Services) -> Response:
    """GET /savings-history: realized savings beside estimated ones, over all scans of the organisation."""
    session = require_session(request, services)
    lines = services.savings_ledger(session.tenant_id).lines_for(session.user_object_id)
    latest = services.scans.latest(session.tenant_id, session.user_object_id)
    names = coverage(services.steps.list(latest.key)).subscription_names if latest else {}
    states = services.finding_states(session.tenant_id, session.user_object_id).all()
    return render(
        "customer/savings_history.html",
        session=session,
        history=savings_history(lines, states, names) if lines else None,
        latest=latest,
        names=names,
        fate_labels=FATE_LABELS,
        decision_labels=DECISION_LABELS,
    )
