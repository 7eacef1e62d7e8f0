"""A mail's message: sent once, or seen to have failed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.send import MAX_ATTEMPTS, send
from notifications.sweep import sweep
from shared.core.errors import BadMessage, CaletaError
from shared.core.mail import Mail, MailKind, MailState, NewMail
from shared.core.models import ScanKey, ScanStatus
from shared.mail.content import MailContent
from shared.mail.graph import GraphMail, MailDelayed, MailRefused, MailUncertain
from shared.mail.scan_mails import mail_message, queue_mails
from shared.messaging.queues import OutgoingMessage
from shared.sql.ledgers.outbox import DEAD_AFTER, OVERDUE_AFTER, Outbox
from shared.sql.scans.scans import Scans
from tests.support.collecting import PERIOD, TENANT, USER, Surroundings
from tests.support.consented import consented_scan

OWNER = "owner@contoso.example"


class ScriptedMail(GraphMail):
    """Takes every mail, after it has raised what the test wants."""

    def __init__(self) -> None:
        self.mishaps: list[BaseException] = []
        self.taken: list[tuple[str, str]] = []

    def send(self, content: MailContent, recipient: str, request_id: str) -> None:  # noqa: ARG002
        if self.mishaps:
            raise self.mishaps.pop(0)
        self.taken.append((recipient, content.subject))


class Post(Surroundings):
    """A scan that has just ended, its mail in the outbox."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.graph = ScriptedMail()
        self.mail = self.graph
        scan = consented_scan(self.database, TENANT, USER, PERIOD, self.time.now())
        self.scan_id = scan.scan_id
        mails = [NewMail(MailKind.REPORT_READY, OWNER)]
        Scans(self.database).finish(scan.key, ScanStatus.COLLECTED, None, self.time.now(), mails)
        queue_mails(self.database, self.queues, scan.key)

    @property
    def stored(self) -> Mail:
        (mail,) = Outbox(self.database).of_scan(ScanKey(TENANT, self.scan_id))
        return mail

    @property
    def messages(self) -> list[OutgoingMessage]:
        return [message for queue, message in self.outbox.sent if queue == "send-mail"]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path)
    yield made
    made.database.dispose()


def test_a_mail_is_sent_once_however_often_its_message_comes(post: Post) -> None:
    (message,) = post.messages
    for _ in range(3):
        send(post, message.body)
    assert post.graph.taken == [(OWNER, "Your Azure cost report is ready")]
    assert post.stored.state is MailState.SENT


def test_a_mail_that_is_announced_twice_has_one_message_id(post: Post) -> None:
    queue_mails(post.database, post.queues, ScanKey(TENANT, post.scan_id))
    assert len({message.message_id for message in post.messages}) == 1


def test_a_sent_mail_is_not_sent_again(post: Post) -> None:
    send(post, post.messages[0].body)
    queue_mails(post.database, post.queues, ScanKey(TENANT, post.scan_id))
    assert len(post.messages) == 1


def test_a_delayed_mail_comes_back_when_graph_says_and_is_sent_then(post: Post) -> None:
    post.graph.mishaps = [MailDelayed("429 ApplicationThrottled", 300)]
    send(post, post.messages[0].body)
    first, second = post.messages
    assert second.scheduled_for == post.time.now() + timedelta(seconds=300)
    assert first.message_id != second.message_id
    post.time.sleep(300)
    send(post, second.body)
    assert (post.stored.state, post.stored.attempt, len(post.graph.taken)) == (MailState.SENT, 2, 1)


def test_a_mail_that_is_delayed_for_ever_fails_and_calls_an_operator(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.graph.mishaps = [MailDelayed("503 unknown") for _ in range(MAX_ATTEMPTS)]
    began = post.time.now()
    for number in range(MAX_ATTEMPTS):
        message = post.messages[number]
        post.time.moment = max(post.time.now(), message.scheduled_for or began)
        send(post, message.body)
    assert (post.stored.state, len(post.messages)) == (MailState.FAILED, MAX_ATTEMPTS)
    assert post.time.now() - began > timedelta(hours=2), "long enough for a new permission to be in force"
    assert "alert=mail-failed" in caplog.text


@pytest.mark.parametrize(
    ("mishap", "state"),
    [
        (MailRefused("403 ErrorAccessDenied"), MailState.FAILED),
        (MailUncertain("ReadTimeout"), MailState.UNCERTAIN),
    ],
)
def test_what_cannot_be_repeated_ends_and_calls_an_operator(
    post: Post, mishap: CaletaError, state: MailState, caplog: pytest.LogCaptureFixture
) -> None:
    post.graph.mishaps = [mishap]
    send(post, post.messages[0].body)
    send(post, post.messages[0].body)
    post.time.sleep(86_400)
    assert sweep(post) == 0
    assert (post.stored.state, post.graph.taken) == (state, [])
    assert f"alert=mail-{state}" in caplog.text
    assert OWNER not in caplog.text


def test_a_worker_that_dies_in_the_call_leaves_an_uncertain_mail(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.graph.mishaps = [SystemExit()]
    with pytest.raises(SystemExit):
        send(post, post.messages[0].body)
    before = post.stored
    post.time.sleep(DEAD_AFTER.total_seconds())
    assert sweep(post) == 1
    assert (before.state, post.stored.state) == (MailState.SENDING, MailState.UNCERTAIN)
    assert "alert=mail-uncertain" in caplog.text
    send(post, post.messages[0].body)
    assert post.graph.taken == []


def test_a_message_that_was_lost_is_sent_again(post: Post) -> None:
    assert sweep(post) == 0
    post.time.sleep(OVERDUE_AFTER.total_seconds())
    assert sweep(post) == 1
    assert sweep(post) == 1
    lost, again, and_again = post.messages
    assert lost.message_id != again.message_id == and_again.message_id
    send(post, again.body)
    assert len(post.graph.taken) == 1


def test_a_mail_about_a_scan_that_was_deleted_does_not_go(post: Post) -> None:
    message = mail_message(replace(post.stored, mail_id="6a1d0a3e-0000-4000-8000-000000000001"))
    send(post, message.body)
    assert post.graph.taken == []


@pytest.mark.parametrize("body", [b"", b"{}", b'{"tenant_id": "x", "mail_id": "y"}'])
def test_a_body_that_is_no_message_is_a_bad_message(post: Post, body: bytes) -> None:
    with pytest.raises(BadMessage, match="MailMessage"):
        send(post, body)
