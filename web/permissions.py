"""The permissions page: rendered from the tables that the program runs on, so that it cannot drift from it."""

from shared.arm.endpoints import ARM_SCOPE, ENDPOINTS
from shared.catalogue import COLLECTED
from shared.core.periods import (
    AUDIT_MONTHS,
    BACKUP_RETENTION_DAYS,
    COST_MONTHS,
    RETENTION_MONTHS,
    RETENTION_NOTICE_DAYS,
    REVIEW_WINDOW_HOURS,
)
from shared.identity.entra import SIGN_IN_SCOPES
from shared.identity.sessions import SESSION_HOURS
from shared.wiring import Services
from web.access import current_session
from web.http import Request, Response
from web.pages import render

DATA_REGION = "UK South"

NEVER_READ = (
    "secrets",
    "Key Vault contents",
    "storage blob contents",
    "database rows",
    "customer-facing application data",
    "identity and RBAC assignments",
    "anything in Microsoft 365",
)


def permissions(request: Request, services: Services) -> Response:
    """GET /permissions."""
    return render(
        "permissions.html",
        session=current_session(request, services),
        arm_scope=ARM_SCOPE,
        sign_in_scopes=SIGN_IN_SCOPES,
        client_id=services.settings.client_id,
        endpoints=ENDPOINTS,
        collected=COLLECTED,
        never_read=NEVER_READ,
        region=DATA_REGION,
        cost_months=COST_MONTHS,
        retention_months=RETENTION_MONTHS,
        notice_days=RETENTION_NOTICE_DAYS,
        backup_days=BACKUP_RETENTION_DAYS,
        audit_months=AUDIT_MONTHS,
        review_window_hours=REVIEW_WINDOW_HOURS,
        session_hours=SESSION_HOURS,
    )
