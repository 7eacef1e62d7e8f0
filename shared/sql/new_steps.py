"""Steps as they are planned, before anybody has worked on them."""

from datetime import datetime
from typing import Any

from shared.core.models import StepStatus, Subscription
from shared.sql.engine.text import fit
from shared.sql.schema.tables import steps


def new_step(tenant_id: str, scan_id: str, collector: str, subscription: Subscription, now: datetime) -> dict[str, Any]:
    """The row of a step that is to be done."""
    return {
        "tenant_id": tenant_id,
        "scan_id": scan_id,
        "collector": collector,
        "subscription_id": subscription.subscription_id,
        "subscription_name": fit(steps.c.subscription_name, subscription.display_name),
        "status": StepStatus.PENDING,
        "attempt": 0,
        "request_index": 0,
        "simplified": False,
        "pages": 0,
        "rows": 0,
        "updated_at": now,
    }
