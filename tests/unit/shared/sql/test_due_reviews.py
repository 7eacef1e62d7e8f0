"""Reviews that are due soon: each reminded of once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.audit import Action, AuditEvent, operator
from shared.core.mail import Mail, MailKind
from shared.core.models import Scan, ScanStatus
from shared.core.operators import Operator, Role
from shared.sql.due_reviews import DueReviews
from shared.sql.engine import Database
from shared.sql.known_operators import Reviewer
from shared.sql.outbox import Outbox
from shared.sql.reviews import Reviews
from shared.sql.scans import Scans
from tests.clock import START as NOW
from tests.collecting import OTHER_TENANT, PERIOD, TENANT, USER
from tests.databases import empty_database

RITA = operator("77777777-7777-4777-8777-777777777777", "rita@caleta.example")
TEAM = "reviewers@caleta.example"
HOUR = timedelta(hours=1)
SOON = NOW + 20 * HOUR


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(tmp_path / "caleta.sqlite")
    yield made
    made.dispose()


@pytest.fixture
def reminders(database: Database) -> DueReviews:
    return DueReviews(database)


def scanned(database: Database, status: ScanStatus = ScanStatus.COLLECTED, tenant_id: str = TENANT) -> Scan:
    scan = Scans(database).create(tenant_id, USER, PERIOD, NOW - HOUR)
    Scans(database).finish(tenant_id, scan.scan_id, status, None, NOW)
    return scan


def take(database: Database, scan: Scan, name: str = "rita@caleta.example") -> None:
    event = AuditEvent(NOW, scan.tenant_id, RITA, Action.REVIEW_TAKEN)
    to = Reviewer(str(RITA.object_id), name)
    assert Reviews(database).assign(scan.tenant_id, scan.scan_id, owner=None, to=to, at=NOW, event=event)


def mails(database: Database, scan: Scan) -> list[Mail]:
    return Outbox(database).of_scan(scan.tenant_id, scan.scan_id)


def test_it_is_due_soon_in_its_last_four_hours_and_at_no_other_time(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    assert reminders.find(SOON - timedelta(seconds=1)) == []
    for moment in (SOON, NOW + 24 * HOUR - timedelta(seconds=1)):
        assert [due.scan_id for due in reminders.find(moment)] == [scan.scan_id]
    assert reminders.find(NOW + 24 * HOUR) == []


@pytest.mark.parametrize("status", [ScanStatus.FAILED, ScanStatus.BLOCKED, ScanStatus.CANCELLED])
def test_a_scan_without_data_has_no_review(database: Database, reminders: DueReviews, status: ScanStatus) -> None:
    scanned(database, status)
    assert reminders.find(SOON) == []


def test_a_published_review_is_not_due_any_more(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    who = Operator(str(RITA.object_id), "rita@caleta.example", frozenset({Role.REVIEWER}), NOW, NOW + HOUR)
    event = AuditEvent(NOW, TENANT, RITA, Action.FINDINGS_PUBLISHED)
    assert Reviews(database).publish(TENANT, scan.scan_id, who, NOW, event)
    assert reminders.find(SOON) == []


def test_the_owner_is_reminded_and_nobody_else(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    take(database, scan)
    (due,) = reminders.find(SOON)
    assert reminders.remind(due, TEAM, SOON)
    (mail,) = mails(database, scan)
    assert (mail.kind, mail.recipient) == (MailKind.REVIEW_DUE, "rita@caleta.example")


@pytest.mark.parametrize("owner", [None, "a name that is no address"])
def test_without_an_owner_to_write_to_everybody_is_reminded(
    database: Database, reminders: DueReviews, owner: str | None
) -> None:
    scan = scanned(database)
    if owner:
        take(database, scan, owner)
    (due,) = reminders.find(SOON)
    assert reminders.remind(due, TEAM, SOON)
    assert mails(database, scan)[0].recipient == TEAM


def test_where_nobody_can_be_written_to_nothing_is_written(database: Database, reminders: DueReviews) -> None:
    scan = scanned(database)
    (due,) = reminders.find(SOON)
    assert not reminders.remind(due, "", SOON)
    assert mails(database, scan) == []


def test_a_scan_is_reminded_of_once_whoever_has_it_later(database: Database, reminders: DueReviews) -> None:
    scan, other = scanned(database), scanned(database, tenant_id=OTHER_TENANT)
    for due in reminders.find(SOON):
        reminders.remind(due, TEAM, SOON)
        reminders.remind(due, "another@caleta.example", SOON)
    take(database, scan)
    assert reminders.find(SOON + HOUR) == []
    assert (len(mails(database, scan)), len(mails(database, other))) == (1, 1)


def test_a_scan_that_was_deleted_meanwhile_gets_no_mail(database: Database, reminders: DueReviews) -> None:
    scanned(database)
    (due,) = reminders.find(SOON)
    gone = due.__class__(OTHER_TENANT, due.scan_id, None)
    assert not reminders.remind(gone, TEAM, SOON)
