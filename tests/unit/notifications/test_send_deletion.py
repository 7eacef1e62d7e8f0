"""The mail about a deletion: its letter is made of the receipt, and its address goes with it."""

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


class Gone(Surroundings):
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

    def told(self) -> list[Outcome]:
        entries = AuditLog(self.database).of_customer(TENANT)
        return [entry.outcome for entry in entries if entry.action is Action.DELETION_TOLD]


@pytest.fixture
def gone(tmp_path: Path) -> Iterator[Gone]:
    made = Gone(tmp_path)
    yield made
    made.database.dispose()


def test_it_goes_once_to_the_address_that_was_deleted_and_then_that_is_gone_too(gone: Gone) -> None:
    (message,) = gone.messages
    for _ in range(3):
        send(gone, message.body)
    assert gone.graph.taken == [(OWNER, "Your data has been deleted")]
    assert not gone.is_address_kept
    assert gone.told() == [Outcome.DONE]


def test_one_that_was_put_off_keeps_the_address_until_it_has_gone(gone: Gone) -> None:
    gone.graph.mishaps = [MailDelayed("429 ApplicationThrottled", 300)]
    send(gone, gone.messages[0].body)
    assert gone.is_address_kept
    gone.time.sleep(300)
    send(gone, gone.messages[1].body)
    assert (len(gone.graph.taken), gone.is_address_kept) == (1, False)


@pytest.mark.parametrize("mishap", [MailRefused("403 ErrorAccessDenied"), MailUncertain("ReadTimeout")])
def test_one_that_fails_is_not_repeated_and_keeps_no_address(
    gone: Gone, mishap: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    gone.graph.mishaps = [mishap]
    send(gone, gone.messages[0].body)
    gone.time.sleep(86_400)
    assert sweep(gone) == 0
    assert (gone.graph.taken, gone.is_address_kept, gone.told()) == ([], False, [Outcome.FAILED])
    assert "alert=mail-" in caplog.text
    assert gone.deletion.receipt_id in caplog.text
    assert OWNER not in caplog.text


def test_one_that_never_gets_through_ends_some_time_and_keeps_no_address(gone: Gone) -> None:
    gone.graph.mishaps = [MailDelayed("503 unknown") for _ in range(MAX_ATTEMPTS)]
    for number in range(MAX_ATTEMPTS):
        message = gone.messages[number]
        gone.time.moment = max(gone.time.now(), message.scheduled_for or gone.time.now())
        send(gone, message.body)
    assert (gone.is_address_kept, gone.told()) == (False, [Outcome.FAILED])


def test_one_whose_message_was_lost_is_asked_for_again(gone: Gone) -> None:
    gone.time.sleep(OVERDUE_AFTER.total_seconds())
    assert sweep(gone) == 1
    send(gone, gone.messages[1].body)
    assert len(gone.graph.taken) == 1
