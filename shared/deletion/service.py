"""Delete a customer's data: as much as fits into the request, then by queue messages, then by the nightly purge.

The nightly purge finds in the ledger what a crashed process left undone.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.audit import Action, Actor, ActorKind, AuditEvent
from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.core.messages import DeletionMessage
from shared.core.models import ScanKey, Session
from shared.deletion.log import DeletionLog
from shared.mail.scan_mails import queue_mails
from shared.messaging.queues import DELETIONS, OutgoingMessage, QueueSender
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.deletion.deletions import DeletionRequest
from shared.wiring import Services

PAGE_SECONDS = 20
"""How long the user waits for the page; Azure's front end gives up after 230 seconds."""

MESSAGE_SECONDS = 240
"""Time limit of one message: shorter than its lock, even if the lock is never renewed."""

ON_THE_PAGE = "Requested on the page “Your data”."

log = logging.getLogger("caleta.deletions")


def delete_scan(services: Services, session: Session, actor: Actor, scan_id: str) -> Deletion:
    """Delete one of the user's scans with its findings."""
    return _delete_of_scan(services, session, actor, scan_id, DeletionScope.SCAN)


def delete_findings(services: Services, session: Session, actor: Actor, scan_id: str) -> Deletion:
    """Delete the findings of one of the user's scans; the scan and its report stay."""
    return _delete_of_scan(services, session, actor, scan_id, DeletionScope.FINDINGS)


def _delete_of_scan(services: Services, session: Session, actor: Actor, scan_id: str, scope: DeletionScope) -> Deletion:
    event = _request_event(services.clock.now(), session.tenant_id, actor, ON_THE_PAGE, session.user_object_id)
    request = DeletionRequest(
        session.tenant_id,
        scope,
        DeletionReason.CUSTOMER,
        event,
        user_object_id=session.user_object_id,
        scan_id=scan_id,
    )
    deletion = services.deletions.ask(request)
    services.exports.delete_of_user(session.tenant_id, session.user_object_id)
    return run_and_requeue(services, deletion, PAGE_SECONDS)


def delete_user(services: Services, session: Session, actor: Actor) -> Deletion:
    """Delete everything stored about one user: scans, consent, sessions. The user is notified when it is done."""
    return _delete_subject(services, DeletionSubject(session.tenant_id, session.user_object_id), actor, ON_THE_PAGE)


@dataclass(frozen=True)
class DeletionSubject:
    """Whose data to delete: one user's, or the whole customer's if `user_object_id` is None."""

    tenant_id: str
    user_object_id: str | None = None


def delete_customer(
    services: Services, subject: DeletionSubject, actor: Actor, why: str, *, findings_only: bool = False
) -> Deletion:
    """Delete on behalf of an operator; `why` is recorded. The users concerned are notified when it is done."""
    return _delete_subject(services, subject, actor, why, findings_only=findings_only)


def _delete_subject(
    services: Services, subject: DeletionSubject, actor: Actor, why: str, *, findings_only: bool = False
) -> Deletion:
    users = [subject.user_object_id] if subject.user_object_id else services.connections.users(subject.tenant_id)
    everything = DeletionScope.USER if subject.user_object_id else DeletionScope.CUSTOMER
    request = DeletionRequest(
        subject.tenant_id,
        DeletionScope.FINDINGS if findings_only else everything,
        DeletionReason.OPERATOR if actor.kind is ActorKind.OPERATOR else DeletionReason.CUSTOMER,
        _request_event(services.clock.now(), subject.tenant_id, actor, why, subject.user_object_id),
        user_object_id=subject.user_object_id,
        notify=bool(services.settings.mail_sender),
    )
    deletion = services.deletions.ask(request)
    _delete_exports(services, subject, users)
    if not findings_only:
        _end_access(services, subject.tenant_id, users)
    return run_and_requeue(services, deletion, PAGE_SECONDS)


def _delete_exports(services: Services, subject: DeletionSubject, users: list[str]) -> None:
    """Delete every built file: each may contain what is deleted, and can be built again from what is left."""
    if subject.user_object_id:
        services.exports.delete_of_user(subject.tenant_id, subject.user_object_id)
    else:
        services.exports.delete_of_users(subject.tenant_id, users)


def run_and_requeue(services: Services, deletion: Deletion, seconds: float) -> Deletion:
    """Run the deletion for up to `seconds` and queue a message for the rest. Return its state."""
    current = run_deletion(services, deletion, seconds)
    if not current.is_done:
        _requeue(services.queues, current)
    return current


def run_deletion(services: Services, deletion: Deletion, seconds: float) -> Deletion:
    """Run the deletion for up to `seconds` or to its end. Return its state."""
    DeletionLog(services.tables).keep(deletion)
    store = services.deletions
    ends = services.clock.now() + timedelta(seconds=seconds)
    while store.work(deletion, services.clock.now()) and services.clock.now() < ends:
        pass
    current = store.current(deletion)
    if current.is_done and services.settings.mail_sender:
        queue_mails(services.database, services.queues, ScanKey(current.tenant_id, current.receipt_id))
    log_event(
        log,
        Event.DELETION_WORKED,
        current.reason.name,
        state=current.state,
        receipt=current.receipt_id,
        tenant=current.tenant_id,
        scope=current.scope,
        rows=current.rows,
    )
    return current


def continue_deletion(services: Services, body: bytes) -> None:
    """Continue a deletion for one message. Raises BadMessage."""
    message = DeletionMessage.decode(body)
    deletion = services.deletions.get(message.receipt_id)
    if deletion is None or deletion.tenant_id != message.tenant_id:
        log_event(log, Event.DELETION_SKIPPED, receipt=message.receipt_id)
        return
    run_and_requeue(services, deletion, MESSAGE_SECONDS)


def _request_event(now: datetime, tenant_id: str, actor: Actor, why: str, user_object_id: str | None) -> AuditEvent:
    return AuditEvent(
        now,
        tenant_id,
        actor,
        Action.DELETION_REQUESTED,
        user_object_id=user_object_id,
        reason=why,
    )


def _end_access(services: Services, tenant_id: str, users: list[str]) -> None:
    for user_object_id in users:
        services.tokens.forget(tenant_id, user_object_id)
        services.sessions.revoke_all(tenant_id, user_object_id)
        services.api_tokens.revoke_all(tenant_id, user_object_id)
        services.mail_confirmations.forget(tenant_id, user_object_id)


def _requeue(queues: QueueSender, deletion: Deletion) -> None:
    """Queue the next message. The rows deleted so far make its id unique: they only grow."""
    rows = deletion.rows
    body = DeletionMessage(tenant_id=deletion.tenant_id, receipt_id=deletion.receipt_id, progress=(rows,))
    queues.send(DELETIONS.name, [OutgoingMessage(body.encode(), f"{deletion.receipt_id}:{rows}")])
