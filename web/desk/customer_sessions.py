"""Signs the users of a customer out, for an account that was taken over or a device that was lost."""

from shared.core.audit import Action
from shared.core.operators import Role
from shared.wiring import Services
from web.desk.access import acting_operator, customer_event, desk_customer, reason_of
from web.http.messages import Request, Response, redirect


def desk_customer_sign_out(request: Request, services: Services) -> Response:
    """POST /desk/customers/{tenant_id}/sign-out: end every session of every user; consents and data stay."""
    who = acting_operator(request, services, Role.ADMIN)
    tenant_id = desk_customer(request, services)
    reason, users = reason_of(request.form), services.customers.users(tenant_id)
    now, details = services.clock.now(), {"users": len(users)}
    services.audit_log.append(customer_event(tenant_id, who, Action.CUSTOMER_SIGNED_OUT, now, reason, details))
    for user in users:
        services.sessions.revoke_all(tenant_id, user.user_object_id)
    return redirect(f"/desk/customers/{tenant_id}")
