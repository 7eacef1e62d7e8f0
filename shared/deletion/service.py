"""Deleting a customer's data, whoever asks: at once as far as the time allows, then by messages, then by the night.

What is left undone by a process that dies is found on the ledger by the nightly purge.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from shared.core.audit import Action, Actor, ActorKind, AuditEvent
from shared.core.deletions import Deletion, DeletionReason, DeletionScope
from shared.core.messages import DeletionMessage
from shared.core.models import Session
from shared.deletion.log import DeletionLog
from shared.mail.scan_mails import queue_mails
from shared.messaging.queues import DELETIONS, OutgoingMessage
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.deletion.deletions import Wish
from shared.wiring import Services

PAGE_SECONDS = 20
"""How long a person is kept waiting; Azure's front end would give up after 230 seconds."""

MESSAGE_SECONDS = 240
"""How long one message is worked on: less than a lock lasts even if it is never renewed."""

ON_THE_PAGE = "Asked for on the page “Your data”."

log = logging.getLogger("caleta.deletions")


def delete_scan(services: Services, session: Session, actor: Actor, scan_id: str) -> Deletion:
    """Deletes one scan of the user's with all that came of it."""
    event = _asked(services, session.tenant_id, actor, ON_THE_PAGE, session.user_object_id)
    wish = Wish(
        session.tenant_id,
        DeletionScope.SCAN,
        DeletionReason.CUSTOMER,
        event,
        user_object_id=session.user_object_id,
        scan_id=scan_id,
    )
    return work_on(services, services.deletions.ask(wish), PAGE_SECONDS)


def delete_findings(services: Services, session: Session, actor: Actor, scan_id: str) -> Deletion:
    """Deletes what was written about one scan of the user's; the scan and its report stay."""
    event = _asked(services, session.tenant_id, actor, ON_THE_PAGE, session.user_object_id)
    wish = Wish(
        session.tenant_id,
        DeletionScope.FINDINGS,
        DeletionReason.CUSTOMER,
        event,
        user_object_id=session.user_object_id,
        scan_id=scan_id,
    )
    return work_on(services, services.deletions.ask(wish), PAGE_SECONDS)


def delete_user(services: Services, session: Session, actor: Actor) -> Deletion:
    """Deletes all that is kept of one user: scans, consent, sessions. They are told when it is done."""
    return _delete_people(services, Whose(session.tenant_id, session.user_object_id), actor, ON_THE_PAGE)


@dataclass(frozen=True)
class Whose:
    """Whose data is meant: one user's, or with None the whole customer's."""

    tenant_id: str
    user_object_id: str | None = None


def delete_customer(
    services: Services, whose: Whose, actor: Actor, why: str, *, findings_only: bool = False
) -> Deletion:
    """Deletes on request by mail, for an operator; `why` goes on record. Whom it concerns is told when it is done."""
    return _delete_people(services, whose, actor, why, findings_only=findings_only)


def _delete_people(
    services: Services, whose: Whose, actor: Actor, why: str, *, findings_only: bool = False
) -> Deletion:
    users = [whose.user_object_id] if whose.user_object_id else services.connections.users(whose.tenant_id)
    everything = DeletionScope.USER if whose.user_object_id else DeletionScope.CUSTOMER
    wish = Wish(
        whose.tenant_id,
        DeletionScope.FINDINGS if findings_only else everything,
        DeletionReason.OPERATOR if actor.kind is ActorKind.OPERATOR else DeletionReason.CUSTOMER,
        _asked(services, whose.tenant_id, actor, why, whose.user_object_id),
        user_object_id=whose.user_object_id,
        is_told=bool(services.settings.mail_sender),
    )
    deletion = services.deletions.ask(wish)
    if not findings_only:
        _sign_out(services, whose.tenant_id, users)
    return work_on(services, deletion, PAGE_SECONDS)


def work_on(services: Services, deletion: Deletion, seconds: float) -> Deletion:
    """Deletes for so long; what is left goes on by a message. The deletion as it stands then."""
    current = work_off(services, deletion, seconds)
    if not current.is_done:
        _send(services, current)
    return current


def work_off(services: Services, deletion: Deletion, seconds: float) -> Deletion:
    """Deletes for so long, or until nothing is left. The deletion as it stands then."""
    DeletionLog(services.tables).keep(deletion)
    store = services.deletions
    ends = services.clock.now() + timedelta(seconds=seconds)
    while store.work(deletion, services.clock.now()) and services.clock.now() < ends:
        pass
    current = store.get(deletion.receipt_id) or deletion
    if current.is_done and services.settings.mail_sender:
        queue_mails(services.database, services.queues, current.tenant_id, current.receipt_id)
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


def go_on(services: Services, body: bytes) -> None:
    """Goes on with a deletion for one message. Raises BadMessage."""
    message = DeletionMessage.decode(body)
    deletion = services.deletions.get(message.receipt_id)
    if deletion is None or deletion.tenant_id != message.tenant_id or deletion.is_done:
        log_event(log, Event.DELETION_SKIPPED, receipt=message.receipt_id)
        return
    work_on(services, deletion, MESSAGE_SECONDS)


def _asked(services: Services, tenant_id: str, actor: Actor, why: str, user_object_id: str | None) -> AuditEvent:
    return AuditEvent(
        services.clock.now(),
        tenant_id,
        actor,
        Action.DELETION_REQUESTED,
        user_object_id=user_object_id,
        reason=why,
    )


def _sign_out(services: Services, tenant_id: str, users: list[str]) -> None:
    for user_object_id in users:
        services.tokens.forget(tenant_id, user_object_id)
        services.sessions.revoke_all(tenant_id, user_object_id)


def _send(services: Services, deletion: Deletion) -> None:
    """Each message of a deletion has its own number: the rows deleted so far only grow."""
    body = DeletionMessage(tenant_id=deletion.tenant_id, receipt_id=deletion.receipt_id).encode()
    services.queues.send(DELETIONS.name, [OutgoingMessage(body, f"{deletion.receipt_id}:{deletion.rows}")])
