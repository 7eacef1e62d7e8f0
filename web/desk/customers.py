"""The customer pages, for administrators: search, and a customer's stored data."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.models import ConnectionState
from shared.core.operators import Role
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS
from shared.sql.reviews.customer_search import MAX_CUSTOMERS
from shared.sql.reviews.customers import CustomerUser
from shared.wiring import Services
from web.desk.access import desk_customer, require_operator
from web.desk.customer_export import whole_customer
from web.desk.retention import REASON_LABELS, SCOPE_LABELS
from web.http.messages import Request, Response
from web.privacy.activity import EXPORT_ENTRIES
from web.privacy.data_text import by_kind
from web.privacy.download import parts_of
from web.rendering.pages import render

CONSENT_LABELS = {
    ConnectionState.ACTIVE: ("Active", "good"),
    ConnectionState.SIGN_IN_NEEDED: ("Sign-in needed", "warn"),
    ConnectionState.DISCONNECTED: ("Disconnected", ""),
    None: ("Deleted", ""),
}


@dataclass(frozen=True)
class CustomerLine:
    """A row of the customer list; a customer without users has no stored data left."""

    tenant_id: str
    name: str
    scans: int
    last_scan_at: datetime | None
    has_data: bool


def desk_customers(request: Request, services: Services) -> Response:
    """GET /desk/customers."""
    who = require_operator(request, services, Role.ADMIN)
    search = request.query.get("q", "")
    found = services.customers.find(search)
    return render(
        "desk/customers.html",
        operator=who,
        search=search,
        lines=sorted(map(line_of, found, found.values()), key=lambda line: (not line.has_data, line.name)),
        is_cut=len(found) >= MAX_CUSTOMERS,
    )


def line_of(tenant_id: str, users: list[CustomerUser]) -> CustomerLine:
    """Return the row of a customer."""
    moments = [user.last_scan_at for user in users if user.last_scan_at]
    scans = sum(user.scans for user in users)
    return CustomerLine(tenant_id, name_of(users), scans, max(moments, default=None), bool(users))


def name_of(users: list[CustomerUser]) -> str:
    """Return the names of the customer's users, which serve as its name."""
    return ", ".join(user.username for user in users if user.username) or "Deleted customer"


def desk_customer_page(request: Request, services: Services) -> Response:
    """GET /desk/customers/{tenant_id}."""
    who = require_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    users = services.customers.users(tenant_id)
    return render(
        "desk/customer.html",
        operator=who,
        tenant_id=tenant_id,
        name=name_of(users),
        users=users,
        consent_labels=CONSENT_LABELS,
        kinds=by_kind(services.holdings.counts(tenant_id)),
        due=services.retention_due.of(tenant_id),
        activity=services.audit_log.count_of_customer(tenant_id),
        parts=len(parts_of(services, whole_customer(tenant_id))),
        deletions=services.receipts.of_customer(tenant_id),
        scope_labels=SCOPE_LABELS,
        reason_labels=REASON_LABELS,
        export_entries=EXPORT_ENTRIES,
        audit_months=AUDIT_MONTHS,
        backup_days=BACKUP_RETENTION_DAYS,
    )
