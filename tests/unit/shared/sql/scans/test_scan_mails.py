"""Mails about scans that have long ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.mail import MailKind, MailState, NewMail
from shared.core.models import Scan, ScanKey
from shared.sql.engine.engine import Database
from shared.sql.ledgers.outbox import Outbox
from shared.sql.scans.scans import ScanMails
from tests.support.clock import START as NOW
from tests.support.collecting import OTHER_TENANT, PERIOD, TENANT, USER
from tests.support.consented import consented_scan
from tests.support.databases import empty_database

REMINDER = NewMail(MailKind.REVIEW_DUE, "rita@caleta.example")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


@pytest.fixture
def scan(database: Database) -> Scan:
    return consented_scan(database, TENANT, USER, PERIOD, NOW)


def test_a_kind_is_written_once_for_a_scan_whatever_its_recipient(database: Database, scan: Scan) -> None:
    other = NewMail(MailKind.REVIEW_DUE, "reviewers@caleta.example")
    for mail in (REMINDER, REMINDER, other):
        assert ScanMails(database).write(scan.key, mail, NOW)
    (kept,) = Outbox(database).of_scan(scan.key)
    assert (kept.recipient, kept.state) == (REMINDER.recipient, MailState.PENDING)


def test_a_deleted_scan_or_another_customers_gets_none(database: Database, scan: Scan) -> None:
    assert not ScanMails(database).write(ScanKey(OTHER_TENANT, scan.scan_id), REMINDER, NOW)
    assert Outbox(database).of_scan(ScanKey(OTHER_TENANT, scan.scan_id)) == []
