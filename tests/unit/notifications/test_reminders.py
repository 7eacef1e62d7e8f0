"""The reminder that a review is due soon: written, on its way, once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notifications.reminders import remind
from notifications.send import send
from shared.core.audit import Action, AuditEvent, operator
from shared.core.mail import MailKind, MailState
from shared.core.models import ScanKey, ScanStatus
from shared.sql.ledgers.outbox import Outbox
from shared.sql.reviews.operators import Reviewer
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.scans import Scans
from tests.support.collecting import PERIOD, TENANT
from tests.support.consented import consented_scan
from tests.unit.notifications.test_send import Post

TEAM = "reviewers@caleta.example"
ANOTHER_USER = "55555555-5555-4555-8555-555555555555"
TWENTY_HOURS = 20 * 3600


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path)
    made.settings = replace(made.settings, mail_sender="reviews@caleta.example", reviewers_email=TEAM)
    made.time.sleep(TWENTY_HOURS)
    yield made
    made.database.dispose()


def states(post: Post) -> dict[MailKind, MailState]:
    return {mail.kind: mail.state for mail in Outbox(post.database).of_scan(ScanKey(TENANT, post.scan_id))}


def test_a_review_that_is_due_soon_is_reminded_of_once_however_often_the_timer_runs(post: Post) -> None:
    assert [remind(post), remind(post), remind(post)] == [1, 0, 0]
    for message in {message.message_id: message for message in post.messages}.values():
        send(post, message.body)
    reminders = [mail for mail in post.graph.taken if mail[0] == TEAM]
    assert len(reminders) == 1
    assert reminders[0][1].startswith("A review is due by ")
    assert states(post)[MailKind.REVIEW_DUE] is MailState.SENT


def test_without_our_mailbox_no_reminder_is_sent(post: Post) -> None:
    post.settings = replace(post.settings, mail_sender="")
    assert remind(post) == 0
    assert MailKind.REVIEW_DUE not in states(post)


def test_each_scan_has_a_reminder_of_its_own(post: Post) -> None:
    scan = consented_scan(post.database, TENANT, ANOTHER_USER, PERIOD, post.time.now())
    Scans(post.database).finish(scan.key, ScanStatus.COLLECTED, None, post.time.now())
    assert remind(post) == 1
    post.time.sleep(TWENTY_HOURS)
    assert remind(post) == 1


def take(post: Post, name: str) -> None:
    rita = operator("77777777-7777-4777-8777-777777777777", name)
    event = AuditEvent(post.time.now(), TENANT, rita, Action.REVIEW_CLAIMED)
    to = Reviewer(str(rita.object_id), name)
    assert Reviews(post.database).assign(
        ScanKey(TENANT, post.scan_id), owner=None, to=to, at=post.time.now(), event=event
    )


@pytest.mark.parametrize(
    ("owner", "recipient"),
    [("rita@caleta.example", "rita@caleta.example"), ("no address", TEAM), (None, TEAM)],
)
def test_the_owner_is_reminded_or_else_everybody(post: Post, owner: str | None, recipient: str) -> None:
    if owner:
        take(post, owner)
    assert remind(post) == 1
    mails = {mail.kind: mail.recipient for mail in Outbox(post.database).of_scan(ScanKey(TENANT, post.scan_id))}
    assert mails[MailKind.REVIEW_DUE] == recipient


def test_without_an_address_nothing_is_written(post: Post) -> None:
    post.settings = replace(post.settings, reviewers_email="")
    assert remind(post) == 0
    assert MailKind.REVIEW_DUE not in states(post)
