"""Customers at the desk, for administrators: finding one, and what is held of them."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.models import ConnectionState
from shared.core.operators import Role
from shared.core.periods import AUDIT_MONTHS, BACKUP_RETENTION_DAYS
from shared.sql.reviews.customers import MOST_CUSTOMERS, CustomerUser
from shared.wiring import Services
from web.desk.access import desk_customer, require_operator
from web.desk.customer_files import whole
from web.desk.retention import SCOPE_WORDS
from web.http.messages import Request, Response
from web.privacy.activity import EXPORT_ENTRIES
from web.privacy.data_text import by_kind
from web.privacy.download import parts_of
from web.rendering.pages import render

STATE_WORDS = {
    ConnectionState.ACTIVE: ("consent holds", "good"),
    ConnectionState.SIGN_IN_NEEDED: ("has to sign in again", "warn"),
    ConnectionState.DISCONNECTED: ("disconnected", ""),
    None: ("consent deleted", ""),
}


@dataclass(frozen=True)
class CustomerLine:
    """A customer in the list; nothing is held of one without users."""

    tenant_id: str
    name: str
    scans: int
    last_scan_at: datetime | None
    is_held: bool


def desk_customers(request: Request, services: Services) -> Response:
    """GET /desk/customers."""
    who = require_operator(request, services, Role.ADMIN)
    search = request.query.get("q", "")
    found = services.customers.find(search)
    return render(
        "desk/customers.html",
        operator=who,
        search=search,
        lines=sorted(map(line_of, found, found.values()), key=lambda line: (not line.is_held, line.name)),
        is_cut=len(found) >= MOST_CUSTOMERS,
    )


def line_of(tenant_id: str, users: list[CustomerUser]) -> CustomerLine:
    """One customer of the list."""
    moments = [user.last_scan_at for user in users if user.last_scan_at]
    scans = sum(user.scans for user in users)
    return CustomerLine(tenant_id, name_of(users), scans, max(moments, default=None), bool(users))


def name_of(users: list[CustomerUser]) -> str:
    """A customer is called by its users; without one there is no name left."""
    return ", ".join(user.username for user in users if user.username) or "No user left"


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
        state_words=STATE_WORDS,
        kinds=by_kind(services.holdings.counts(tenant_id)),
        due=services.retention_due.of(tenant_id),
        activity=services.audit_log.count_of_customer(tenant_id),
        parts=len(parts_of(services, whole(tenant_id))),
        deletions=services.deletions.of_customer(tenant_id),
        scope_words=SCOPE_WORDS,
        export_entries=EXPORT_ENTRIES,
        audit_months=AUDIT_MONTHS,
        backup_days=BACKUP_RETENTION_DAYS,
    )
