"""The mail about a deletion: its letter is made of the receipt, and its address is deleted with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notifications.send import MAX_ATTEMPTS, send
from notifications.sweep import sweep
from shared.core.audit import Action, Outcome, operator
from shared.core.models import ScanKey, ScanStatus
from shared.deletion.service import DeletionSubject, delete_customer
from shared.mail.graph import MailDelayed, MailRefused, MailUncertain
from shared.messaging.queues import SEND_MAIL, OutgoingMessage
from shared.sql.ledgers.audit import AuditLog
from shared.sql.ledgers.outbox import OVERDUE_AFTER, Outbox
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from tests.support.collecting import PERIOD, TENANT, USER, Surroundings
from tests.unit.notifications.test_send import OWNER, ScriptedMail

RITA = operator("77777777-7777-4777-8777-777777777777", "rita@caleta.example")


class DeletedUser(Surroundings):
    """A customer whose data has just been deleted on request."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.settings = replace(self.settings, mail_sender="reviews@caleta.example")
        self.graph = ScriptedMail()
        self.mail = self.graph
        Connections(self.database).save(TENANT, USER, OWNER, b"token", self.time.now())
        scan = Scans(self.database).create(TENANT, USER, PERIOD, self.time.now())
        Scans(self.database).finish(scan.key, ScanStatus.COLLECTED, None, self.time.now())
        self.time.sleep(60)
        self.deletion = delete_customer(self, DeletionSubject(TENANT), RITA, "Their mail.")

    @property
    def messages(self) -> list[OutgoingMessage]:
        return self.outbox.of(SEND_MAIL.name)

    @property
    def is_address_kept(self) -> bool:
        return bool(Outbox(self.database).of_scan(ScanKey(TENANT, self.deletion.receipt_id)))

    def outcomes(self) -> list[Outcome]:
        entries = AuditLog(self.database).of_customer(TENANT)
        return [entry.outcome for entry in entries if entry.action is Action.DELETION_TOLD]


@pytest.fixture
def deleted(tmp_path: Path) -> Iterator[DeletedUser]:
    made = DeletedUser(tmp_path)
    yield made
    made.database.dispose()


def test_it_is_sent_once_to_the_deleted_users_address_which_is_deleted_then(deleted: DeletedUser) -> None:
    (message,) = deleted.messages
    for _ in range(3):
        send(deleted, message.body)
    assert deleted.graph.taken == [(OWNER, "Your data has been deleted")]
    assert not deleted.is_address_kept
    assert deleted.outcomes() == [Outcome.DONE]


def test_a_delayed_mail_keeps_the_address_until_it_was_sent(deleted: DeletedUser) -> None:
    deleted.graph.mishaps = [MailDelayed("429 ApplicationThrottled", 300)]
    send(deleted, deleted.messages[0].body)
    assert deleted.is_address_kept
    deleted.time.sleep(300)
    send(deleted, deleted.messages[1].body)
    assert (len(deleted.graph.taken), deleted.is_address_kept) == (1, False)


@pytest.mark.parametrize("mishap", [MailRefused("403 ErrorAccessDenied"), MailUncertain("ReadTimeout")])
def test_one_that_fails_is_not_repeated_and_keeps_no_address(
    deleted: DeletedUser, mishap: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    deleted.graph.mishaps = [mishap]
    send(deleted, deleted.messages[0].body)
    deleted.time.sleep(86_400)
    assert sweep(deleted) == 0
    assert (deleted.graph.taken, deleted.is_address_kept, deleted.outcomes()) == ([], False, [Outcome.FAILED])
    assert "alert=mail-" in caplog.text
    assert deleted.deletion.receipt_id in caplog.text
    assert OWNER not in caplog.text


def test_one_that_never_gets_through_ends_some_time_and_keeps_no_address(deleted: DeletedUser) -> None:
    deleted.graph.mishaps = [MailDelayed("503 unknown") for _ in range(MAX_ATTEMPTS)]
    for number in range(MAX_ATTEMPTS):
        message = deleted.messages[number]
        deleted.time.moment = max(deleted.time.now(), message.scheduled_for or deleted.time.now())
        send(deleted, message.body)
    assert (deleted.is_address_kept, deleted.outcomes()) == (False, [Outcome.FAILED])


def test_one_whose_message_was_lost_is_asked_for_again(deleted: DeletedUser) -> None:
    deleted.time.sleep(OVERDUE_AFTER.total_seconds())
    assert sweep(deleted) == 1
    send(deleted, deleted.messages[1].body)
    assert len(deleted.graph.taken) == 1
