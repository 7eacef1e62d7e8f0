"""Which dead letters are messages of the app."""

import pytest

from collectors.registry import all_queues
from shared.core.messages import (
    DeletionMessage,
    ExportMessage,
    MailMessage,
    Message,
    OperatorJobMessage,
    ScanMessage,
    StepMessage,
)
from shared.messaging.queues import DEAD_LETTERS
from shared.messaging.replayable import message_of

ID = "11111111-1111-4111-8111-111111111111"
MESSAGES: dict[type[Message], Message] = {
    ScanMessage: ScanMessage(tenant_id=ID, scan_id=ID, attempt=3),
    StepMessage: StepMessage(tenant_id=ID, scan_id=ID, step_id=7, attempt=2, faults=1),
    OperatorJobMessage: OperatorJobMessage(tenant_id=ID, job_id=ID),
    DeletionMessage: DeletionMessage(tenant_id=ID, receipt_id=ID),
    ExportMessage: ExportMessage(tenant_id=ID, user_object_id=ID, export_id=ID),
    MailMessage: MailMessage(tenant_id=ID, mail_id=ID),
}


@pytest.mark.parametrize("queue", [queue.name for queue in all_queues() if queue is not DEAD_LETTERS])
def test_every_queue_of_the_app_knows_its_own_message_and_no_other(queue: str) -> None:
    read = [message_of(queue, message.encode()) for message in MESSAGES.values()]
    found = [message for message in read if message is not None]
    assert found == [MESSAGES[type(found[0])]]


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"[]", b'{"tenant_id": "x"}', b"{}" * 20_000])
def test_garbage_is_no_message(body: bytes) -> None:
    assert {message_of(queue.name, body) for queue in all_queues()} == {None}


def test_a_message_with_something_more_in_it_is_not_one_that_we_understand() -> None:
    body = MESSAGES[ScanMessage].encode()[:-1] + b', "token": "secret"}'
    assert message_of("scan-requests", body) is None


def test_an_unknown_queue_has_no_messages() -> None:
    assert message_of("somewhere", MESSAGES[ScanMessage].encode()) is None
