"""The outbox: each mail once, however often it is asked for and whatever fails."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Transaction

from shared.core.mail import Mail, MailKind, MailState, NewMail
from shared.core.models import ScanKey, ScanStatus
from shared.sql.engine import engine
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import CommitUnknown, commit
from shared.sql.ledgers.outbox import DEAD_AFTER, OVERDUE_AFTER, Outbox, enqueue
from shared.sql.scans.scans import Scans
from tests.support.clock import START as NOW
from tests.support.collecting import OTHER_TENANT, PERIOD, TENANT, USER
from tests.support.consented import consented_scan
from tests.support.databases import empty_database

READY = NewMail(MailKind.REPORT_READY, "owner@contoso.example")
NEWS = NewMail(MailKind.NEW_SCAN, "reviewers@caleta.example")
SCAN_ID = str(uuid.uuid4())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


@pytest.fixture
def mail(database: Database, outbox: Outbox) -> Mail:
    """A mail that no one has begun to send."""
    put(database, READY)
    (made,) = outbox.of_scan(ScanKey(TENANT, SCAN_ID))
    return made


def put(database: Database, *mails: NewMail) -> None:
    with database.transaction(TENANT) as connection:
        enqueue(connection, ScanKey(TENANT, SCAN_ID), mails, NOW)


def state(outbox: Outbox) -> MailState:
    (mail,) = outbox.of_scan(ScanKey(TENANT, SCAN_ID))
    return mail.state


def claimed(outbox: Outbox, mail: Mail) -> Mail:
    found = outbox.claim(TENANT, mail.mail_id, NOW)
    assert found is not None
    return found


def test_a_kind_is_written_down_once_for_a_scan(database: Database, outbox: Outbox) -> None:
    put(database, READY, NEWS)
    put(database, READY, NEWS)
    assert [mail.kind for mail in outbox.of_scan(ScanKey(TENANT, SCAN_ID))] == [
        MailKind.NEW_SCAN,
        MailKind.REPORT_READY,
    ]


def test_mails_are_written_with_the_end_of_the_scan_or_not_at_all(database: Database, outbox: Outbox) -> None:
    scans = Scans(database)
    scan = consented_scan(database, TENANT, USER, PERIOD, NOW)
    assert scans.finish(scan.key, ScanStatus.COLLECTED, None, NOW, [READY])
    assert not scans.finish(scan.key, ScanStatus.COLLECTED, None, NOW, [NEWS])
    assert [mail.kind for mail in outbox.of_scan(scan.key)] == [MailKind.REPORT_READY]


def test_only_one_of_many_workers_may_send_it(outbox: Outbox, mail: Mail) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: outbox.claim(TENANT, mail.mail_id, NOW), range(8)))
    assert sum(claim is not None for claim in claims) == 1


@pytest.mark.parametrize("did_happen", [True, False])
def test_a_claim_whose_commit_was_not_answered_is_still_ours(
    outbox: Outbox, mail: Mail, monkeypatch: pytest.MonkeyPatch, did_happen: bool
) -> None:
    def unanswered(transaction: Transaction) -> None:
        monkeypatch.setattr(engine, "commit", commit)
        (commit if did_happen else Transaction.rollback)(transaction)
        raise CommitUnknown("the connection broke")

    monkeypatch.setattr(engine, "commit", unanswered)
    held = outbox.claim(TENANT, mail.mail_id, NOW)
    assert held is not None
    assert (held.state, held.attempt) == (MailState.SENDING, 1)
    assert outbox.claim(TENANT, mail.mail_id, NOW) is None


def test_another_customer_cannot_have_it_sent(outbox: Outbox, mail: Mail) -> None:
    assert outbox.claim(OTHER_TENANT, mail.mail_id, NOW) is None
    assert outbox.of_scan(ScanKey(OTHER_TENANT, SCAN_ID)) == []


@pytest.mark.parametrize("end", [MailState.SENT, MailState.FAILED, MailState.UNCERTAIN])
def test_what_has_ended_is_never_sent_again(outbox: Outbox, mail: Mail, end: MailState) -> None:
    assert outbox.end(claimed(outbox, mail), end, "code", NOW)
    assert outbox.claim(TENANT, mail.mail_id, NOW) is None
    assert outbox.overdue(NOW + timedelta(days=1)) == []
    assert state(outbox) is end


def test_a_mail_that_is_postponed_can_be_sent_later(outbox: Outbox, mail: Mail) -> None:
    later = NOW + timedelta(minutes=3)
    assert outbox.postpone(claimed(outbox, mail), later, "429 Throttled", NOW)
    (waiting,) = outbox.of_scan(ScanKey(TENANT, SCAN_ID))
    assert (waiting.state, waiting.not_before, waiting.code) == (MailState.PENDING, later, "429 Throttled")
    assert claimed(outbox, mail).attempt == 2


def test_who_was_given_up_for_dead_cannot_change_it_any_more(outbox: Outbox, mail: Mail) -> None:
    held = claimed(outbox, mail)
    (given_up,) = outbox.give_up_abandoned(NOW + DEAD_AFTER)
    assert (given_up.state, given_up.code) == (MailState.UNCERTAIN, "WorkerDied")
    assert not outbox.end(held, MailState.SENT, None, NOW)
    assert not outbox.postpone(held, NOW, "503", NOW)
    assert state(outbox) is MailState.UNCERTAIN


def test_a_worker_at_work_is_not_given_up(outbox: Outbox, mail: Mail) -> None:
    claimed(outbox, mail)
    assert outbox.give_up_abandoned(NOW + DEAD_AFTER - timedelta(seconds=1)) == []


def test_a_mail_is_overdue_some_time_after_it_was_due(outbox: Outbox, mail: Mail) -> None:
    assert outbox.overdue(NOW + OVERDUE_AFTER - timedelta(seconds=1)) == []
    assert [one.mail_id for one in outbox.overdue(NOW + OVERDUE_AFTER)] == [mail.mail_id]
    later = NOW + timedelta(hours=1)
    outbox.postpone(claimed(outbox, mail), later, "429", NOW)
    assert outbox.overdue(later) == []
    assert len(outbox.overdue(later + OVERDUE_AFTER)) == 1
