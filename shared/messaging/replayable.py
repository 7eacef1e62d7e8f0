"""Decide which dead letters can be replayed: those whose body is one of our messages (identifiers only)."""

from shared.core.errors import BadMessage
from shared.core.messages import (
    DeletionMessage,
    ExportMessage,
    MailMessage,
    Message,
    OperatorJobMessage,
    ScanMessage,
    StepMessage,
)
from shared.messaging.queues import (
    COLLECT_PREFIX,
    DELETIONS,
    DRAFT_FINDINGS,
    EXPORTS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    SEND_MAIL,
)

KINDS: dict[str, type[Message]] = {
    SCAN_REQUESTS.name: ScanMessage,
    SCAN_FINISHES.name: ScanMessage,
    DRAFT_FINDINGS.name: ScanMessage,
    OPERATOR_JOBS.name: OperatorJobMessage,
    DELETIONS.name: DeletionMessage,
    SEND_MAIL.name: MailMessage,
    EXPORTS.name: ExportMessage,
}
"""The message type of each queue; collectors' queues carry StepMessages."""


def message_of(queue: str, body: bytes) -> Message | None:
    """Parse a message of this queue; return None if it is not in a known format."""
    kind = StepMessage if queue.startswith(COLLECT_PREFIX) else KINDS.get(queue)
    try:
        return kind.decode(body) if kind else None
    except BadMessage:
        return None
