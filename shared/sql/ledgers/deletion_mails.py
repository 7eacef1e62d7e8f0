"""The email that confirms a deletion to a user whose address is deleted with the rest.

It is written down with the decision, while the address is still there, under the receipt's
number, so that the deletion leaves it alone. It waits until nothing is left to delete; once
it was sent, or has failed, its row is deleted too, and only the activity log records the outcome.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome, Subject
from shared.core.deletions import Deletion, DeletionScope
from shared.core.mail import Mail, MailKind, MailState, NewMail, new_mail
from shared.core.setting_checks import is_address
from shared.sql.engine.retries import commit_is_unknown
from shared.sql.ledgers.audit import is_recorded, record
from shared.sql.schema.outbox_tables import outbox
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import MAIL_RECIPIENT, connections, scans


def keep_addresses(connection: Connection, deletion: Deletion) -> None:
    """Store the recipients: the users whose name is an email address."""
    addresses = {name.lower(): name for name in _names(connection, deletion) if is_address(name)}
    for address in addresses.values():
        mail = NewMail(MailKind.DELETION_DONE, address)
        row = new_mail(deletion.tenant_id, deletion.receipt_id, mail, MailState.WAITING, deletion.requested_at)
        connection.execute(insert(outbox).values(vars(row)))


def _names(connection: Connection, deletion: Deletion) -> Iterable[str]:
    own = connections.c.tenant_id == deletion.tenant_id
    if deletion.user_object_id is not None:
        own = and_(own, connections.c.user_object_id == deletion.user_object_id)
    elif deletion.scope is DeletionScope.FINDINGS:
        scanned = select(scans.c.user_object_id).where(scans.c.tenant_id == deletion.tenant_id)
        own = and_(own, connections.c.user_object_id.in_(scanned))
    return connection.execute(select(MAIL_RECIPIENT).where(own)).scalars()


def release(connection: Connection, deletion: Deletion, now: datetime) -> None:
    """The deletion is done: its mails may go."""
    waiting = and_(
        outbox.c.tenant_id == deletion.tenant_id,
        outbox.c.scan_id == deletion.receipt_id,
        outbox.c.state == MailState.WAITING,
    )
    connection.execute(update(outbox).where(waiting).values(state=MailState.PENDING, changed_at=now))


def forget(connection: Connection, ended: Mail) -> bool:
    """Delete the address and record the outcome; False if another worker did."""
    event = _event(ended, _user(connection, ended))
    if connection.execute(delete(outbox).where(_attempt(ended))).rowcount != 1:
        return commit_is_unknown() and is_recorded(connection, event)
    record(connection, event)
    return True


def _attempt(mail: Mail) -> ColumnElement[bool]:
    return and_(
        outbox.c.tenant_id == mail.tenant_id,
        outbox.c.mail_id == mail.mail_id,
        outbox.c.state == MailState.SENDING,
        outbox.c.attempt == mail.attempt,
    )


def _user(connection: Connection, mail: Mail) -> str | None:
    """Whose deletion it was, by the activity log; None for a whole customer's."""
    request = and_(
        audit_events.c.tenant_id == mail.tenant_id,
        audit_events.c.action == Action.DELETION_REQUESTED,
        audit_events.c.subject_id == mail.scan_id,
    )
    found: str | None = connection.execute(select(audit_events.c.user_object_id).where(request)).scalar()
    return found


def _event(mail: Mail, user_object_id: str | None) -> AuditEvent:
    return AuditEvent(
        mail.changed_at,
        mail.tenant_id,
        SYSTEM,
        Action.DELETION_TOLD,
        Outcome.DONE if mail.state is MailState.SENT else Outcome.FAILED,
        user_object_id=user_object_id,
        subject=Subject("deletion", mail.scan_id),
        details={"mail": mail.mail_id, "state": mail.state, **({"code": mail.code} if mail.code else {})},
    )
