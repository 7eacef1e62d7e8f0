"""Record the actions of a signed-in customer in the activity log."""

from shared.core.audit import Action, Actor, AuditEvent, Outcome, Subject, customer
from shared.core.models import Session
from shared.wiring import Services


def customer_actor(session: Session) -> Actor:
    """Return the user of the session as an actor."""
    return customer(session.user_object_id, session.username)


def record_action(
    services: Services,
    session: Session,
    action: Action,
    *,
    outcome: Outcome = Outcome.DONE,
    subject: Subject | None = None,
    reason: str | None = None,
    details: dict[str, str | int] | None = None,
) -> None:
    """Record an action before it is done. Database changes record theirs in the same transaction instead."""
    event = AuditEvent(
        services.clock.now(),
        session.tenant_id,
        customer_actor(session),
        action,
        outcome,
        user_object_id=session.user_object_id,
        subject=subject,
        reason=reason,
        details=details or {},
    )
    services.audit_log.append(event)
