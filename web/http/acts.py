"""What a signed-in customer does, for the record."""

from shared.core.audit import Action, Actor, AuditEvent, Outcome, Subject, customer
from shared.core.models import Session
from shared.wiring import Services


def actor_of(session: Session) -> Actor:
    """The person behind the session."""
    return customer(session.user_object_id, session.username)


def put_on_record(
    services: Services,
    session: Session,
    action: Action,
    *,
    outcome: Outcome = Outcome.DONE,
    subject: Subject | None = None,
    reason: str | None = None,
    details: dict[str, str | int] | None = None,
) -> None:
    """Writes an act down before it is done; what the database does itself is recorded with it instead."""
    event = AuditEvent(
        services.clock.now(),
        session.tenant_id,
        actor_of(session),
        action,
        outcome,
        user_object_id=session.user_object_id,
        subject=subject,
        reason=reason,
        details=details or {},
    )
    services.audit_log.append(event)
